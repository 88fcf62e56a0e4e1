import type { OpenAPIV3 } from 'openapi-types';

type Headers = NonNullable<OpenAPIV3.ResponseObject['headers']>;

/** Headers of every answer of the functions and of API Gateway. */
export const HEADERS: Headers = {
  'Cache-Control': { description: 'No cache stores an answer', schema: { type: 'string', enum: ['no-store'] } },
  'X-Request-Id': {
    description: 'Identifies the request in the logs. Quote it when you report an error.',
    schema: { type: 'string' },
  },
};

const RETRY_AFTER: Headers = {
  'Retry-After': { description: 'Seconds to wait before the next call', schema: { type: 'string', pattern: '^\\d+$' } },
};

/** Body of an error answer. */
export const errorSchema: OpenAPIV3.SchemaObject = {
  type: 'object',
  properties: {
    error: {
      type: 'string',
      description: 'The error, for people to read',
      example: 'limit must be a whole number from 1 to 1000',
    },
    requestId: { type: 'string', description: 'The same as the header `X-Request-Id`' },
  },
  required: ['error'],
  additionalProperties: false,
};

interface ErrorAnswer {
  readonly description: string;
  /** @default false */
  readonly hasRetryAfter?: boolean;
  /** Whether the answer may be an HTML page of CloudFront. If so, the OpenAPI document gives only the description. @default false */
  readonly mayBeHtmlPage?: boolean;
}

const ERRORS: Readonly<Record<string, ErrorAnswer>> = {
  '400': { description: 'A parameter is unknown, repeated or invalid' },
  '403': {
    description:
      'The IP address of the caller is not in the allowlist, or the method is neither GET nor HEAD. In these cases, CloudFront answers with a page. API Gateway also answers 403, in JSON, to an unknown path with an Authorization header',
    mayBeHtmlPage: true,
  },
  '404': { description: 'The route does not exist' },
  '429': { description: 'Too many requests, or the quota is exhausted', hasRetryAfter: true },
  '500': { description: 'The request failed; the log has the reason' },
  '502': { description: 'The database refused the login of the function' },
  '503': {
    description: 'The database or the function is unavailable at the moment, or the function crashed or timed out',
    hasRetryAfter: true,
  },
  '504': { description: 'The function did not answer within 29 s, the limit of API Gateway' },
};

/** Describes the error answers, by status code. Without `content`, as for HEAD, they have no body. */
export function errorAnswers(content?: OpenAPIV3.ResponseObject['content']): OpenAPIV3.ResponsesObject {
  return Object.fromEntries(
    Object.entries(ERRORS).map(([status, { description, hasRetryAfter, mayBeHtmlPage }]) => [
      status,
      mayBeHtmlPage === true
        ? { description }
        : {
            description,
            // AWS WAF also answers 429, without X-Request-Id. So for 429 the document promises only Retry-After.
            headers: { ...(status === '429' ? {} : HEADERS), ...(hasRetryAfter === true && RETRY_AFTER) },
            ...(content && { content }),
          },
    ]),
  );
}
