import type { OpenAPIV3 } from 'openapi-types';
import { errorAnswers, errorSchema } from '../../contract/api-errors';

const content = { 'application/json': { schema: errorSchema } };
const answers = errorAnswers(content) as Record<string, OpenAPIV3.ResponseObject>;

const headersOf = (status: string): string[] => Object.keys(answers[status]?.headers ?? {});

describe('the error answers', () => {
  it('have every status that a caller can meet', () => {
    expect(Object.keys(answers)).toEqual(['400', '403', '404', '429', '500', '502', '503', '504']);
  });

  it('say when to call again if that helps', () => {
    const retried = Object.keys(answers).filter((status) => headersOf(status).includes('Retry-After'));
    expect(retried).toEqual(['429', '503']);
  });

  it('have the headers of every answer, unless AWS WAF or CloudFront may send them', () => {
    for (const status of ['400', '404', '500', '502', '503', '504'])
      expect(headersOf(status)).toEqual(expect.arrayContaining(['Cache-Control', 'X-Request-Id']));
    expect(headersOf('429')).toEqual(['Retry-After']);
    expect(answers['403']).toEqual({ description: expect.any(String) as string });
  });

  it('have a body only for methods that have one', () => {
    expect(answers['500']?.content).toBe(content);
    for (const answer of Object.values(errorAnswers())) expect(answer).not.toHaveProperty('content');
  });

  it('require a message, and allow a request id, which an answer of AWS WAF does not have', () => {
    expect(errorSchema).toMatchObject({ required: ['error'], additionalProperties: false });
    expect(Object.keys(errorSchema.properties ?? {})).toEqual(['error', 'requestId']);
  });
});
