import type { WholeRequest } from './exchange';

/** A request to AWS as far as it matters for who may send it. */
export interface AwsCall {
  readonly accessKeyId: string;
  readonly region: string;
  /** As in the scope of the signature and in IAM's actions, for example `secretsmanager`. */
  readonly service: string;
  /** Absent in REST, where the path tells it. */
  readonly action: string | undefined;
  /** What JSON carries; empty for the other protocols. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Reads a request that was signed for AWS; `undefined` where it was not. */
export function toAwsCall({ headers, body }: WholeRequest): AwsCall | undefined {
  const scope = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '');
  const [, accessKeyId, region, service] = scope ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  const call = { accessKeyId, region, service, parameters: {} };
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return { ...call, action: target.split('.').at(-1), parameters: json(body) };
  const isQuery = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return {
    ...call,
    action: isQuery ? (new URLSearchParams(body.toString('utf8')).get('Action') ?? undefined) : undefined,
  };
}

function json(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}
