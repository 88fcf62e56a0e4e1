import { ref, TerraformOutput, Token } from 'cdktf';
import { shellPolicy, tunnelPolicy } from '../../../modules/client-host/session-policy';
import { policiesAllow } from '../../support/iam';
import { synthesiseAlone, type JsonObject } from '../../support/synthesised-stack';

const ACCOUNT = '123456789012';
const HOST = `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/i-1`;

const { output } = synthesiseAlone((stack) => {
  // The ARN of the host is known only during the apply.
  const target = { hostArn: Token.asString(ref('aws_instance.host.arn')), region: 'eu-central-1' };
  new TerraformOutput(stack, 'shell', { value: shellPolicy(target) });
  new TerraformOutput(stack, 'tunnel', { value: tunnelPolicy(target) });
}).json as { output: Record<string, { value: string }> };

/** Returns a policy as Terraform writes it, with its expressions evaluated. */
const policyOf = (name: string): string =>
  (output[name]?.value ?? '')
    .replace(/(?<!\$)\$\{element\(split\(":", aws_instance\.host\.arn\), (\d)\)\}/g, (_, part: string) =>
      String(HOST.split(':')[Number(part)]),
    )
    .replaceAll('${aws_instance.host.arn}', HOST)
    .replaceAll('$${', '${');

const statementsIn = (name: string): JsonObject[] => (JSON.parse(policyOf(name)) as JsonObject)['Statement'];

// __tests__/modules/outputs.test.ts tests which hosts and documents the policies allow.
describe('a policy for sessions', () => {
  it('of a tunnel has the condition that refuses requests without a document: they would open a shell', () => {
    const condition = { BoolIfExists: { 'ssm:SessionDocumentAccessCheck': 'true' } };
    expect(statementsIn('tunnel')[0]).toMatchObject({ Condition: condition });
  });

  it.each(['shell', 'tunnel'])('of a %s names the same resource for OpenDataChannel as the samples of AWS', (name) => {
    const channels = `arn:aws:ssm:eu-central-1:${ACCOUNT}:session/\${aws:userid}-*`;
    expect(statementsIn(name)[1]).toMatchObject({ Resource: [channels] });
  });

  it.each(['shell', 'tunnel'])("of a %s lets the caller resume and end only sessions with the caller's tag", (name) => {
    const resource = `arn:aws:ssm:eu-central-1:${ACCOUNT}:session/jane-0a1b2c`;
    const SESSION_TAG = 'ssm:resourceTag/aws:ssmmessages:session-id';
    const policy = policyOf(name).replaceAll('${aws:userid}', 'AROAEXAMPLE:jane');
    const isAllowedFor = (action: string, callerInTag: string): boolean =>
      policiesAllow([policy], { action, resource, context: { [SESSION_TAG]: callerInTag } });
    for (const action of ['ssm:ResumeSession', 'ssm:TerminateSession']) {
      expect(isAllowedFor(action, 'AROAEXAMPLE:jane')).toBe(true);
      expect(isAllowedFor(action, 'AROAOTHER:john')).toBe(false);
      expect(policiesAllow([policy], { action, resource })).toBe(false);
    }
  });
});
