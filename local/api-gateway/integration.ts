import type { Invocation } from '../lambda/invocation';
import { inTime } from '../processes/in-time';
import { configurationError, GatewayError } from './gateway-error';
import type { ApiMethod } from './methods';

/** Invokes a function. Rejects with an AwsError if Lambda refuses, for example 429 if the function is throttled. */
export type Invoke = (functionArn: string, event: object) => Promise<Invocation>;

/**
 * Invokes a route's function, with the timeout of the integration.
 *
 * If the call fails or Lambda throttles it, the gateway response is INTEGRATION_FAILURE. Its status is 500, unless the API
 * defines its own INTEGRATION_FAILURE response or sets a status for DEFAULT_5XX. AWS does not document the 500; access logs show it:
 * https://github.com/DataBiosphere/azul/pull/6624
 *
 * @throws GatewayError if the call fails, or the function does not answer in time.
 */
export function invokeInTime(
  invoke: Invoke,
  { functionArn, timeoutMs }: Pick<ApiMethod, 'functionArn' | 'timeoutMs'>,
  event: object,
): Promise<Invocation> {
  const invocation = invoke(functionArn, event).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GatewayError('INTEGRATION_FAILURE', configurationError(reason), 500);
  });
  const reason = `The function did not answer within ${timeoutMs} ms`;
  return inTime(invocation, timeoutMs, () => new GatewayError('INTEGRATION_TIMEOUT', reason));
}
