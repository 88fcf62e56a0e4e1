import { readApiDocument } from '../../api-gateway/api-document';
import { integration, operation, restApi } from '../support/http-state';

const [{ body }] = restApi()['aws_api_gateway_rest_api'] as [{ readonly body: string }];
const DOCUMENT = JSON.parse(body) as object;

/** Changes top-level fields of an API document whose operation is GET /items, and reads the document. */
const read = (change: object = {}) => readApiDocument(JSON.stringify({ ...DOCUMENT, ...change }));

/** Changes the operation GET /items, and reads the document. */
const readWithOperation = (change: object) => read({ paths: { '/items': { get: { ...operation(), ...change } } } });

describe('an API document', () => {
  it('has an operation for each method of each path', () => {
    const paths = {
      '/': { description: 'ignored', get: operation(), 'x-amazon-apigateway-any-method': operation() },
      '/items/{id}': { parameters: [], delete: operation() },
    };
    expect(read({ paths }).operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /',
      'ANY /',
      'DELETE /items/{id}',
    ]);
  });

  it('has the declared gateway responses by type, or none', () => {
    const responses = { THROTTLED: { statusCode: '503' } };
    expect(read().gatewayResponses).toEqual({});
    expect(read({ 'x-amazon-apigateway-gateway-responses': responses }).gatewayResponses).toEqual(responses);
  });

  const keyInQuery = { api_key: { type: 'apiKey', in: 'query', name: 'x-api-key' } };
  const authorizer = { type: 'apiKey', in: 'header', name: 'x-api-key', 'x-amazon-apigateway-authorizer': {} };

  it.each<[what: string, change: object, reason: RegExp]>([
    ['in OpenAPI 3.1', { openapi: '3.1.0' }, /is not supported by the local AWS\. Supported: OpenAPI 3\.0 in JSON\.$/],
    ['with security at its root, which API Gateway ignores,', { security: [] }, /Security of the whole document/],
    ['with an unknown extension', { 'x-amazon-apigateway-policy': {} }, /x-amazon-apigateway-policy of the document/],
    ['with an unknown method', { paths: { '/items': { trace: operation() } } }, /trace \/items is not supported/],
    [
      'with an API key in the query',
      { components: { securitySchemes: keyInQuery } },
      /security scheme api_key of get \/items/,
    ],
    ['with an authorizer', { components: { securitySchemes: { api_key: authorizer } } }, /security scheme api_key of/],
  ])('%s is rejected', (_what, change, reason) => {
    expect(() => read(change)).toThrow(reason);
  });

  it('in YAML is rejected, although API Gateway accepts it', () => {
    expect(() => readApiDocument('openapi: 3.0.1\npaths: {}\n')).toThrow(/Supported: OpenAPI 3\.0 in JSON\.$/);
  });
});

describe('an operation', () => {
  it('requires an API key only if its security names a scheme for x-api-key', () => {
    const requiresKey = (change: object) => readWithOperation(change).operations[0]?.apiKeyRequired;
    expect(requiresKey({})).toBe(true);
    expect(requiresKey({ security: [] })).toBe(false);
    expect(requiresKey({ security: undefined })).toBe(false);
  });

  it('has the integration that the document declares for it, or none', () => {
    const integrationAfter = (change: object) => readWithOperation(change).operations[0]?.integration;
    expect(integrationAfter({})).toEqual(integration());
    expect(integrationAfter({ 'x-amazon-apigateway-integration': undefined })).toBeUndefined();
  });

  it.each<[what: string, change: object, reason: RegExp]>([
    [
      'an authentication type',
      { 'x-amazon-apigateway-auth': {} },
      /x-amazon-apigateway-auth of get \/items is not supported/,
    ],
    [
      'IAM authorization',
      { security: [{ sigv4: [] }] },
      /security scheme sigv4 of get \/items is not supported.*API key/,
    ],
    [
      'a request template',
      { 'x-amazon-apigateway-integration': { ...integration(), requestTemplates: {} } },
      /get \/items: .*requestTemplates/s,
    ],
    [
      'a timeout above 29 seconds',
      { 'x-amazon-apigateway-integration': { ...integration(), timeoutInMillis: 29_001 } },
      /get \/items: .*29000/s,
    ],
  ])('with %s is rejected', (_what, change, reason) => {
    expect(() => readWithOperation(change)).toThrow(reason);
  });
});
