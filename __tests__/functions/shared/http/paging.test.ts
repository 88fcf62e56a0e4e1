import type { Context } from 'aws-lambda';
import { BadRequest, httpHandler } from '../../../../functions/shared/http/http-handler';
import { cursorAfter, cutPage, parsePage } from '../../../../functions/shared/http/paging';

const parseId = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);

describe('parsePage', () => {
  it('asks for 100 rows from the beginning unless the caller says otherwise', () => {
    expect(parsePage({}, parseId)).toEqual({ limit: 100 });
    expect(parsePage({ limit: '1000', cursor: cursorAfter('7') }, parseId)).toEqual({ limit: 1000, after: 7 });
  });

  it.each(['0', '1001', '-1', '1.5', '1e3', '', ' 1', '٣'])('refuses the limit %j', (limit) => {
    expect(() => parsePage({ limit }, parseId)).toThrow('limit must be a whole number from 1 to 1000');
  });

  it.each(['', '!', cursorAfter('x')])('refuses the cursor %j', (cursor) => {
    expect(() => parsePage({ cursor }, parseId)).toThrow('cursor must be the value of "next" in an earlier answer');
  });

  it('refuses an unknown parameter and names it', () => {
    expect(() => parsePage({ limit: '1', page: '2' }, parseId)).toThrow(
      'Unknown parameter "page". Supported: limit, cursor.',
    );
  });

  it('accepts the route’s own parameters, and leaves their values to the route', () => {
    expect(parsePage({ limit: '1', country: 'x' }, parseId, ['country'])).toEqual({ limit: 1 });
  });

  it('lists the route’s own parameters too if it refuses an unknown one', () => {
    expect(() => parsePage({ country: 'DE', page: '2' }, parseId, ['country', 'sort'])).toThrow(
      'Unknown parameter "page". Supported: limit, cursor, country, sort.',
    );
  });
});

describe('a paged route with a parameter of its own', () => {
  const route = httpHandler(({ query }) => {
    const { limit } = parsePage(query, parseId, ['country']);
    const { country } = query;
    if (country !== undefined && !/^[A-Z]{2}$/.test(country))
      throw new BadRequest('country must be two capital letters, for example DE');
    return Promise.resolve({ limit, country });
  });

  it.each([
    [{}, 200, { limit: 100 }],
    [{ country: ['DE'], limit: ['5'] }, 200, { limit: 5, country: 'DE' }],
    [{ country: ['de'] }, 400, { error: 'country must be two capital letters, for example DE' }],
    [{ country: [''] }, 400, { error: 'country must be two capital letters, for example DE' }],
    [{ country: ['DE', 'FR'] }, 400, { error: 'country must be given once' }],
    [{ contry: ['DE'] }, 400, { error: 'Unknown parameter "contry". Supported: limit, cursor, country.' }],
  ])('answers the parameters %j with %i %j', async (multiValueQueryStringParameters, status, answer) => {
    const event = { httpMethod: 'GET', multiValueQueryStringParameters };
    const { statusCode, body } = await route(event, { awsRequestId: '1' } as Context);
    expect([statusCode, JSON.parse(body)]).toEqual([status, expect.objectContaining(answer)]);
  });
});

describe('cutPage', () => {
  it.each([
    [[], 2, [], null],
    [[1, 2], 2, [1, 2], null],
    [[1, 2, 3], 2, [1, 2], cursorAfter('2')],
  ])('cuts %j to the limit %i: rows %j, next cursor %j', (rows, limit, page, next) => {
    expect(cutPage(rows, limit, String)).toEqual({ rows: page, next });
  });
});
