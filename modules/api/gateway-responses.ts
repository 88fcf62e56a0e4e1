/** An answer that API Gateway itself sends. */
interface Answer {
  /** @default - API Gateway's status for this type */
  readonly statusCode?: string;
  /** Value of `error` in the body. */
  readonly error: string;
  /** Seconds. @default - no Retry-After header */
  readonly retryAfter?: number;
}

const UNAVAILABLE: Answer = {
  statusCode: '503',
  error: 'The service cannot take the request at the moment. Try again in a moment.',
  retryAfter: 1,
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
const ANSWERS: Readonly<Record<string, Answer>> = {
  // API Gateway's message for an unknown path is "Missing Authentication Token".
  MISSING_AUTHENTICATION_TOKEN: { statusCode: '404', error: 'There is no such route.' },
  INVALID_API_KEY: { statusCode: '403', error: 'The API key is missing or wrong.' },
  THROTTLED: { statusCode: '429', error: 'Too many requests. Try again in a moment.', retryAfter: 1 },
  // Callers try again after an hour, because a gateway response cannot compute when the quota's period ends.
  QUOTA_EXCEEDED: { statusCode: '429', error: 'The quota of requests is used up.', retryAfter: 3600 },
  // Lambda throttles the function, or the function fails without an answer. By default, API Gateway answers 500 or 502.
  // AWS does not document that both failures have this type; access logs show it:
  // https://github.com/DataBiosphere/azul/pull/6624
  INTEGRATION_FAILURE: UNAVAILABLE,
  // API Gateway lacks the permission to invoke the function, for example while a deployment adds the route.
  API_CONFIGURATION_ERROR: UNAVAILABLE,
  // Keeps API Gateway's own status, 504. API Gateway counts a response with a changed status as 4XXError, even if the new status is 5xx.
  // The alarm api-5xx therefore sees this response, but not UNAVAILABLE; other alarms report the causes of UNAVAILABLE.
  INTEGRATION_TIMEOUT: { error: 'The request took too long.' },
  // API Gateway has no message for some errors, so a template with $context.error.messageString could yield invalid JSON.
  DEFAULT_4XX: { error: 'API Gateway refused the request.' },
  DEFAULT_5XX: { error: 'The request failed.' },
};

/** API Gateway's answers by type, with the same JSON and headers as those of the functions. */
export const gatewayResponses = Object.fromEntries(
  Object.entries(ANSWERS).map(([type, answer]) => [type, gatewayResponse(answer)]),
);

function gatewayResponse({ statusCode, error, retryAfter }: Answer) {
  return {
    ...(statusCode !== undefined && { statusCode }),
    responseTemplates: { 'application/json': `{"error":${JSON.stringify(error)},"requestId":"$context.requestId"}` },
    // Quoted values are constants, unquoted ones are variables.
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
    responseParameters: {
      'gatewayresponse.header.Content-Type': "'application/json; charset=utf-8'",
      'gatewayresponse.header.Cache-Control': "'no-store'",
      'gatewayresponse.header.X-Request-Id': 'context.requestId',
      ...(retryAfter !== undefined && { 'gatewayresponse.header.Retry-After': `'${retryAfter}'` }),
    },
  };
}
