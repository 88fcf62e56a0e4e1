import { gatewayResponses } from '../../../modules/api/gateway-responses';

describe('API Gateway', () => {
  it('answers in JSON if no function answers', () => {
    const answers = Object.entries(gatewayResponses).map(([type, { statusCode, responseTemplates }]) => {
      const body = JSON.parse(responseTemplates['application/json']) as { error: string };
      expect(Object.keys(body)).toEqual(['error', 'requestId']);
      return [type, statusCode, body.error];
    });
    expect(answers.sort()).toEqual([
      ['API_CONFIGURATION_ERROR', '503', 'The service cannot take the request at the moment. Try again in a moment.'],
      ['DEFAULT_4XX', undefined, 'API Gateway refused the request.'],
      ['DEFAULT_5XX', undefined, 'The request failed.'],
      ['INTEGRATION_FAILURE', '503', 'The service cannot take the request at the moment. Try again in a moment.'],
      ['INTEGRATION_TIMEOUT', undefined, 'The request took too long.'],
      ['INVALID_API_KEY', '403', 'The API key is missing or wrong.'],
      ['MISSING_AUTHENTICATION_TOKEN', '404', 'There is no such route.'],
      ['QUOTA_EXCEEDED', '429', 'The quota of requests is used up.'],
      ['THROTTLED', '429', 'Too many requests. Try again in a moment.'],
    ]);
  });

  it('sends its own answers with the usual headers of the functions, and with Retry-After only for 429 and 503', () => {
    for (const { statusCode, responseParameters } of Object.values(gatewayResponses)) {
      const hasRetryAfter = ['429', '503'].includes(String(statusCode));
      expect(responseParameters).toEqual({
        'gatewayresponse.header.Content-Type': "'application/json; charset=utf-8'",
        'gatewayresponse.header.Cache-Control': "'no-store'",
        'gatewayresponse.header.X-Request-Id': 'context.requestId',
        ...(hasRetryAfter && { 'gatewayresponse.header.Retry-After': expect.stringMatching(/^'\d+'$/) }),
      });
    }
  });
});
