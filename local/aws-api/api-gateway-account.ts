import { AwsError } from '../lambda/aws-error';
import { toAwsCall } from '../http/aws-call';
import type { WholeResponse, WholeRequest } from '../http/exchange';

/** Managed policy that allows a role to write API Gateway's logs. */
const LOGGING_POLICY = 'AmazonAPIGatewayPushToCloudWatchLogs';

interface Patch {
  readonly op: string;
  readonly path: string;
  readonly value?: string;
}

type Pass = (request: WholeRequest) => Promise<WholeResponse>;

/**
 * The one role with which API Gateway writes logs in an account and region. As on AWS, a new role replaces the previous
 * one, and deleting the role later has no effect. A stage with an access log is rejected while no role is set.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 * https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateAccount.html
 */
export class ApiGatewayAccount {
  /** @param pass passes a request to moto, which checks neither rule */
  constructor(private readonly pass: Pass) {}

  /** @throws AwsError if API Gateway would reject the role, or the stage with an access log. */
  async admit(request: WholeRequest): Promise<void> {
    if (toAwsCall(request)?.service !== 'apigateway' || !['POST', 'PATCH'].includes(request.method)) return;
    const path = request.path.replace(/[?].*/, '');
    const role = path === '/account' ? patchesOf(request).find(isRole)?.value : undefined;
    if (role !== undefined && role !== '' && !(await this.mayLog(request, role))) {
      throw badRequest(
        'The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.',
      );
    }
    if (/^[/]restapis[/][^/]+[/]stages([/]|$)/.test(path) && patchesOf(request).some(setsAccessLog)) {
      const account = await this.pass({ ...request, method: 'GET', path: '/account', body: Buffer.alloc(0) });
      const { cloudwatchRoleArn } = JSON.parse(account.body.toString('utf8')) as { cloudwatchRoleArn?: string | null };
      if (!cloudwatchRoleArn) {
        throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging');
      }
    }
  }

  private async mayLog(request: WholeRequest, roleArn: string): Promise<boolean> {
    const RoleName = roleArn.split('/').at(-1) ?? '';
    const role = await this.askIam(request, { Action: 'GetRole', RoleName });
    const policies = await this.askIam(request, { Action: 'ListAttachedRolePolicies', RoleName });
    return role.includes('apigateway.amazonaws.com') && policies.includes(LOGGING_POLICY);
  }

  private async askIam({ headers }: WholeRequest, parameters: Record<string, string>): Promise<string> {
    const authorization = headers.authorization?.replace('/apigateway/', '/iam/');
    const response = await this.pass({
      method: 'POST',
      path: '/',
      headers: { host: headers.host, authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(new URLSearchParams({ ...parameters, Version: '2010-05-08' }).toString()),
    });
    return response.body.toString('utf8');
  }
}

function patchesOf({ body }: WholeRequest): readonly Patch[] {
  return (JSON.parse(body.toString('utf8') || '{}') as { patchOperations?: Patch[] }).patchOperations ?? [];
}

const isRole = ({ op, path }: Patch): boolean => op === 'replace' && path === '/cloudwatchRoleArn';

const setsAccessLog = ({ op, path }: Patch): boolean => op !== 'remove' && path.startsWith('/accessLogSettings/');

const badRequest = (message: string): AwsError => new AwsError(400, 'BadRequestException', message);
