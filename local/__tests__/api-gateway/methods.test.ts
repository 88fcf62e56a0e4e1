import { methodsOf } from '../../api-gateway/methods';
import type { Operation } from '../../api-gateway/api-document';
import { ARNS, integration } from '../support/http-state';

const INTEGRATION = integration();

const operation = (change: Partial<Operation> = {}): Operation => ({
  path: '/items',
  method: 'GET',
  apiKeyRequired: true,
  integration: INTEGRATION,
  ...change,
});

const methodsFrom = (...operations: readonly Operation[]) => methodsOf(operations, 'root');

describe('a method', () => {
  it('invokes the function in the URI of its integration', () => {
    expect(methodsFrom(operation({ path: '/items/{id}', method: 'ANY', apiKeyRequired: false }))).toEqual([
      {
        resourceId: expect.stringMatching(/^\w{6}$/),
        resourcePath: '/items/{id}',
        method: 'ANY',
        apiKeyRequired: false,
        functionArn: ARNS.function,
        timeoutMs: 29_000,
      },
    ]);
  });

  it('has the timeout of its integration, 29 seconds by default', () => {
    const withTimeout = operation({ integration: { ...INTEGRATION, timeoutInMillis: 50 } });
    expect(methodsFrom(operation(), withTimeout).map(({ timeoutMs }) => timeoutMs)).toEqual([29_000, 50]);
  });

  it('has the resource id of its path; the path / has the API’s root resource id', () => {
    const [root, get, post, other] = methodsFrom(
      operation({ path: '/' }),
      operation(),
      operation({ method: 'POST' }),
      operation({ path: '/func1' }),
    ).map(({ resourceId }) => resourceId);
    expect(root).toBe('root');
    expect(post).toBe(get);
    expect(other).not.toBe(get);
  });

  it('accepts an integration type in capitals', () => {
    expect(methodsFrom(operation({ integration: { ...INTEGRATION, type: 'AWS_PROXY' } }))).toHaveLength(1);
  });
});

describe('an operation', () => {
  const variableUri = INTEGRATION.uri.replace('items', '${stageVariables.name}');

  it.each([
    [
      'an HTTP integration',
      { type: 'http_proxy' },
      /^The integration of GET \/items, http_proxy with POST, is not supported/,
    ],
    [
      'an integration with the HTTP method GET',
      { httpMethod: 'GET' },
      /aws_proxy with GET, is not supported.*aws_proxy with POST/,
    ],
    [
      'a stage variable in the URI of its integration',
      { uri: variableUri },
      /name\}\/invocations, is not supported.*the invoke ARN/,
    ],
    [
      'an integration URI that is not an invoke ARN',
      { uri: ARNS.function },
      /names no function: arn:.* Set uri to the invoke ARN/,
    ],
  ])('with %s is rejected', (_what, change, reason) => {
    expect(() => methodsFrom(operation({ integration: { ...INTEGRATION, ...change } }))).toThrow(reason);
  });

  it('without an integration is rejected', () => {
    expect(() => methodsFrom(operation({ integration: undefined }))).toThrow('GET /items is missing. Add one');
  });
});
