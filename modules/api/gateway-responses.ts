/** An answer that API Gateway gives by itself. */
interface GatewayResponse {
  readonly responseType: string;
  /** @default - the status that API Gateway has for it */
  readonly statusCode?: string;
  /** JSON of the body's `error`. */
  readonly error: string;
}

const text = (error: string): string => JSON.stringify(error);

/**
 * Every answer is JSON of the same shape as the functions' own.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export const gatewayResponses: readonly GatewayResponse[] = [
  // API Gateway's words for a path that does not exist are "Missing Authentication Token".
  { responseType: 'MISSING_AUTHENTICATION_TOKEN', statusCode: '404', error: text('There is no such route.') },
  { responseType: 'INVALID_API_KEY', statusCode: '403', error: text('The API key is missing or wrong.') },
  { responseType: 'THROTTLED', statusCode: '429', error: text('Too many requests. Try again in a moment.') },
  { responseType: 'QUOTA_EXCEEDED', statusCode: '429', error: text('The quota of requests is used up.') },
  { responseType: 'INTEGRATION_TIMEOUT', statusCode: '504', error: text('The request took too long.') },
  { responseType: 'DEFAULT_4XX', error: '$context.error.messageString' },
  { responseType: 'DEFAULT_5XX', error: text('The request failed.') },
];
