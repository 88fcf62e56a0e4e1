import { AwsError } from '../lambda/aws-error';
import type { Invocation } from '../lambda/invocation';
import { Refused } from './refused';
import type { Route } from './routes';

/** Invokes a function. Rejects with an AwsError where Lambda refuses, for example 429 where too many run. */
export type Invoke = (functionArn: string, event: object) => Promise<Invocation>;

/**
 * Invokes a route's function, and waits for it as long as the integration says.
 *
 * Lambda's own refusals, throttling too, come out as a configuration error, 500; what the function does wrong comes
 * out as 502.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
 *
 * @throws Refused where Lambda refuses, or it takes too long.
 */
export async function invokeInTime(
  invoke: Invoke,
  { functionArn, timeoutMs }: Route,
  event: object,
): Promise<Invocation> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const tooLate = (): void =>
      reject(new Refused('INTEGRATION_TIMEOUT', `The function did not answer within ${timeoutMs} ms`));
    timer = setTimeout(tooLate, timeoutMs);
  });
  const answered = invoke(functionArn, event).catch((error: unknown) => {
    throw refusedByLambda(error);
  });
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}

function refusedByLambda(error: unknown): Refused {
  const status = error instanceof AwsError ? error.status : undefined;
  return new Refused('API_CONFIGURATION_ERROR', error instanceof Error ? error.message : String(error), status);
}
