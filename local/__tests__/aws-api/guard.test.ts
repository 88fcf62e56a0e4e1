import { Guard } from '../../aws-api/guard';
import type { WholeRequest } from '../../http/exchange';
import type { AppliedFunction } from '../../lambda/applied-function';
import { jsonRequest, queryRequest, signedFor, signedRequest } from '../support/aws-requests';
import { lambdaFunction, trustPolicy } from '../support/functions';
import { ACCOUNT, appliedOf, functionArn } from '../support/http-state';

const ACCESS_KEY = 'AKIAISSUED';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app/service`;
const PREFIX = `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:`;
const [OWN_SECRET, OTHER_SECRET] = [`${PREFIX}own-AbCdEf`, `${PREFIX}other-GhIjKl`];
const READ_SECRET = 'secretsmanager:GetSecretValue';

type Statement = Readonly<Record<string, unknown>>;

const policyDocument = (statement: Statement): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

/** Applied resources: two secrets, and the function's role with a policy that allows what a statement says. */
const resourcesWith = (statement: Statement) => ({
  aws_iam_role: [{ arn: ROLE, name: 'service', assume_role_policy: trustPolicy('lambda.amazonaws.com') }],
  aws_iam_role_policy: [{ name: 'Own', role: 'service', policy: policyDocument({ Effect: 'Allow', ...statement }) }],
  aws_secretsmanager_secret: [{ arn: OWN_SECRET }, { arn: OTHER_SECRET }],
});

const resourcesAllowingOwnSecret = resourcesWith({ Action: READ_SECRET, Resource: OWN_SECRET });

const secretRequest = (SecretId: string, action = 'GetSecretValue', accessKeyId = ACCESS_KEY): WholeRequest =>
  jsonRequest('secretsmanager', `secretsmanager.${action}`, { SecretId }, accessKeyId);

/** Authorizes a request of the function. @returns the refusal; `undefined` if the request is allowed */
function refusal(
  request: WholeRequest,
  resources: Readonly<Record<string, object[]>> = resourcesAllowingOwnSecret,
  { vpc_config = [] as object[], rotatedBy = undefined as string | undefined } = {},
): unknown {
  const credentials = { accessKeyId: ACCESS_KEY, secretAccessKey: '', sessionToken: '', expiration: new Date() };
  const guard = new Guard(
    (accessKeyId) => (accessKeyId === ACCESS_KEY ? { ...credentials, roleArn: ROLE, session: 'function' } : undefined),
    () => rotatedBy,
  );
  const caller = lambdaFunction('function', '', { vpc_config }) as AppliedFunction;
  try {
    guard.admit(request, { caller, applied: appliedOf(resources) });
    return undefined;
  } catch (error) {
    return error;
  }
}

const denied = (
  action: string,
  resource: string,
  reason = `because no identity-based policy allows the ${action} action`,
) => ({
  status: 400,
  name: 'AccessDeniedException',
  message:
    `User: arn:aws:sts::${ACCOUNT}:assumed-role/service/function is not authorized to perform: ${action} ` +
    `on resource: ${resource} ${reason}`,
});

describe('a function’s call to AWS', () => {
  it('is refused without a signature', () => {
    expect(refusal(signedRequest('sts', { headers: {} }))).toMatchObject({
      status: 400,
      name: 'MissingAuthenticationToken',
    });
  });

  it('is refused with an access key that was not issued here', () => {
    expect(refusal(secretRequest(OWN_SECRET, 'GetSecretValue', 'AKIAGUESSED'))).toMatchObject({
      status: 400,
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    });
  });

  it('needs no policy for GetCallerIdentity, unlike for other actions of STS', () => {
    const stsRefusal = (Action: string) => refusal(queryRequest('sts', { Action }, ACCESS_KEY));
    expect(stsRefusal('GetCallerIdentity')).toBeUndefined();
    expect(stsRefusal('GetSessionToken')).toMatchObject(denied('sts:GetSessionToken', '*'));
  });

  it('is refused if the service has a REST protocol, even for a role that may do anything: the guard cannot tell the action', () => {
    const resourcesAllowingAll = resourcesWith({ Action: '*', Resource: '*' });
    const request = signedRequest('lambda', { headers: signedFor('lambda', ACCESS_KEY) });
    expect(refusal(request, resourcesAllowingAll)).toMatchObject(denied('lambda:*', '*'));
  });

  it('is authorized on the resource * if the service is not Secrets Manager', () => {
    const request = jsonRequest('logs', 'Logs_20140328.DescribeLogGroups', {}, ACCESS_KEY);
    const refusalIfAllowedOn = (Resource: string) =>
      refusal(request, resourcesWith({ Action: 'logs:DescribeLogGroups', Resource }));
    expect(refusalIfAllowedOn('*')).toBeUndefined();
    expect(refusalIfAllowedOn('arn:aws:logs:eu-central-1:123456789012:log-group:own')).toMatchObject(
      denied('logs:DescribeLogGroups', '*'),
    );
  });
});

describe('a function’s call to Secrets Manager', () => {
  it('is allowed for the secret that a policy of the function’s role allows, whether the call gives the secret’s ARN or name', () => {
    expect([refusal(secretRequest(OWN_SECRET)), refusal(secretRequest('own'))]).toEqual([undefined, undefined]);
  });

  it('is refused for any other secret or action, and the message has the ARN of the secret', () => {
    expect(refusal(secretRequest(OTHER_SECRET))).toMatchObject(denied(READ_SECRET, OTHER_SECRET));
    expect(refusal(secretRequest('other'))).toMatchObject(denied(READ_SECRET, OTHER_SECRET));
    expect(refusal(secretRequest('missing'))).toMatchObject(denied(READ_SECRET, `${PREFIX}missing`));
    expect(refusal(secretRequest(OWN_SECRET, 'PutSecretValue'))).toMatchObject(
      denied('secretsmanager:PutSecretValue', OWN_SECRET),
    );
  });

  it('is refused by an explicit deny, and the message says so', () => {
    const deny = { Effect: 'Deny', Action: READ_SECRET, Resource: OWN_SECRET };
    const policies = [
      { name: 'Deny', role: 'service', policy: policyDocument(deny) },
      ...resourcesAllowingOwnSecret.aws_iam_role_policy,
    ];
    expect(
      refusal(secretRequest(OWN_SECRET), { ...resourcesAllowingOwnSecret, aws_iam_role_policy: policies }),
    ).toMatchObject(denied(READ_SECRET, OWN_SECRET, 'with an explicit deny in an identity-based policy'));
  });

  it('must also be allowed by the VPC endpoint’s policy, if the function’s VPC has an endpoint for Secrets Manager', () => {
    const endpoint = (Resource: string, service = 'secretsmanager', vpc_id = 'vpc-1') => ({
      vpc_id,
      service_name: `com.amazonaws.eu-central-1.${service}`,
      policy: policyDocument({ Effect: 'Allow', Principal: '*', Action: READ_SECRET, Resource }),
    });
    // moto invents the VPC in the function's configuration. The guard uses the VPC of the subnet: vpc-1.
    const inVpc = [{ vpc_id: 'vpc-of-moto', subnet_ids: ['subnet-1'], security_group_ids: ['sg-1'] }];
    const refusalThrough = (vpcEndpoint: object, vpc_config: object[] = inVpc) => {
      const network = { aws_subnet: [{ id: 'subnet-1', vpc_id: 'vpc-1' }], aws_vpc_endpoint: [vpcEndpoint] };
      return refusal(secretRequest(OWN_SECRET), { ...resourcesAllowingOwnSecret, ...network }, { vpc_config });
    };
    expect(refusalThrough(endpoint(OWN_SECRET))).toBeUndefined();
    expect(refusalThrough(endpoint(OTHER_SECRET))).toMatchObject(
      denied(READ_SECRET, OWN_SECRET, `because no VPC endpoint policy allows the ${READ_SECRET} action`),
    );
    expect(refusalThrough(endpoint(OTHER_SECRET, 'logs'))).toBeUndefined();
    expect(refusalThrough(endpoint(OTHER_SECRET, 'secretsmanager', 'vpc-2'))).toBeUndefined();
    expect(refusalThrough(endpoint(OTHER_SECRET), [])).toBeUndefined();
  });
});

describe('a policy that names the function which rotates a secret', () => {
  const ROTATION = functionArn('rotation');
  const Condition = { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': ROTATION } };
  const resourcesAllowingRotated = resourcesWith({ Action: READ_SECRET, Resource: '*', Condition });
  /** Applied resources in which a function rotates {@link OWN_SECRET}. */
  const rotatedInState = (rotation_lambda_arn: string) => ({
    ...resourcesAllowingRotated,
    aws_secretsmanager_secret_rotation: [{ secret_id: OWN_SECRET, rotation_lambda_arn }],
  });

  it('allows only secrets that this function rotates', () => {
    expect(refusal(secretRequest(OWN_SECRET), rotatedInState(ROTATION))).toBeUndefined();
    expect(refusal(secretRequest(OTHER_SECRET), rotatedInState(ROTATION))).toMatchObject(
      denied(READ_SECRET, OTHER_SECRET),
    );
    expect(refusal(secretRequest(OWN_SECRET), rotatedInState(functionArn('another')))).toMatchObject(
      denied(READ_SECRET, OWN_SECRET),
    );
  });

  it('uses the rotation function that Secrets Manager names, even if the applied state names none or a different function', () => {
    expect(refusal(secretRequest(OWN_SECRET), resourcesAllowingRotated, { rotatedBy: ROTATION })).toBeUndefined();
    const rotatedByAnother = { rotatedBy: functionArn('another') };
    expect(refusal(secretRequest(OWN_SECRET), rotatedInState(ROTATION), rotatedByAnother)).toMatchObject(
      denied(READ_SECRET, OWN_SECRET),
    );
  });
});
