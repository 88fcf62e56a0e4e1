import { answersOf } from '../../../functions/auth-matrix/decision';
import type { MeasuredLogin, Measurement } from '../../../functions/auth-matrix/measure';
import { agreeing } from '../../support/measurement';

const MS = { instance: 9, 'password-proxy': 14, 'iam-proxy': 17 } as const;

/** Returns the decisions for a measurement in which some logins differ. */
function answers(change: (probe: MeasuredLogin) => Partial<MeasuredLogin> | undefined): string[] {
  const probes = agreeing.probes.flatMap((probe) => {
    const timed = probe.observed === 'o' ? { ...probe, milliseconds: MS[probe.target] } : probe;
    const changed = change(timed);
    return changed === undefined ? [] : [{ ...timed, ...changed }];
  });
  const measurement: Measurement = { ...agreeing, probes };
  return answersOf(measurement).map(([, answer]) => answer);
}

const REFUSED = { observed: 'x', milliseconds: null } as const;

describe('the decision', () => {
  it('has three sentences: about passwords and IAM, proxies, and TLS', () => {
    expect(answers((probe) => probe)).toEqual([
      'Both connect: a password straight to the instance and through the password proxy; IAM straight to the instance and through the IAM proxy, so the client has no password to keep.',
      'A login took 9 ms straight to the instance and 14 to 17 ms through a proxy; a proxy is for many short-lived clients, which share its connections.',
      'TLS: 4 of 6 ways in connect with it, 1 without it: a password straight to the instance connects unencrypted.',
    ]);
  });

  it('recommends passwords if IAM connects nowhere', () => {
    const [first] = answers((probe) => (probe.login === 'iam' ? REFUSED : probe));
    expect(first).toBe(
      'Password: it connects straight to the instance and through the password proxy, and IAM connects nowhere.',
    );
  });

  it('recommends IAM if a password connects nowhere', () => {
    const [first] = answers((probe) => (probe.login === 'password' ? REFUSED : probe));
    expect(first).toBe(
      'IAM: it connects straight to the instance and through the IAM proxy, and a password connects nowhere.',
    );
  });

  it('mentions no proxy if none is deployed', () => {
    const [, second] = answers((probe) => (probe.target === 'instance' ? probe : undefined));
    expect(second).toBe('No proxy is deployed: each client opens its own connection to the instance, in 9 ms here.');
  });

  it('says that no client connects through a proxy', () => {
    const [, second] = answers((probe) => (probe.target === 'instance' ? probe : REFUSED));
    expect(second).toBe('No login connects through a proxy at the moment; straight to the instance it took 9 ms.');
  });

  it('recommends nothing if nothing connects', () => {
    expect(answers(() => REFUSED)).toEqual([
      'Neither connects at the moment, not even with TLS.',
      'No login connects at the moment, neither straight to the instance nor through a proxy.',
      'No login connects at the moment, neither with TLS nor without.',
    ]);
  });

  it('says that nothing connects without TLS if the settings require it everywhere', () => {
    const [, , third] = answers((probe) => (probe.tls ? probe : REFUSED));
    expect(third).toBe('TLS: 4 of 6 ways in connect with it, and none without.');
  });
});
