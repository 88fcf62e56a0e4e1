const INTERNAL_ERROR = { message: 'Internal server error', errorType: 'InternalServerErrorException' };

/** API Gateway's default gateway responses; `errorType` is the value of the header `x-amzn-ErrorType`. */
export const RESPONSE_TYPES = {
  API_CONFIGURATION_ERROR: { ...INTERNAL_ERROR, status: 500 },
  // The answer to an Authorization header on a path without a route. All other 4XX answers here have types of their own.
  DEFAULT_4XX: {
    status: 403,
    message: 'Invalid key=value pair (missing equal-sign) in Authorization header',
    errorType: 'IncompleteSignatureException',
  },
  DEFAULT_5XX: { ...INTERNAL_ERROR, status: 502 },
  INTEGRATION_FAILURE: { ...INTERNAL_ERROR, status: 504 },
  INTEGRATION_TIMEOUT: { ...INTERNAL_ERROR, status: 504, message: 'Endpoint request timed out' },
  INVALID_API_KEY: { status: 403, message: 'Forbidden', errorType: 'ForbiddenException' },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    message: 'Missing Authentication Token',
    errorType: 'MissingAuthenticationTokenException',
  },
  QUOTA_EXCEEDED: { status: 429, message: 'Limit Exceeded', errorType: 'LimitExceededException' },
  REQUEST_TOO_LARGE: { status: 413, message: 'Request Too Long', errorType: 'RequestTooLargeException' },
  THROTTLED: { status: 429, message: 'Too Many Requests', errorType: 'TooManyRequestsException' },
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
export type ResponseType = keyof typeof RESPONSE_TYPES;

/** Returns the text in the access log for a function that API Gateway could not invoke. */
export const configurationError = (reason: string): string => `Execution failed due to configuration error: ${reason}`;

/** A request that does not reach its function, or whose function returns no usable response. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';

  constructor(
    readonly type: ResponseType,
    /** Why the integration failed, for the access log. */
    readonly integrationError?: string,
    /**
     * HTTP status if the API has no gateway response of this type. A status that the API sets for DEFAULT_4XX or DEFAULT_5XX takes
     * precedence.
     */
    readonly defaultStatus = RESPONSE_TYPES[type].status,
  ) {
    super(RESPONSE_TYPES[type].message);
  }
}
