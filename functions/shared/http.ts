import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { BadRequest, DatabaseAway, LoginRefused } from './errors';
import { errorFields, log } from './log';

/** What a route gets of a request. */
export interface Request {
  /** Query parameters; each name occurs once. */
  readonly query: Readonly<Record<string, string>>;
  /** The id that the caller, API Gateway's log and ours have in common. */
  readonly requestId: string;
}

/** Answers one kind of request with what becomes the JSON body. */
export type Route = (request: Request) => Promise<object>;

export type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** How long a caller should wait for a database that is away, seconds: about what a failover takes. */
const RETRY_AFTER_SECONDS = 10;

/** Makes a Lambda handler of a route. Whatever happens is an answer in JSON, and none tells anything internal. */
export function httpHandler(route: Route): Handler {
  return async (event, context) => {
    const requestId = event.requestContext.requestId || context.awsRequestId;
    try {
      return answer(200, requestId, await route({ query: queryOf(event), requestId }));
    } catch (error) {
      return refuse(error, requestId);
    }
  };
}

function queryOf({ multiValueQueryStringParameters }: APIGatewayProxyEvent): Record<string, string> {
  const parameters = Object.entries(multiValueQueryStringParameters ?? {}).map(([name, values]) => {
    const [value, second] = values ?? [];
    if (second !== undefined) throw new BadRequest(`${name} must be given once`);
    return [name, value ?? ''] as const;
  });
  // Assigned one by one, a parameter __proto__ would vanish instead of being refused.
  return Object.fromEntries(parameters);
}

function refuse(error: unknown, requestId: string): APIGatewayProxyResult {
  if (error instanceof BadRequest) return answer(400, requestId, { error: error.message, requestId });
  const fields = { requestId, ...errorFields(error) };
  if (error instanceof DatabaseAway) {
    log('error', 'The database does not answer', { ...fields, check: error.checks });
    const body = { error: 'The database does not answer at the moment. Try again later.', requestId };
    return answer(503, requestId, body, { 'retry-after': String(RETRY_AFTER_SECONDS) });
  }
  if (error instanceof LoginRefused) {
    log('error', 'The login to the database was refused', { ...fields, check: error.checks });
    return answer(502, requestId, { error: 'The database refused the login of this service.', requestId });
  }
  log('error', 'The request failed', { ...fields, stack: error instanceof Error ? error.stack : undefined });
  return answer(500, requestId, { error: 'The request failed.', requestId });
}

function answer(
  statusCode: number,
  requestId: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyResult {
  return {
    statusCode,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-request-id': requestId,
      ...headers,
    },
    body: JSON.stringify(body),
  };
}
