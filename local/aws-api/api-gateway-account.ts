import { AwsError } from '../lambda/aws-error';
import { toAwsCall } from '../http/aws-call';
import type { Pass, WholeRequest } from '../http/exchange';

/** Managed policy that allows a role to write API Gateway's logs. */
const LOGGING_POLICY = 'AmazonAPIGatewayPushToCloudWatchLogs';

interface Patch {
  readonly op: string;
  readonly path: string;
  readonly value?: string;
}

/**
 * Checks the role with which API Gateway writes logs; moto does not check it. An account has one such role in each region.
 * As on AWS, a new role replaces the previous one, and setting an access log needs a role. If the role is deleted later, API
 * Gateway writes no logs and reports no error.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 * https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateAccount.html
 *
 * @throws AwsError if API Gateway would reject the role, or if a stage gets an access log while the account has no role.
 */
export async function checkLoggingRole(request: WholeRequest, pass: Pass): Promise<void> {
  if (toAwsCall(request)?.service !== 'apigateway' || !['POST', 'PATCH'].includes(request.method)) return;
  const path = request.path.replace(/[?].*/, '');
  const role = path === '/account' ? patchesOf(request).find(isRole)?.value : undefined;
  if (role !== undefined && role !== '' && !(await mayLog(request, role, pass))) {
    throw badRequest(
      'The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.',
    );
  }
  if (/^[/]restapis[/][^/]+[/]stages([/]|$)/.test(path) && patchesOf(request).some(setsAccessLog)) {
    const account = await pass({ ...request, method: 'GET', path: '/account', body: Buffer.alloc(0) });
    const { cloudwatchRoleArn } = JSON.parse(account.body.toString('utf8')) as { cloudwatchRoleArn?: string | null };
    if (!cloudwatchRoleArn) {
      throw badRequest('CloudWatch Logs role ARN must be set in account settings to enable logging');
    }
  }
}

async function mayLog({ headers }: WholeRequest, roleArn: string, pass: Pass): Promise<boolean> {
  // moto routes a request by the service in the signature's scope, so the scope has to name IAM.
  const authorization = headers.authorization?.replace('/apigateway/', '/iam/');
  const RoleName = roleArn.split('/').at(-1) ?? '';
  const askIam = async (Action: string): Promise<string> => {
    const response = await pass({
      method: 'POST',
      path: '/',
      headers: { host: headers.host, authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(new URLSearchParams({ Action, RoleName, Version: '2010-05-08' }).toString()),
    });
    return response.body.toString('utf8');
  };
  const isTrusted = (await askIam('GetRole')).includes('apigateway.amazonaws.com');
  return isTrusted && (await askIam('ListAttachedRolePolicies')).includes(LOGGING_POLICY);
}

function patchesOf({ body }: WholeRequest): readonly Patch[] {
  return (JSON.parse(body.toString('utf8') || '{}') as { patchOperations?: Patch[] }).patchOperations ?? [];
}

const isRole = ({ op, path }: Patch): boolean => op === 'replace' && path === '/cloudwatchRoleArn';

const setsAccessLog = ({ op, path }: Patch): boolean => op !== 'remove' && path.startsWith('/accessLogSettings/');

const badRequest = (message: string): AwsError => new AwsError(400, 'BadRequestException', message);
