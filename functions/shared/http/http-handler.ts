import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { DatabaseUnavailable, LoginRefused } from '../database/errors';
import { errorFields, log } from '../log';
import { prefersHtml } from './accept';
import { stringify } from './json';

/** The part of a request that a route reads. */
export interface Request {
  /** Query parameters; each name occurs once. */
  readonly query: Readonly<Record<string, string>>;
  /** Request id that the caller, API Gateway's log and the function's log share. */
  readonly requestId: string;
  /** For HEAD, a route must not change data. */
  readonly method: 'GET' | 'HEAD';
}

/** An answer as a page for browsers. */
export interface HtmlPage {
  readonly html: string;
  /** What the page may load and run. */
  readonly contentSecurityPolicy: string;
}

/** The request is invalid. The caller gets the message. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** A Lambda handler. The event is `unknown`: any principal with permission may send any event. */
export type Handler = (event: unknown, context: Context) => Promise<APIGatewayProxyResult>;

/** Seconds that a caller should wait while the database is unavailable. A failover takes longer: the caller may get 503 again. */
const RETRY_AFTER_SECONDS = 10;

/**
 * Makes a Lambda handler from a route. Every event gets an answer. SECURITY: no answer contains internal details.
 *
 * An event that is not a request of API Gateway's REST API gets a 400; throwing would raise an alarm. HEAD gets the answer
 * of GET without the body.
 *
 * @param route returns the JSON body
 * @param page renders an answer for callers that prefer HTML. @default - every answer is JSON
 */
export function httpHandler<Answer extends object>(
  route: (request: Request) => Promise<Answer>,
  page?: (answer: Answer) => HtmlPage,
): Handler {
  return async (event, context) => {
    const requestId = requestIdOf(event) ?? context.awsRequestId;
    const method = methodOf(event);
    const respond = async (): Promise<APIGatewayProxyResult> => {
      const proxyEvent = proxyEventOf(event);
      const body = await route({ query: queryOf(proxyEvent), requestId, method });
      if (!page) return jsonAnswer(200, requestId, body);
      const vary = { vary: 'accept' };
      return prefersHtml(acceptOf(proxyEvent))
        ? htmlAnswer(requestId, page(body), vary)
        : jsonAnswer(200, requestId, body, vary);
    };
    const response = await respond().catch((error: unknown) => errorAnswer(error, requestId));
    return method === 'HEAD' ? { ...response, body: '' } : response;
  };
}

/**
 * Rejects query parameters that the route does not have.
 *
 * @param names the parameters of the route. @default - none
 * @throws BadRequest that names the first unknown parameter and lists those of the route.
 */
export function refuseUnknownParameters(query: Request['query'], names: readonly string[] = []): void {
  const unknown = Object.keys(query).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const supported = names.length === 0 ? 'This route has none.' : `Supported: ${names.join(', ')}.`;
  throw new BadRequest(`Unknown parameter ${JSON.stringify(unknown)}. ${supported}`);
}

/** The query and the headers in API Gateway's event. */
type ProxyEvent = Partial<Pick<APIGatewayProxyEvent, 'multiValueQueryStringParameters' | 'multiValueHeaders'>>;

/** @throws BadRequest if the event is not a request of a REST API. */
function proxyEventOf(event: unknown): ProxyEvent {
  const { httpMethod, multiValueQueryStringParameters, multiValueHeaders } = Object(event) as APIGatewayProxyEvent;
  if (
    typeof httpMethod !== 'string' ||
    !hasOnlyTextLists(multiValueQueryStringParameters) ||
    !hasOnlyTextLists(multiValueHeaders)
  ) {
    throw new BadRequest(
      'This function answers requests of API Gateway. Call the URL of the API instead of the function',
    );
  }
  return { multiValueQueryStringParameters, multiValueHeaders };
}

/** Whether each parameter or header has a list of texts. API Gateway sends null if there are none. */
function hasOnlyTextLists(values: unknown): boolean {
  if (values === undefined || values === null) return true;
  const isText = (value: unknown): boolean => typeof value === 'string';
  return typeof values === 'object' && Object.values(values).every((list) => Array.isArray(list) && list.every(isText));
}

function requestIdOf(event: unknown): string | undefined {
  const { requestContext } = Object(event) as { readonly requestContext?: { readonly requestId?: unknown } | null };
  const requestId = requestContext?.requestId;
  return typeof requestId === 'string' && requestId !== '' ? requestId : undefined;
}

function methodOf(event: unknown): Request['method'] {
  return (Object(event) as { readonly httpMethod?: unknown }).httpMethod === 'HEAD' ? 'HEAD' : 'GET';
}

function queryOf({ multiValueQueryStringParameters }: ProxyEvent): Record<string, string> {
  const parameters = Object.entries(multiValueQueryStringParameters ?? {}).map(([name, values]) => {
    const [value, second] = values ?? [];
    if (second !== undefined) throw new BadRequest(`${name} must be given once`);
    return [name, value ?? ''] as const;
  });
  // Object.fromEntries keeps a parameter `__proto__`, so the route can reject it. An assignment to an object would lose it.
  return Object.fromEntries(parameters);
}

/** Reads the Accept header. API Gateway keeps the caller's spelling of header names. */
function acceptOf({ multiValueHeaders }: ProxyEvent): string {
  const accept = Object.entries(multiValueHeaders ?? {}).find(([name]) => name.toLowerCase() === 'accept');
  return (accept?.[1] ?? []).join(',');
}

function errorAnswer(error: unknown, requestId: string): APIGatewayProxyResult {
  if (error instanceof BadRequest) return jsonAnswer(400, requestId, { error: error.message, requestId });
  const fields = { requestId, ...errorFields(error) };
  if (error instanceof DatabaseUnavailable) {
    log('error', 'The database is unavailable', { ...fields, check: error.checks });
    const body = { error: 'The database is unavailable at the moment. Try again later.', requestId };
    return jsonAnswer(503, requestId, body, { 'retry-after': String(RETRY_AFTER_SECONDS) });
  }
  if (error instanceof LoginRefused) {
    log('error', 'The login to the database was refused', { ...fields, check: error.checks });
    return jsonAnswer(502, requestId, { error: 'The database refused the login of this service.', requestId });
  }
  log('error', 'The request failed', { ...fields, stack: error instanceof Error ? error.stack : undefined });
  return jsonAnswer(500, requestId, { error: 'The request failed.', requestId });
}

type Headers = Readonly<Record<string, string>>;

function jsonAnswer(statusCode: number, requestId: string, body: object, headers: Headers = {}): APIGatewayProxyResult {
  const contentType = 'application/json; charset=utf-8';
  return { statusCode, headers: { ...headersOf(requestId, contentType), ...headers }, body: stringify(body) };
}

function htmlAnswer(
  requestId: string,
  { html, contentSecurityPolicy }: HtmlPage,
  headers: Headers,
): APIGatewayProxyResult {
  const common = headersOf(requestId, 'text/html; charset=utf-8');
  const policy = { 'content-security-policy': contentSecurityPolicy };
  return { statusCode: 200, headers: { ...common, ...policy, ...headers }, body: html };
}

const headersOf = (requestId: string, contentType: string): Headers => ({
  'cache-control': 'no-store',
  'x-request-id': requestId,
  'content-type': contentType,
});
