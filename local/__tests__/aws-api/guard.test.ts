import { Guard } from '../../aws-api/guard';
import { AWS_JSON } from '../../http/aws-call';
import type { WholeRequest } from '../../http/exchange';
import type { AppliedFunction } from '../../lambda/applied-function';
import { lambdaFunction, trustPolicy } from '../support/functions';
import { ACCOUNT, appliedOf, functionArn } from '../support/http-state';

const KEY = 'AKIAISSUED';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app/service`;
const PREFIX = `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:`;
const [OWN, OTHER] = [`${PREFIX}own-AbCdEf`, `${PREFIX}other-GhIjKl`];
const READ = 'secretsmanager:GetSecretValue';
const VPC = { vpc_id: 'vpc-1', subnet_ids: ['subnet-1'], security_group_ids: ['sg-1'] };

type Statement = Readonly<Record<string, unknown>>;

const document = (...Statement: Statement[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

/** The applied resources: one role with one statement, and two secrets. */
const withRole = (statement: Statement, more: Readonly<Record<string, object[]>> = {}) => ({
  aws_iam_role: [{ arn: ROLE, name: 'service', assume_role_policy: trustPolicy('lambda.amazonaws.com') }],
  aws_iam_role_policy: [{ name: 'Own', role: 'service', policy: document({ Effect: 'Allow', ...statement }) }],
  aws_secretsmanager_secret: [{ arn: OWN }, { arn: OTHER }],
  ...more,
});

const readsOwn = withRole({ Action: READ, Resource: OWN });

function signed(service: string, key = KEY): { authorization: string } {
  const scope = `${key}/20260101/eu-central-1/${service}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` };
}

const request = (headers: WholeRequest['headers'], body = '{}'): WholeRequest => ({
  method: 'POST',
  path: '/',
  headers,
  body: Buffer.from(body),
});

const secretRequest = (SecretId: string, action = 'GetSecretValue', key = KEY): WholeRequest => {
  const headers = { ...signed('secretsmanager', key), 'x-amz-target': `secretsmanager.${action}` };
  return request({ ...headers, 'content-type': AWS_JSON }, JSON.stringify({ SecretId }));
};

/** Authorizes a request of the function. Returns the refusal, if there is one. */
function refusal(
  sent: WholeRequest,
  resources: Readonly<Record<string, object[]>> = readsOwn,
  { vpc_config = [] as object[], rotatedBy = undefined as string | undefined } = {},
): unknown {
  const credentials = { accessKeyId: KEY, secretAccessKey: '', sessionToken: '', expiration: new Date() };
  const guard = new Guard(
    (accessKeyId) => (accessKeyId === KEY ? { ...credentials, roleArn: ROLE, session: 'function' } : undefined),
    () => rotatedBy,
  );
  const caller = lambdaFunction('function', '', { vpc_config }) as AppliedFunction;
  try {
    guard.admit(sent, { caller, applied: appliedOf(resources) });
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

describe('a call of a function to AWS', () => {
  it('is refused without a signature', () => {
    expect(refusal(request({}))).toMatchObject({ status: 400, name: 'MissingAuthenticationToken' });
  });

  it('is refused with an access key that was not issued here', () => {
    expect(refusal(secretRequest(OWN, 'GetSecretValue', 'AKIAGUESSED'))).toMatchObject({
      status: 400,
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    });
  });

  it('to GetCallerIdentity needs no policy', () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const sent = (action: string) => request({ ...signed('sts'), ...form }, `Action=${action}`);
    expect(refusal(sent('GetCallerIdentity'))).toBeUndefined();
    expect(refusal(sent('GetSessionToken'))).toMatchObject(denied('sts:GetSessionToken', '*'));
  });

  it('with a REST protocol is refused, even for a role that may do anything', () => {
    const all = withRole({ Action: '*', Resource: '*' });
    expect(refusal(request(signed('lambda')), all)).toMatchObject(denied('lambda:*', '*'));
  });

  it('to any other service is authorized on the resource *', () => {
    const headers = { ...signed('logs'), 'x-amz-target': 'Logs_20140328.DescribeLogGroups' };
    const described = (Resource: string) =>
      refusal(request(headers), withRole({ Action: 'logs:DescribeLogGroups', Resource }));
    expect(described('*')).toBeUndefined();
    expect(described('arn:aws:logs:eu-central-1:123456789012:log-group:own')).toMatchObject(
      denied('logs:DescribeLogGroups', '*'),
    );
  });
});

describe('a call of a function to Secrets Manager', () => {
  it('is allowed for the secret in its role’s policy, by ARN and by name', () => {
    expect([refusal(secretRequest(OWN)), refusal(secretRequest('own'))]).toEqual([undefined, undefined]);
  });

  it('is refused for any other secret or action, and the message has the ARN of the secret', () => {
    expect(refusal(secretRequest(OTHER))).toMatchObject(denied(READ, OTHER));
    expect(refusal(secretRequest('other'))).toMatchObject(denied(READ, OTHER));
    expect(refusal(secretRequest('missing'))).toMatchObject(denied(READ, `${PREFIX}missing`));
    expect(refusal(secretRequest(OWN, 'PutSecretValue'))).toMatchObject(denied('secretsmanager:PutSecretValue', OWN));
  });

  it('is refused by an explicit deny, and the message says so', () => {
    const deny = { Effect: 'Deny', Action: READ, Resource: OWN };
    const policies = [{ name: 'Deny', role: 'service', policy: document(deny) }, ...readsOwn.aws_iam_role_policy];
    expect(refusal(secretRequest(OWN), { ...readsOwn, aws_iam_role_policy: policies })).toMatchObject(
      denied(READ, OWN, 'with an explicit deny in an identity-based policy'),
    );
  });

  it('also needs an allow in the endpoint policy of the function’s VPC', () => {
    const endpoint = (Resource: string, service = 'secretsmanager', vpc_id = VPC.vpc_id) => ({
      vpc_id,
      service_name: `com.amazonaws.eu-central-1.${service}`,
      policy: document({ Effect: 'Allow', Principal: '*', Action: READ, Resource }),
    });
    // moto invents the VPC in the function's own configuration.
    const inVpc = { vpc_config: [{ ...VPC, vpc_id: 'vpc-of-moto' }] };
    const through = (of: object, { vpc_config }: { vpc_config: object[] } = inVpc) =>
      refusal(
        secretRequest(OWN),
        { ...readsOwn, aws_subnet: [{ id: 'subnet-1', vpc_id: VPC.vpc_id }], aws_vpc_endpoint: [of] },
        { vpc_config },
      );
    expect(through(endpoint(OWN))).toBeUndefined();
    expect(through(endpoint(OTHER))).toMatchObject(
      denied(READ, OWN, `because no VPC endpoint policy allows the ${READ} action`),
    );
    expect(through(endpoint(OTHER, 'logs'))).toBeUndefined();
    expect(through(endpoint(OTHER, 'secretsmanager', 'vpc-2'))).toBeUndefined();
    expect(through(endpoint(OTHER), { vpc_config: [] })).toBeUndefined();
  });
});

describe('a policy that names the function which rotates a secret', () => {
  const ROTATION = functionArn('rotation');
  const Condition = { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': ROTATION } };
  const rotates = withRole({ Action: READ, Resource: '*', Condition });
  const scheduled = (rotation_lambda_arn: string) => ({
    ...rotates,
    aws_secretsmanager_secret_rotation: [{ secret_id: OWN, rotation_lambda_arn }],
  });

  it('allows only secrets that this function rotates', () => {
    expect(refusal(secretRequest(OWN), scheduled(ROTATION))).toBeUndefined();
    expect(refusal(secretRequest(OTHER), scheduled(ROTATION))).toMatchObject(denied(READ, OTHER));
    expect(refusal(secretRequest(OWN), scheduled(functionArn('another')))).toMatchObject(denied(READ, OWN));
  });

  it('uses Secrets Manager’s current rotation function rather than the one in the state', () => {
    expect(refusal(secretRequest(OWN), rotates, { rotatedBy: ROTATION })).toBeUndefined();
    const another = { rotatedBy: functionArn('another') };
    expect(refusal(secretRequest(OWN), scheduled(ROTATION), another)).toMatchObject(denied(READ, OWN));
  });
});
