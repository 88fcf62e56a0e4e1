import type { Applied } from '../applied';
import { Permissions } from '../iam/permissions';
import type { AppliedFunction } from '../lambda/applied-function';
import { AwsError } from '../lambda/aws-error';
import type { Caller } from '../lambda/lambda';
import { toAwsCall, type AwsCall } from './aws-call';
import type { Credentials } from './credentials';
import type { WholeRequest } from './exchange';
import { secretArn } from './secrets';

interface Rotation {
  /** ARN. */
  readonly secret_id: string;
  readonly rotation_lambda_arn: string;
}

interface VpcEndpoint {
  readonly service_name: string;
  readonly vpc_id: string;
  readonly policy: string;
}

/** Everyone may ask who he is, whatever his policies say. */
const ALWAYS_ALLOWED = 'sts:GetCallerIdentity';

/** SECURITY: decides what functions may call of AWS, as IAM does. */
export class Guard {
  /** @param rotatedBy the function that rotates a secret, where one does */
  constructor(
    private readonly credentialsOf: (accessKeyId: string) => Credentials | undefined,
    private readonly rotatedBy: (secretArn: string) => string | undefined,
  ) {}

  /**
   * Lets a function's request pass, or not. Its signature is not computed again: who knows an access key of this machine
   * was given it.
   *
   * @throws AwsError where AWS would refuse it.
   */
  async admit(request: WholeRequest, { called, applied }: Caller): Promise<void> {
    const call = toAwsCall(request);
    if (call === undefined) throw new AwsError(400, 'MissingAuthenticationToken', 'Missing Authentication Token');
    const credentials = this.credentialsOf(call.accessKeyId);
    if (credentials === undefined) {
      const words = 'The security token included in the request is invalid.';
      throw new AwsError(400, 'UnrecognizedClientException', words);
    }
    const action = `${call.service}:${call.action ?? '*'}`;
    if (action === ALWAYS_ALLOWED) return;
    const resource = resourceOf(call, applied, called);
    const policies = endpointPolicies(call, applied, called);
    // What is asked by REST has no name here; the functions of this deployment have no need for it.
    if (call.action === undefined) throw accessDenied(credentials, action, resource, 'identity-based');
    const context = contextOf(this.rotatedBy(resource) ?? rotationIn(applied, resource));
    const kind = await refusing(new Permissions(applied), credentials.roleArn, action, resource, context, policies);
    if (kind !== undefined) throw accessDenied(credentials, action, resource, kind);
  }
}

/** The kind of policy that does not allow it, in IAM's words. */
async function refusing(
  permissions: Permissions,
  roleArn: string,
  action: string,
  resource: string,
  context: Readonly<Record<string, string>>,
  policies: readonly string[],
): Promise<string | undefined> {
  if (!(await permissions.allows(roleArn, action, resource, context))) return 'identity-based';
  const passes = policies.length === 0 || (await permissions.allows(roleArn, action, resource, context, policies));
  return passes ? undefined : 'VPC endpoint';
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
function contextOf(rotatedBy: string | undefined): Record<string, string> {
  return rotatedBy === undefined ? {} : { 'secretsmanager:resource/AllowRotationLambdaArn': rotatedBy };
}

/** The function that rotates a secret, as it was applied. */
function rotationIn(applied: Applied, secretArn: string): string | undefined {
  return applied.find<Rotation>('aws_secretsmanager_secret_rotation', ({ secret_id }) => secret_id === secretArn)
    ?.rotation_lambda_arn;
}

function resourceOf({ service, region, parameters }: AwsCall, applied: Applied, { arn }: AppliedFunction): string {
  const { SecretId } = parameters;
  if (service !== 'secretsmanager' || typeof SecretId !== 'string') return '*';
  const [, partition = 'aws', , , account = ''] = arn.split(':');
  return secretArn(applied, SecretId, `arn:${partition}:secretsmanager:${region}:${account}:secret:`);
}

interface Subnet {
  readonly id: string;
  readonly vpc_id: string;
}

/** A call from a VPC goes through the VPC's endpoint of the service, if it has one, and its policy counts too. */
function endpointPolicies({ service }: AwsCall, applied: Applied, { vpc_config: [vpc] }: AppliedFunction): string[] {
  // moto gives every function a VPC of its own invention; that of its subnets was applied.
  const subnet = applied.find<Subnet>('aws_subnet', ({ id }) => vpc?.subnet_ids.includes(id) === true);
  return applied
    .all<VpcEndpoint>('aws_vpc_endpoint')
    .filter(({ vpc_id, service_name }) => vpc_id === subnet?.vpc_id && service_name.endsWith(`.${service}`))
    .map(({ policy }) => policy);
}

function accessDenied({ roleArn, session }: Credentials, action: string, resource: string, kind: string): AwsError {
  const user = `${roleArn.replace(':iam:', ':sts:').replace(/:role\/(?:.*\/)?/, ':assumed-role/')}/${session}`;
  const words = `is not authorized to perform: ${action} on resource: ${resource} because no ${kind} policy allows the ${action} action`;
  return new AwsError(400, 'AccessDeniedException', `User: ${user} ${words}`);
}
