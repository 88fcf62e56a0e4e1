import type { Applied } from '../applied';
import { Permissions } from '../iam/permissions';
import type { AppliedFunction } from '../lambda/applied-function';
import { AwsError } from '../lambda/aws-error';
import { toAwsCall, type AwsCall } from './aws-call';
import type { Credentials } from './credentials';
import type { WholeRequest } from './exchange';
import { secretArn } from './secrets';

export interface GuardOptions {
  readonly applied: () => Applied;
  readonly credentialsOf: (accessKeyId: string) => Credentials | undefined;
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
  constructor(private readonly options: GuardOptions) {}

  /**
   * Lets a function's request pass, or not. Its signature is not computed again: who knows an access key of this machine
   * was given it.
   *
   * @throws AwsError where AWS would refuse it.
   */
  async admit(request: WholeRequest, caller: AppliedFunction): Promise<void> {
    const call = toAwsCall(request);
    if (call === undefined)
      throw new AwsError(400, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    const credentials = this.options.credentialsOf(call.accessKeyId);
    if (credentials === undefined) {
      const words = 'The security token included in the request is invalid.';
      throw new AwsError(400, 'UnrecognizedClientException', words);
    }
    const applied = this.options.applied();
    const action = `${call.service}:${call.action ?? '*'}`;
    if (action === ALWAYS_ALLOWED) return;
    const resource = resourceOf(call, applied, caller);
    const kind = await refusing(
      applied,
      credentials.roleArn,
      action,
      resource,
      endpointPolicies(call, applied, caller),
    );
    if (kind !== undefined) throw accessDenied(credentials, action, resource, kind);
  }
}

/** The kind of policy that does not allow it, in IAM's words. */
async function refusing(
  applied: Applied,
  roleArn: string,
  action: string,
  resource: string,
  policies: readonly string[],
): Promise<string | undefined> {
  const permissions = new Permissions(applied);
  if (!(await permissions.allows(roleArn, action, resource))) return 'identity-based';
  const passes = policies.length === 0 || (await permissions.allows(roleArn, action, resource, {}, policies));
  return passes ? undefined : 'VPC endpoint';
}

function resourceOf({ service, region, parameters }: AwsCall, applied: Applied, caller: AppliedFunction): string {
  const { SecretId } = parameters;
  if (service !== 'secretsmanager' || typeof SecretId !== 'string') return '*';
  const [, partition = 'aws', , , account = ''] = caller.arn.split(':');
  return secretArn(applied, SecretId, `arn:${partition}:secretsmanager:${region}:${account}:secret:`);
}

/** A call from a VPC goes through the VPC's endpoint of the service, if it has one, and its policy counts too. */
function endpointPolicies({ service }: AwsCall, applied: Applied, { vpc_config: [vpc] }: AppliedFunction): string[] {
  return applied
    .all<VpcEndpoint>('aws_vpc_endpoint')
    .filter(({ vpc_id, service_name }) => vpc_id === vpc?.vpc_id && service_name.endsWith(`.${service}`))
    .map(({ policy }) => policy);
}

function accessDenied({ roleArn, session }: Credentials, action: string, resource: string, kind: string): AwsError {
  const user = `${roleArn.replace(':iam:', ':sts:').replace(/:role\/(?:.*\/)?/, ':assumed-role/')}/${session}`;
  const words = `is not authorized to perform: ${action} on resource: ${resource} because no ${kind} policy allows the ${action} action`;
  return new AwsError(400, 'AccessDeniedException', `User: ${user} ${words}`);
}
