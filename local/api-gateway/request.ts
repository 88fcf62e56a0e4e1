import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { endToEndHeaders, hasBody, headersOf, type Header } from '../http/headers';
import type { ContextVariables } from './context';
import { GatewayError } from './gateway-error';
import type { RestApi, Stage } from './rest-api';

/** Maximum payload of REST APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const BODY_BYTES = 10 * 1024 * 1024;

/** Maximum total size of the request line and all header values, according to the same page. */
const HEAD_BYTES = 10_240;

export interface ApiRequest {
  readonly id: string;
  /** API Gateway's second id, in the header `x-amz-apigw-id`. */
  readonly extendedId: string;
  readonly traceId: string;
  readonly receivedAt: Date;
  readonly method: string;
  readonly stageName: string;
  /** Path with the stage, for example `/live/items`. */
  readonly fullPath: string;
  /** Path without the stage. */
  readonly path: string;
  readonly query: string;
  readonly protocol: string;
  readonly headers: readonly Header[];
  /** The header `x-api-key`. */
  readonly apiKey: string | undefined;
  readonly userAgent: string | undefined;
  readonly sourceIp: string;
  /** Reads the body; `undefined` if there is none. @throws GatewayError if it is too large. */
  body(): Promise<Buffer | undefined>;
}

export function splitUrl(url: string): Pick<ApiRequest, 'stageName' | 'fullPath' | 'path' | 'query'> {
  const [fullPath = '', ...query] = url.split('?');
  const [, stageName = ''] = fullPath.split('/');
  return { stageName, fullPath, path: fullPath.slice(stageName.length + 1) || '/', query: query.join('?') };
}

/** Whether the request line and all header values exceed API Gateway's limit. */
export function isTooLong({ method = '', url = '', httpVersion, rawHeaders }: IncomingMessage): boolean {
  const values = rawHeaders.filter((_text, i) => i % 2 === 1);
  const bytes = [`${method} ${url} HTTP/${httpVersion}`, ...values].reduce((sum, { length }) => sum + length, 0);
  return bytes > HEAD_BYTES;
}

export function readRequest(incoming: IncomingMessage, sourceIp: string): ApiRequest {
  const receivedAt = new Date();
  const seconds = Math.floor(receivedAt.getTime() / 1000);
  return {
    id: randomUUID(),
    extendedId: `${randomBytes(11).toString('base64url')}=`,
    traceId: `Root=1-${seconds.toString(16)}-${randomBytes(12).toString('hex')}`,
    receivedAt,
    method: incoming.method ?? 'GET',
    ...splitUrl(incoming.url ?? '/'),
    protocol: `HTTP/${incoming.httpVersion}`,
    headers: endToEndHeaders(headersOf(incoming)),
    apiKey: incoming.headers['x-api-key']?.toString(),
    userAgent: incoming.headers['user-agent'],
    sourceIp,
    body: () => readBody(incoming),
  };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  if (!hasBody(incoming.headers)) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // A request with too large a body still gets a response, so the connection must stay open.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES) throw new GatewayError('REQUEST_TOO_LARGE');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Facts of a request. Each key is a name that `$context` and a function's event share. */
export function requestFacts(request: ApiRequest, api: RestApi, stage: Stage): Readonly<Record<string, string>> {
  return {
    accountId: api.accountId,
    apiId: api.id,
    deploymentId: stage.deploymentId,
    domainName: api.domainName,
    domainPrefix: api.id,
    extendedRequestId: request.extendedId,
    httpMethod: request.method,
    path: request.fullPath,
    protocol: request.protocol,
    requestId: request.id,
    requestTime: requestTime(request.receivedAt),
    stage: stage.name,
  };
}

/** `$context` before the response exists. SECURITY: it never holds the API key's value, so no log can print it. */
export function contextOf(request: ApiRequest, api: RestApi, stage: Stage): ContextVariables {
  return {
    ...requestFacts(request, api, stage),
    requestTimeEpoch: String(request.receivedAt.getTime()),
    'identity.sourceIp': request.sourceIp,
    'identity.userAgent': request.userAgent,
  };
}

/** Formats a time in the Common Log Format: `24/Nov/2026:08:06:58 +0000`. */
function requestTime(date: Date): string {
  return date.toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1/$2/$3:$4 +0000');
}
