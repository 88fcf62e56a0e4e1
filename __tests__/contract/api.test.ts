import SwaggerParser from '@apidevtools/swagger-parser';
import { apiDocument } from '../../contract/api';
import { ROUTE_NAMES, routeOf } from '../../contract/routes';
import { PAGING } from '../../contract/routes/responses';
import { differencesFromDocument, type ApiResponse } from '../support/api-conformance';

describe('the OpenAPI document of the API', () => {
  it('is valid OpenAPI', async () => {
    await expect(SwaggerParser.validate(apiDocument())).resolves.toBeDefined();
  });

  it('has the paths of all routes, or of a given selection, each with GET and HEAD', () => {
    const { paths } = apiDocument();
    expect(Object.keys(paths)).toEqual(ROUTE_NAMES.map((name) => routeOf(name).path));
    expect(Object.keys(apiDocument(['/items']).paths)).toEqual(['/items']);
    for (const item of Object.values(paths)) expect(Object.keys(item ?? {})).toEqual(['get', 'head']);
  });

  it('has the paging parameters only for a paged route', () => {
    expect(apiDocument().paths['/items']?.get?.parameters).toEqual(PAGING);
    expect(apiDocument().paths['/']?.get?.parameters).toEqual([]);
  });
});

describe('a response', () => {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': '1',
  };
  const response = (status: number, body: object, otherHeaders: object = {}): ApiResponse => ({
    status,
    headers: { ...headers, ...otherHeaders },
    json: () => body,
  });

  it('conforms to the document if it has the documented fields and headers', () => {
    expect(differencesFromDocument('GET', '/', response(200, { users: ['analyst'] }))).toEqual([]);
    expect(differencesFromDocument('GET', '/items?limit=2', response(400, { error: 'no', requestId: '1' }))).toEqual(
      [],
    );
  });

  it.each<[deviation: string, path: string, actual: ApiResponse, difference: string]>([
    ['a field is missing', '/', response(200, {}), "GET / → 200:  must have required property 'users'"],
    [
      'a field is undocumented',
      '/',
      response(200, { users: [], more: 1 }),
      'GET / → 200:  must NOT have additional properties',
    ],
    ['the status is undocumented', '/', response(418, {}), 'GET / → 418: the document has no such response'],
    ['a header is missing', '/', response(503, { error: '' }), 'GET / → 503: the header Retry-After is missing'],
    [
      'a header has another value',
      '/',
      response(200, { users: [] }, { 'cache-control': 'private' }),
      'GET / → 200: Cache-Control  must be equal to one of the allowed values',
    ],
    [
      'the media type is undocumented',
      '/',
      response(200, {}, { 'content-type': 'text/html' }),
      'GET / → 200: the document has no body of type text/html',
    ],
  ])('does not conform if %s', (_deviation, path, actual, difference) => {
    expect(differencesFromDocument('GET', path, actual)).toEqual([difference]);
  });
});
