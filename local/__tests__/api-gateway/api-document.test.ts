import { readApiDocument } from '../../api-gateway/api-document';
import { operation, restApi } from '../support/http-state';

const [{ body }] = restApi()['aws_api_gateway_rest_api'] as [{ readonly body: string }];
const DOCUMENT = JSON.parse(body) as object;
const INTEGRATION = operation()['x-amazon-apigateway-integration'];

/** Reads the document of an API with GET /items after a change. */
const read = (change: object = {}) => readApiDocument(JSON.stringify({ ...DOCUMENT, ...change }));

/** Reads it with another operation. */
const readGet = (values: object) => read({ paths: { '/items': { get: { ...operation(), ...values } } } });

describe('the document of an API', () => {
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

  it('has gateway responses by their types, none by default', () => {
    const responses = { THROTTLED: { statusCode: '503' } };
    expect(read().gatewayResponses).toEqual({});
    expect(read({ 'x-amazon-apigateway-gateway-responses': responses }).gatewayResponses).toEqual(responses);
  });
});

describe('an operation', () => {
  it('requires an API key if its security names a scheme for x-api-key', () => {
    const isRequired = (values: object) => readGet(values).operations.map(({ apiKeyRequired }) => apiKeyRequired);
    expect([isRequired({}), isRequired({ security: [] }), isRequired({ security: undefined })]).toEqual([
      [true],
      [false],
      [false],
    ]);
  });

  it('has its integration, or none', () => {
    expect(readGet({}).operations[0]?.integration).toEqual(INTEGRATION);
    expect(readGet({ 'x-amazon-apigateway-integration': undefined }).operations[0]?.integration).toBeUndefined();
  });
});

describe('a document', () => {
  it.each<[what: string, change: object, reason: RegExp]>([
    ['OpenAPI 3.1', { openapi: '3.1.0' }, /is not served on one machine\. Supported: OpenAPI 3\.0 in JSON\.$/],
    [
      'a key required by the whole document, which AWS does not document',
      { security: [{ api_key: [] }] },
      /Security of the whole document is not served/,
    ],
    [
      'another extension',
      { 'x-amazon-apigateway-policy': {} },
      /x-amazon-apigateway-policy of the document is not served/,
    ],
    ['an unknown method', { paths: { '/items': { trace: operation() } } }, /trace \/items is not served/],
    [
      'an API key in the query',
      { components: { securitySchemes: { api_key: { type: 'apiKey', in: 'query', name: 'x-api-key' } } } },
      /security scheme api_key of get \/items is not served/,
    ],
  ])('is rejected with %s', (_what, change, reason) => {
    expect(() => read(change)).toThrow(reason);
  });

  it('is rejected in YAML, which API Gateway also accepts', () => {
    expect(() => readApiDocument('openapi: 3.0.1\npaths: {}\n')).toThrow(/Supported: OpenAPI 3\.0 in JSON\.$/);
  });

  it.each<[what: string, values: object, reason: RegExp]>([
    ['IAM authorization', { security: [{ sigv4: [] }] }, /security scheme sigv4 of get \/items is not served.*API key/],
    [
      'a request template',
      { 'x-amazon-apigateway-integration': { ...INTEGRATION, requestTemplates: {} } },
      /get \/items: .*requestTemplates/s,
    ],
    [
      'a timeout above 29 seconds',
      { 'x-amazon-apigateway-integration': { ...INTEGRATION, timeoutInMillis: 29_001 } },
      /get \/items: .*29000/s,
    ],
  ])('is rejected with an operation that has %s', (_what, values, reason) => {
    expect(() => readGet(values)).toThrow(reason);
  });
});
