import type { Attempt, Cause, Failure } from './diagnosis/cause';
import { loginCauses } from './diagnosis/login';
import { networkCauses } from './diagnosis/network';
import { tlsCauses } from './diagnosis/tls';

const causes: readonly Cause[] = [...networkCauses, ...tlsCauses, ...loginCauses];

/**
 * Says why a connection failed, as far as that can be known on this side.
 *
 * SECURITY: no sentence holds a password or a token.
 *
 * @returns sentences for the log; none where any of the remaining conditions may be the one.
 */
export function diagnose(error: unknown, target: Failure['target'], attempt?: Attempt, now = new Date()): string[] {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const failure = { code: String(code), message: String(message), target, attempt, now };
  return causes.map((cause) => cause(failure)).filter((sentence) => sentence !== undefined);
}
