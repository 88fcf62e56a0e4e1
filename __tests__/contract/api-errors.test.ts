import type { OpenAPIV3 } from 'openapi-types';
import { errorAnswers, errorSchema } from '../../contract/api-errors';

const content = { 'application/json': { schema: errorSchema } };
const answers = errorAnswers(content) as Record<string, OpenAPIV3.ResponseObject>;

const headersOf = (status: string): string[] => Object.keys(answers[status]?.headers ?? {});

describe('the documented error responses', () => {
  it('are for the statuses 400, 403, 404, 429, 500, 502, 503 and 504', () => {
    expect(Object.keys(answers)).toEqual(['400', '403', '404', '429', '500', '502', '503', '504']);
  });

  it('have Retry-After only for 429 and 503', () => {
    const withRetryAfter = Object.keys(answers).filter((status) => headersOf(status).includes('Retry-After'));
    expect(withRetryAfter).toEqual(['429', '503']);
  });

  it('have the headers Cache-Control and X-Request-Id, except 403 and 429, which AWS WAF or CloudFront may send', () => {
    for (const status of ['400', '404', '500', '502', '503', '504'])
      expect(headersOf(status)).toEqual(expect.arrayContaining(['Cache-Control', 'X-Request-Id']));
    expect(headersOf('429')).toEqual(['Retry-After']);
    expect(answers['403']).toEqual({ description: expect.any(String) as string });
  });

  it('have the given content, except 403', () => {
    const withContent = Object.keys(answers).filter((status) => answers[status]?.content === content);
    expect(withContent).toEqual(['400', '404', '429', '500', '502', '503', '504']);
  });

  it('have no content if none is given, as for HEAD', () => {
    for (const answer of Object.values(errorAnswers())) expect(answer).not.toHaveProperty('content');
  });
});
