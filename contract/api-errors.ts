import type { OpenAPIV3 } from 'openapi-types';

type Headers = NonNullable<OpenAPIV3.ResponseObject['headers']>;

/** Headers of every answer. */
export const HEADERS: Headers = {
  'Cache-Control': { description: 'No answer is kept by anyone', schema: { type: 'string', enum: ['no-store'] } },
  'X-Request-Id': {
    description: 'Names the request in the logs. Tell it where something goes wrong.',
    schema: { type: 'string' },
  },
};

const RETRY_AFTER: Headers = {
  'Retry-After': { description: 'Call again after so many seconds', schema: { type: 'string', pattern: '^\\d+$' } },
};

/** Body of an error answer. */
export const errorSchema: OpenAPIV3.SchemaObject = {
  type: 'object',
  properties: {
    error: {
      type: 'string',
      description: 'What is wrong, for people',
      example: 'limit must be a whole number from 1 to 1000',
    },
    requestId: { type: 'string', description: 'As in the header `X-Request-Id`' },
  },
  required: ['error'],
  additionalProperties: false,
};

interface ErrorAnswer {
  readonly description: string;
  /** Whether the answer has the header Retry-After. @default false */
  readonly retryAfter?: boolean;
  /** Whether CloudFront or WAF answers: then there is no request id and no JSON. @default false */
  readonly byEdge?: boolean;
}

const ERRORS: Readonly<Record<string, ErrorAnswer>> = {
  '400': { description: 'A parameter is unknown, given twice, or out of its range' },
  '403': {
    description: 'The address is in no office, or the method is neither GET nor HEAD: a page of CloudFront',
    byEdge: true,
  },
  '404': { description: 'There is no such route' },
  '429': { description: 'Too many requests, or the quota is used up', retryAfter: true },
  '500': { description: 'The request failed; the log has the reason' },
  '502': { description: 'The database refused the login of the service' },
  '503': { description: 'The database, or the service, cannot be reached at the moment', retryAfter: true },
  '504': { description: 'The request took too long' },
};

/**
 * Describes the error answers, by status code.
 *
 * @param content content of the body. @default - the answers have no body
 */
export function errorAnswers(content?: OpenAPIV3.ResponseObject['content']): OpenAPIV3.ResponsesObject {
  return Object.fromEntries(
    Object.entries(ERRORS).map(([status, { description, retryAfter, byEdge }]) => [
      status,
      byEdge === true
        ? { description }
        : {
            description,
            headers: { ...(status === '429' ? {} : HEADERS), ...(retryAfter === true && RETRY_AFTER) },
            ...(content && { content }),
          },
    ]),
  );
}
