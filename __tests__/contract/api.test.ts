import SwaggerParser from '@apidevtools/swagger-parser';
import { apiDocument } from '../../contract/api';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../../contract/paging';
import { ROUTE_NAMES, routeOf } from '../../contract/routes';
import { differencesFromDocument } from '../support/api-conformance';
import type { HttpResponse } from '../../local/__tests__/support/http-client';

describe('the document of the API', () => {
  it('is valid OpenAPI', async () => {
    await expect(SwaggerParser.validate(apiDocument())).resolves.toBeDefined();
  });

  it('has the paths of a deployment, each with GET and HEAD', () => {
    expect(Object.keys(apiDocument().paths)).toEqual(ROUTE_NAMES.map((name) => routeOf(name).path));
    const { paths } = apiDocument(['/items']);
    expect(Object.entries(paths).map(([path, item]) => [path, Object.keys(item ?? {})])).toEqual([
      ['/items', ['get', 'head']],
    ]);
  });

  it('has the limits that the functions check', () => {
    expect(apiDocument().paths['/items']?.get?.parameters).toContainEqual(
      expect.objectContaining({
        name: 'limit',
        schema: expect.objectContaining({ default: DEFAULT_LIMIT, maximum: MAX_LIMIT }),
      }),
    );
  });
});

describe('an answer', () => {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': '1',
  };
  const answer = (status: number, body: object, more: object = {}): HttpResponse => {
    const text = JSON.stringify(body);
    return { status, headers: { ...headers, ...more }, text, bytes: Buffer.from(text), json: () => JSON.parse(text) };
  };

  it('conforms if it has exactly the fields and headers of the document', () => {
    expect(differencesFromDocument('GET', '/', answer(200, { users: ['analyst'] }))).toEqual([]);
    expect(differencesFromDocument('GET', '/items?limit=2', answer(400, { error: 'no', requestId: '1' }))).toEqual([]);
  });

  it.each<[what: string, path: string, called: HttpResponse, difference: string]>([
    ['a field is missing', '/', answer(200, {}), "GET / → 200:  must have required property 'users'"],
    ['a field is new', '/', answer(200, { users: [], more: 1 }), 'GET / → 200:  must NOT have additional properties'],
    ['a field has another type', '/', answer(200, { users: [1] }), 'GET / → 200: /users/0 must be string'],
    ['a status is new', '/', answer(418, {}), 'GET / → 418: the document has no such answer'],
    ['a header is missing', '/', answer(503, { error: '' }), 'GET / → 503: the header Retry-After is missing'],
    [
      'a header has another value',
      '/',
      answer(200, { users: [] }, { 'cache-control': 'private' }),
      'GET / → 200: Cache-Control  must be equal to one of the allowed values',
    ],
    [
      'it is not JSON',
      '/',
      answer(200, {}, { 'content-type': 'text/html' }),
      'GET / → 200: the document has no text/html',
    ],
  ])('does not conform if %s', (_what, path, called, difference) => {
    expect(differencesFromDocument('GET', path, called)).toEqual([difference]);
  });
});
