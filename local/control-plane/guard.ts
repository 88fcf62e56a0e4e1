import type { Applied } from '../applied';
import { reasonOf, type Decision } from '../iam/evaluate';
import { Permissions } from '../iam/permissions';
import type { Policy } from '../iam/policy';
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

/** Any principal may call it, whatever its policies say. */
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
  admit(request: WholeRequest, { called, applied }: Caller): void {
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
    const context = contextOf(this.rotatedBy(resource) ?? rotationIn(applied, resource));
    const endpoints = endpointPolicies(call, applied, called);
    const { roleArn } = credentials;
    // A REST request names no action, so no policy allows it. The functions of this deployment send none.
    const decision: Decision =
      call.action === undefined
        ? { outcome: 'implicitly denied', kind: 'identity-based' }
        : Permissions.of(applied).decide(roleArn, action, resource, context, endpoints);
    if (decision.outcome === 'allowed') return;
    throw accessDenied(credentials, action, resource, reasonOf(decision, action));
  }
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
function endpointPolicies(
  { service }: AwsCall,
  applied: Applied,
  { vpc_config: [vpc] }: AppliedFunction,
): readonly Policy[] {
  // moto gives every function a VPC of its own invention; that of its subnets was applied.
  const subnet = applied.find<Subnet>('aws_subnet', ({ id }) => vpc?.subnet_ids.includes(id) === true);
  return Permissions.of(applied).endpointPolicies(subnet?.vpc_id ?? '', service);
}

function accessDenied({ roleArn, session }: Credentials, action: string, resource: string, reason: string): AwsError {
  const user = `${roleArn.replace(':iam:', ':sts:').replace(/:role\/(?:.*\/)?/, ':assumed-role/')}/${session}`;
  const words = `is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return new AwsError(400, 'AccessDeniedException', `User: ${user} ${words}`);
}
