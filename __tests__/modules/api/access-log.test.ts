import { ApiAccessLog } from '../../../modules/api/access-log';
import { synthesiseAlone, type SynthesisedStack } from '../../support/synthesised-stack';

/** Synthesises an access log without the rest of the stack. */
function synthesiseLog({ ownsAccountRole }: { readonly ownsAccountRole: boolean }): {
  readonly stack: SynthesisedStack;
  readonly log: ApiAccessLog;
} {
  const logs: ApiAccessLog[] = [];
  const props = { apiName: 'test', ownsAccountRole, logRetentionDays: 30 };
  const stack = synthesiseAlone((scope) => logs.push(new ApiAccessLog(scope, 'access-log', props)));
  return { stack, log: logs[0] as ApiAccessLog };
}

describe('the access log', () => {
  it('records requests as JSON without the API key, in a log group with a retention time', () => {
    const { stack, log } = synthesiseLog({ ownsAccountRole: true });
    expect(JSON.parse(log.settings.format)).toHaveProperty('requestId', '$context.requestId');
    // The log may contain the id of the key, identity.apiKeyId.
    expect(log.settings.format).not.toMatch(/identity\.apiKey"/);
    expect(stack.one('aws_cloudwatch_log_group')).toMatchObject({
      name: '/aws/apigateway/test',
      retention_in_days: 30,
    });
  });

  it('deletes its group only after the stage has stopped logging to it, because the stage would otherwise recreate the group', () => {
    const { stack } = synthesiseLog({ ownsAccountRole: true });
    expect(stack.one('aws_cloudwatch_log_group').lifecycle).toEqual({ create_before_destroy: true });
  });

  it('sets the account’s role, with which API Gateway writes logs', () => {
    const { stack, log } = synthesiseLog({ ownsAccountRole: true });
    expect(stack.one('aws_iam_role_policy_attachment').policy_arn).toBe(
      'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    );
    const account = stack.one('aws_api_gateway_account');
    expect(account.cloudwatch_role_arn).toBe(`\${${stack.addressOf('aws_iam_role')}.arn}`);
    expect(account.depends_on).toContain(stack.addressOf('aws_iam_role_policy_attachment', 'write-logs'));
    expect(log.ready).toHaveLength(1);
  });

  it('sets no role if another stack owns it', () => {
    const { stack, log } = synthesiseLog({ ownsAccountRole: false });
    expect([stack.all('aws_api_gateway_account'), stack.all('aws_iam_role')]).toEqual([{}, {}]);
    expect(log.ready).toEqual([]);
  });
});
