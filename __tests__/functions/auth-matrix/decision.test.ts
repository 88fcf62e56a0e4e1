import { answersOf } from '../../../functions/auth-matrix/decision';
import type { MeasuredLogin, Measurement } from '../../../functions/auth-matrix/measure';
import { agreeingMeasurement } from '../../support/measurement';

const MILLISECONDS = { instance: 9, 'password-proxy': 14, 'iam-proxy': 17 } as const;

/** Returns the three answers of the advice for a measurement with some changed logins. Removes a login whose change is `undefined`. */
function answersWith(change: (probe: MeasuredLogin) => Partial<MeasuredLogin> | undefined): string[] {
  const probes = agreeingMeasurement.probes.flatMap((probe) => {
    const timed = probe.observed === 'o' ? { ...probe, milliseconds: MILLISECONDS[probe.target] } : probe;
    const changed = change(timed);
    return changed === undefined ? [] : [{ ...timed, ...changed }];
  });
  const measurement: Measurement = { ...agreeingMeasurement, probes };
  return answersOf(measurement).map(([, answer]) => answer);
}

const REFUSED = { observed: 'x', milliseconds: null } as const;

describe('the advice on the page', () => {
  it('answers three questions: password or IAM, proxy or not, and TLS or not', () => {
    expect(answersWith((probe) => probe)).toEqual([
      'With TLS, a password connects straight to the instance and through the password proxy. IAM connects straight to the instance and through the IAM proxy, and the client then stores no password.',
      'A login took 9 ms straight to the instance and 14 to 17 ms through a proxy; a proxy is for many short-lived clients, which share its connections.',
      'With TLS, 4 of 6 ways to log in connect. Without TLS, a password straight to the instance connects unencrypted.',
    ]);
  });

  it('says where a password connects if IAM connects nowhere', () => {
    const [first] = answersWith((probe) => (probe.login === 'iam' ? REFUSED : probe));
    expect(first).toBe(
      'With TLS, a password connects straight to the instance and through the password proxy. IAM connects nowhere.',
    );
  });

  it('says where IAM connects if a password connects nowhere', () => {
    const [first] = answersWith((probe) => (probe.login === 'password' ? REFUSED : probe));
    expect(first).toBe(
      'With TLS, IAM connects straight to the instance and through the IAM proxy. A password connects nowhere.',
    );
  });

  it('says so if no proxy is deployed', () => {
    const [, second] = answersWith((probe) => (probe.target === 'instance' ? probe : undefined));
    expect(second).toBe(
      'No proxy is deployed: each client opens its own connection to the instance; a login took 9 ms.',
    );
  });

  it('says so if no login connects through a proxy', () => {
    const [, second] = answersWith((probe) => (probe.target === 'instance' ? probe : REFUSED));
    expect(second).toBe(
      'No login connects through a proxy with TLS at the moment; a login straight to the instance took 9 ms.',
    );
  });

  it('recommends nothing if nothing connects', () => {
    expect(answersWith(() => REFUSED)).toEqual([
      'With TLS, neither a password nor IAM connects at the moment.',
      'No login connects with TLS at the moment, neither straight to the instance nor through a proxy.',
      'No login connects at the moment, neither with TLS nor without.',
    ]);
  });

  it('says so if logins connect only through a proxy', () => {
    const [, second] = answersWith((probe) => (probe.target === 'instance' ? REFUSED : probe));
    expect(second).toBe('With TLS, a login connects only through a proxy at the moment, in 14 to 17 ms.');
  });

  it('names the logins that connect without TLS, even if none connects with TLS', () => {
    expect(answersWith((probe) => (probe.tls ? REFUSED : probe))).toEqual([
      'With TLS, neither a password nor IAM connects at the moment.',
      'No login connects with TLS at the moment, neither straight to the instance nor through a proxy.',
      'With TLS, 0 of 6 ways to log in connect. Without TLS, a password straight to the instance connects unencrypted.',
    ]);
  });

  it('says so if no login connects without TLS', () => {
    const [, , third] = answersWith((probe) => (probe.tls ? probe : REFUSED));
    expect(third).toBe('With TLS, 4 of 6 ways to log in connect. Without TLS, none connects.');
  });
});
