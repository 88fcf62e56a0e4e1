import type { WholeRequest, WholeResponse } from './exchange';

/** Content type of AWS's JSON protocol, version 1.1. */
export const AWS_JSON = 'application/x-amz-json-1.1';

/** The parts of an AWS request that its authorization needs. */
export interface AwsCall {
  readonly accessKeyId: string;
  readonly region: string;
  /** Service name as in the signature's scope and in IAM actions, for example `secretsmanager`. */
  readonly service: string;
  /** Absent in REST requests, whose method and path determine the action. */
  readonly action: string | undefined;
  /** Parameters of a JSON request; empty for other protocols. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Reads a signed AWS request; `undefined` if it is not signed. */
export function toAwsCall({ headers, body }: WholeRequest): AwsCall | undefined {
  const scope = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '');
  const [, accessKeyId, region, service] = scope ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  const call = { accessKeyId, region, service, parameters: {} };
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return { ...call, action: target.split('.').at(-1), parameters: objectIn(body) };
  const isQuery = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return {
    ...call,
    action: isQuery ? (new URLSearchParams(body.toString('utf8')).get('Action') ?? undefined) : undefined,
  };
}

/** The service whose reads change moto's state: a read moves a distribution from InProgress to Deployed. */
const CHANGED_BY_READS = 'cloudfront';

/** Whether a signed request only reads, judged by its action or its method. */
export function isRead(request: WholeRequest): boolean {
  const call = toAwsCall(request);
  if (call === undefined || call.service === CHANGED_BY_READS) return false;
  return call.action === undefined
    ? ['GET', 'HEAD'].includes(request.method)
    : /^(Describe|Get|List)[A-Z]/.test(call.action);
}

function objectIn(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Makes a successful response in AWS's JSON protocol. */
export function jsonResponse(content: object): WholeResponse {
  return { status: 200, headers: { 'content-type': AWS_JSON }, body: Buffer.from(JSON.stringify(content)) };
}
