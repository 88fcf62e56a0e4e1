import { extendedHeader, headerOf, type Header } from '../http/headers';
import { requestFacts, type ApiRequest } from './request';
import type { RestApi, Stage } from './rest-api';
import type { RouteMatch } from './router';

/** One request, with all the information that its event contains. */
export interface ProxyCall {
  readonly api: RestApi;
  readonly stage: Stage;
  readonly match: RouteMatch;
  readonly request: ApiRequest;
  /** Id of the API key, if the route requires one. */
  readonly apiKeyId: string | undefined;
  readonly body: Buffer | undefined;
}

/**
 * Makes the event of a Lambda proxy integration, payload format 1.0.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEvent(call: ProxyCall): object {
  const { api, stage, match, request, body } = call;
  const headers = forwardedHeaders(request);
  const query = [...new URLSearchParams(request.query)];
  const isBase64Encoded = body !== undefined && isBinary(api, headerOf(headers, 'content-type'));
  return {
    resource: match.route.resourcePath,
    path: request.path,
    httpMethod: request.method,
    headers: Object.fromEntries(headers),
    multiValueHeaders: grouped(headers),
    // The last value of a repeated name wins.
    queryStringParameters: query.length > 0 ? Object.fromEntries(query) : null,
    multiValueQueryStringParameters: query.length > 0 ? grouped(query) : null,
    pathParameters: match.pathParameters,
    stageVariables: stage.variables,
    requestContext: requestContext(call),
    body: body?.toString(isBase64Encoded ? 'base64' : 'utf8') ?? null,
    isBase64Encoded,
  };
}

/** Whether a content type is a binary media type of the API. */
export function isBinary({ binaryMediaTypes }: RestApi, contentType: string | undefined): boolean {
  const [type = ''] = (contentType ?? '').split(/[;,]/);
  return binaryMediaTypes.includes('*/*') || binaryMediaTypes.includes(type.trim());
}

function requestContext({ api, stage, match: { route }, request, apiKeyId }: ProxyCall): object {
  return {
    ...requestFacts(request, api, stage),
    requestTimeEpoch: request.receivedAt.getTime(),
    identity: {
      accessKey: null,
      accountId: null,
      ...(apiKeyId !== undefined && { apiKey: request.apiKey, apiKeyId }),
      caller: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: request.sourceIp,
      user: null,
      userAgent: request.userAgent ?? null,
      userArn: null,
    },
    resourceId: route.resourceId,
    resourcePath: route.resourcePath,
  };
}

/**
 * Returns the caller's headers and those that API Gateway adds. An added header replaces the caller's values of that name, except
 * X-Forwarded-For, which extends them.
 */
function forwardedHeaders({ headers, sourceIp, traceId }: ApiRequest): Header[] {
  const added = new Set(['x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto', 'x-amzn-trace-id']);
  return [
    ...headers.filter(([name]) => !added.has(name.toLowerCase())),
    ['X-Amzn-Trace-Id', traceId],
    ['X-Forwarded-For', extendedHeader(headers, 'x-forwarded-for', sourceIp)],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ];
}

/** Groups values by name, in a Map because a plain object already has members such as `constructor` and `__proto__`. */
function grouped(pairs: readonly Header[]): Record<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) groups.set(name, [...(groups.get(name) ?? []), value]);
  return Object.fromEntries(groups);
}
