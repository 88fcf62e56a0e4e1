import { GatewayError } from '../../api-gateway/gateway-error';
import { GatewayResponses } from '../../api-gateway/gateway-responses';

const throttled = new GatewayError('THROTTLED');

describe('a gateway response', () => {
  it('is API Gateway’s default if the API defines none', () => {
    const { status, headers, body } = new GatewayResponses({}).answer(throttled, {});
    expect([status, headers, body.toString()]).toEqual([
      429,
      [
        ['content-type', 'application/json'],
        ['x-amzn-ErrorType', 'TooManyRequestsException'],
      ],
      '{"message":"Too Many Requests"}',
    ]);
  });

  it('has the status, headers and body that the API defines for its type, or else those for DEFAULT_4XX', () => {
    const responses = new GatewayResponses({
      DEFAULT_4XX: { statusCode: '400', responseTemplates: { 'text/csv': 'too,long' } },
      THROTTLED: {
        statusCode: '503',
        responseParameters: {
          'gatewayresponse.header.Content-Type': "'text/plain; charset=utf-8'",
          'gatewayresponse.header.Retry-After': "'1'",
          'gatewayresponse.header.X-Request-Id': 'context.requestId',
        },
        responseTemplates: { 'text/plain': 'slow down, $context.requestId' },
      },
    });
    const { status, headers, body } = responses.answer(throttled, { requestId: '7' });
    expect([status, body.toString()]).toEqual([503, 'slow down, 7']);
    expect(headers).toEqual([
      ['x-amzn-ErrorType', 'TooManyRequestsException'],
      ['Content-Type', 'text/plain; charset=utf-8'],
      ['Retry-After', '1'],
      ['X-Request-Id', '7'],
    ]);
    const tooLarge = responses.answer(new GatewayError('REQUEST_TOO_LARGE'), {});
    expect([tooLarge.status, tooLarge.body.toString()]).toEqual([400, 'too,long']);
    expect(tooLarge.headers).toEqual([
      ['content-type', 'text/csv'],
      ['x-amzn-ErrorType', 'RequestTooLargeException'],
    ]);
  });

  const statusWith = (responses: ConstructorParameters<typeof GatewayResponses>[0]): number => {
    const failed = new GatewayError('INTEGRATION_FAILURE', 'Rate Exceeded.', 500);
    return new GatewayResponses(responses).answer(failed, {}).status;
  };

  it('of type INTEGRATION_FAILURE has status 504 if the API defines the type without a status', () => {
    expect(statusWith({ INTEGRATION_FAILURE: {} })).toBe(504);
  });

  it('of type INTEGRATION_FAILURE has the error’s status if the API does not define the type', () => {
    expect(statusWith({ DEFAULT_5XX: {} })).toBe(500);
    expect(statusWith({})).toBe(500);
  });

  it('adds its error to the context, for the access log', () => {
    const context = {};
    new GatewayResponses({}).answer(new GatewayError('DEFAULT_5XX', 'The function failed'), context);
    expect(context).toEqual({
      'error.message': 'Internal server error',
      'error.messageString': '"Internal server error"',
      'error.responseType': 'DEFAULT_5XX',
      'integration.error': 'The function failed',
    });
  });

  it.each([
    [
      'a Velocity statement',
      { responseTemplates: { 'application/json': '#set($x = 1){"error":"$x"}' } },
      /template of the gateway response THROTTLED/,
    ],
    [
      'a header from the request',
      { responseParameters: { 'gatewayresponse.header.x-caller': 'method.request.header.from' } },
      /x-caller = method\.request\.header\.from of the gateway response THROTTLED is not supported/,
    ],
  ])('with %s is rejected', (_what, response, reason) => {
    expect(() => new GatewayResponses({ THROTTLED: response })).toThrow(reason);
  });
});
