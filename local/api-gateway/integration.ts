import { AwsError } from '../lambda/aws-error';
import type { Invocation } from '../lambda/invocation';
import { inTime } from '../processes/in-time';
import { GatewayError } from './gateway-error';
import type { ApiMethod } from './methods';

/** Invokes a function. Rejects with an AwsError if Lambda refuses, for example 429 if the function is throttled. */
export type Invoke = (functionArn: string, event: object) => Promise<Invocation>;

/**
 * Invokes a route's function, with the timeout of the integration.
 *
 * If Lambda refuses the call, throttling included, API Gateway answers API_CONFIGURATION_ERROR: 500, unless the API sets
 * another status. An error of the function becomes 502.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
 *
 * @throws GatewayError if Lambda refuses the call, or the function does not answer in time.
 */
export function invokeInTime(
  invoke: Invoke,
  { functionArn, timeoutMs }: ApiMethod,
  event: object,
): Promise<Invocation> {
  const answered = invoke(functionArn, event).catch((error: unknown) => {
    const status = error instanceof AwsError ? error.status : undefined;
    throw new GatewayError('API_CONFIGURATION_ERROR', error instanceof Error ? error.message : String(error), status);
  });
  const words = `The function did not answer within ${timeoutMs} ms`;
  return inTime(answered, timeoutMs, () => new GatewayError('INTEGRATION_TIMEOUT', words));
}
