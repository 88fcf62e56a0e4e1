import type { Attempt, Cause, Failure } from './cause';
import { loginCauses } from './login';
import { networkCauses } from './network';
import { tlsCauses } from './tls';

const causes: readonly Cause[] = [...networkCauses, ...tlsCauses, ...loginCauses];

/**
 * Explains why a connection failed, as far as the client can know.
 *
 * SECURITY: the explanation contains no password and no token.
 *
 * @returns a sentence for each cause that the error and the attempt show
 */
export function diagnose(error: unknown, target: Failure['target'], attempt?: Attempt, now = new Date()): string[] {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const failure = { code: String(code), message: String(message), target, attempt, now };
  return causes.map((cause) => cause(failure)).filter((sentence) => sentence !== undefined);
}
