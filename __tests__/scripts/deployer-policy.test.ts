import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callsIn } from '../../scripts/deployer-policy/calls';
import { deployerPolicy } from '../../scripts/deployer-policy/policy';

const checkedIn = JSON.parse(readFileSync(join(__dirname, '../../docs/deployer-policy.json'), 'utf8')) as ReturnType<
  typeof deployerPolicy
>;

/** Returns Sid and resources of the statements that allow an action. */
const allowing = (action: string, policy = checkedIn): string[] =>
  policy.Statement.filter(({ Action }) => Action.includes(action)).map(({ Sid }) => Sid);

describe('the log of Terraform', () => {
  it('contains the operations that the provider called, also those of split records', () => {
    const log = [
      '2026-01-01T00:00:00.000Z [DEBUG] provider: HTTP Request Sent: rpc.method=CreateVpc rpc.service=EC2 tf_aws.sdk=v2',
      '2026-01-01T00:00:00.100Z [DEBUG] provider: HTTP Response Received: rpc.service=EC2 rpc.method=CreateVpc',
      '2026-01-01T00:00:01.000Z [DEBUG] provider: HTTP Request Sent: http.request.body=',
      '  | {"a": 1}',
      '   rpc.service="API Gateway" rpc.method=CreateRestApi',
      '2026-01-01T00:00:02.000Z [DEBUG] provider: {"@message":"HTTP Request Sent","http.request.body":"UEsDB',
      '2026-01-01T00:00:02.001Z [DEBUG] provider: AAA","rpc.method":"CreateFunction","rpc.service":"Lambda"}',
      '2026-01-01T00:00:03.000Z [INFO]  nothing',
    ].join('\n');
    expect(callsIn(log)).toEqual([
      { service: 'EC2', operation: 'CreateVpc' },
      { service: 'API Gateway', operation: 'CreateRestApi' },
      { service: 'Lambda', operation: 'CreateFunction' },
    ]);
  });
});

describe('the policy for deploying', () => {
  it('contains IAM actions, not operations', () => {
    const calls = [
      { service: 'API Gateway', operation: 'UpdateStage' },
      { service: 'CloudFront', operation: 'CreateDistributionWithTags' },
      { service: 'Lambda', operation: 'Invoke' },
      { service: 'STS', operation: 'GetCallerIdentity' },
    ];
    const actions = deployerPolicy(calls).Statement.flatMap(({ Action }) => Action);
    expect(actions).toEqual(
      expect.arrayContaining([
        'apigateway:PATCH',
        'cloudfront:CreateDistribution',
        'cloudfront:TagResource',
        'lambda:InvokeFunction',
      ]),
    );
    expect(actions.join(' ')).not.toMatch(/UpdateStage|WithTags|Invoke |sts:/);
  });

  it.each([
    [{ service: 'Glacier', operation: 'CreateVault' }, 'Glacier has no prefix of actions.'],
    [{ service: 'API Gateway', operation: 'FlushStageCache' }, 'FlushStageCache of API Gateway has no verb.'],
  ])('is not written for an unknown call: %j', (call, message) => {
    expect(() => deployerPolicy([call])).toThrow(message);
  });

  it('has each action once, except those for the secret that RDS creates', () => {
    const actions = checkedIn.Statement.filter(({ Sid }) => Sid !== 'MasterSecret').flatMap(({ Action }) => Action);
    expect(new Set(actions).size).toBe(actions.length);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(allowing('secretsmanager:CreateSecret')).toEqual(['Secrets', 'MasterSecret']);
  });

  it('is limited to the names of this stack if its resources have names', () => {
    const unbounded = checkedIn.Statement.filter(({ Resource }) => Resource.includes('*')).map(({ Sid }) => Sid);
    expect(unbounded).toEqual(['WithoutNames']);
    for (const { Sid, Resource } of checkedIn.Statement) {
      if (['Functions', 'GiveRolesToServices', 'Logs', 'Roles', 'Secrets', 'Gate'].includes(Sid)) {
        expect(Resource.filter((arn) => !arn.includes('login-matrix-*'))).toEqual([]);
      }
    }
  });

  it('passes only this stack’s roles, and attaches only the managed policies it uses', () => {
    const [passing] = checkedIn.Statement.filter(({ Action }) => Action.includes('iam:PassRole'));
    expect(passing).toMatchObject({
      Resource: ['arn:aws:iam::*:role/login-matrix-*'],
      Condition: { StringEquals: { 'iam:PassedToService': expect.any(Array) as string[] } },
    });
    const [attaching] = checkedIn.Statement.filter(({ Action }) => Action.includes('iam:AttachRolePolicy'));
    expect(attaching?.Condition).toMatchObject({ ArnEquals: { 'iam:PolicyARN': expect.any(Array) as string[] } });
  });

  it('fits into an inline policy of a role', () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    expect(JSON.stringify(checkedIn).length).toBeLessThan(10_240);
  });
});
