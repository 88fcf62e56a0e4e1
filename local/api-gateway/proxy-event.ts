import { forwardedFor, headerOf, type Header } from '../http/headers';
import { requestFacts, type ApiRequest } from './request';
import type { RestApi, Stage } from './rest-api';
import type { RouteMatch } from './router';

/** Everything that makes the event of one request. */
export interface ProxyCall {
  readonly api: RestApi;
  readonly stage: Stage;
  readonly match: RouteMatch;
  readonly request: ApiRequest;
  /** Id of the API key, where one was asked for. */
  readonly apiKeyId: string | undefined;
  readonly body: Buffer | undefined;
}

/**
 * The event of a Lambda proxy integration, payload format 1.0.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEvent(call: ProxyCall): object {
  const { api, stage, match, request, body } = call;
  const headers = forwarded(request);
  const query = [...new URLSearchParams(request.query)];
  const isBase64Encoded = body !== undefined && isBinary(api, headerOf(headers, 'content-type'));
  return {
    resource: match.route.resourcePath,
    path: request.path,
    httpMethod: request.method,
    headers: Object.fromEntries(headers),
    multiValueHeaders: grouped(headers),
    // Where a name occurs more than once, the last value stands here.
    queryStringParameters: query.length > 0 ? Object.fromEntries(query) : null,
    multiValueQueryStringParameters: query.length > 0 ? grouped(query) : null,
    pathParameters: match.pathParameters,
    stageVariables: stage.variables,
    requestContext: requestContext(call),
    body: body?.toString(isBase64Encoded ? 'base64' : 'utf8') ?? null,
    isBase64Encoded,
  };
}

/** Whether API Gateway takes a content type for binary. */
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

/** Headers of the caller, and what API Gateway adds; it sets or extends its own, whatever the caller sent. */
function forwarded({ headers, sourceIp, traceId }: ApiRequest): Header[] {
  const own = new Set(['x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto', 'x-amzn-trace-id']);
  return [
    ...headers.filter(([name]) => !own.has(name.toLowerCase())),
    ['X-Amzn-Trace-Id', traceId],
    ['X-Forwarded-For', forwardedFor(headers, sourceIp)],
    ['X-Forwarded-Port', '443'],
    ['X-Forwarded-Proto', 'https'],
  ];
}

/** A caller may name a header or a parameter `constructor`, or `__proto__`: an object has such members already. */
function grouped(pairs: readonly Header[]): Record<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) groups.set(name, [...(groups.get(name) ?? []), value]);
  return Object.fromEntries(groups);
}
