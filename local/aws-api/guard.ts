import type { Applied } from '../applied';
import { notAuthorized, reasonOf, type Decision } from '../iam/evaluate';
import { Permissions } from '../iam/permissions';
import type { Policy } from '../iam/policy';
import type { AppliedFunction } from '../lambda/applied-function';
import { AwsError } from '../lambda/aws-error';
import type { CallingFunction } from '../lambda/lambda';
import { toAwsCall, type AwsCall } from '../http/aws-call';
import type { Subnet } from '../network/resources';
import type { TemporaryCredentials } from './issued-credentials';
import type { WholeRequest } from '../http/exchange';
import { secretArn } from './secrets';

interface Rotation {
  /** ARN. */
  readonly secret_id: string;
  readonly rotation_lambda_arn: string;
}

/** An action that any principal may call, whatever the policies say. */
const ALWAYS_ALLOWED = 'sts:GetCallerIdentity';

/** SECURITY: authorizes functions' calls to AWS, as IAM does. */
export class Guard {
  /** @param rotationFunctionOf returns the function that rotates a secret, even if Terraform's state does not yet show it */
  constructor(
    private readonly credentialsOf: (accessKeyId: string) => TemporaryCredentials | undefined,
    private readonly rotationFunctionOf: (secretArn: string) => string | undefined,
  ) {}

  /**
   * Authorizes a function's request. It does not verify the signature. The access key is random, and only containers of the
   * function's role know it.
   *
   * @throws AwsError if AWS would refuse the request, or if its action is unknown here.
   */
  admit(request: WholeRequest, { caller, applied }: CallingFunction): void {
    const call = toAwsCall(request);
    if (call === undefined) throw new AwsError(400, 'MissingAuthenticationToken', 'Missing Authentication Token');
    const credentials = this.credentialsOf(call.accessKeyId);
    if (credentials === undefined) {
      const message = 'The security token included in the request is invalid.';
      throw new AwsError(400, 'UnrecognizedClientException', message);
    }
    const action = `${call.service}:${call.action ?? '*'}`;
    if (action === ALWAYS_ALLOWED) return;
    const resource = resourceOf(call, applied, caller);
    const rotationFunction = this.rotationFunctionOf(resource) ?? appliedRotationFunction(applied, resource);
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
    const context: Record<string, string> =
      rotationFunction === undefined ? {} : { 'secretsmanager:resource/AllowRotationLambdaArn': rotationFunction };
    const endpoints = endpointPolicies(call, applied, caller);
    const { roleArn } = credentials;
    // The action of a REST request is unknown here, so the request is denied. The functions of this project send no REST requests.
    const decision: Decision =
      call.action === undefined
        ? { outcome: 'implicitly denied', kind: 'identity-based' }
        : Permissions.of(applied).decide(roleArn, action, resource, context, endpoints);
    if (decision.outcome === 'allowed') return;
    throw accessDenied(credentials, action, resource, reasonOf(decision, action));
  }
}

/** Returns the ARN of the function that rotates a secret, from the applied resources. */
function appliedRotationFunction(applied: Applied, secretArn: string): string | undefined {
  return applied.find<Rotation>('aws_secretsmanager_secret_rotation', ({ secret_id }) => secret_id === secretArn)
    ?.rotation_lambda_arn;
}

function resourceOf({ service, region, parameters }: AwsCall, applied: Applied, { arn }: AppliedFunction): string {
  const { SecretId } = parameters;
  if (service !== 'secretsmanager' || typeof SecretId !== 'string') return '*';
  const [, partition = 'aws', , , account = ''] = arn.split(':');
  return secretArn(applied, SecretId, `arn:${partition}:secretsmanager:${region}:${account}:secret:`);
}

/** Returns the policies of the service's endpoints in the function's VPC. Like the role's policies, they must allow the call. */
function endpointPolicies(
  { service }: AwsCall,
  applied: Applied,
  { vpc_config: [vpc] }: AppliedFunction,
): readonly Policy[] {
  // moto invents a VPC for every function, so this takes the VPC of the function's subnets.
  const subnet = applied.find<Subnet>('aws_subnet', ({ id }) => vpc?.subnet_ids.includes(id) === true);
  return Permissions.of(applied).endpointPolicies(subnet?.vpc_id ?? '', service);
}

function accessDenied(
  { roleArn, session }: TemporaryCredentials,
  action: string,
  resource: string,
  reason: string,
): AwsError {
  const user = `${roleArn.replace(':iam:', ':sts:').replace(/:role\/(?:.*\/)?/, ':assumed-role/')}/${session}`;
  return new AwsError(400, 'AccessDeniedException', `User: ${user} ${notAuthorized(action, resource)} ${reason}`);
}
