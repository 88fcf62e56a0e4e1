import { KNOWN_MATRIX } from '../../contract/known-matrix';
import type { Expectation, ExpectedLogin, ProxyLogin, ProxyName, TargetName } from '../../contract/logins';
import { loginMatrix, loginMatrixWithoutTls, type LoginMatrix } from './matrix';

/** The name of an environment, and its deployed settings that affect logins. */
export interface DeployedLogins {
  readonly environment: string;
  readonly iamAuthentication: boolean;
  readonly requireSecureTransport: boolean;
  readonly proxies: Readonly<Partial<Record<ProxyName, ProxyLogin>>>;
}

const PROXIES: readonly ProxyName[] = ['password-proxy', 'iam-proxy'];

/**
 * Returns the expected outcome of every login to the instance and the deployed proxies. In the result,
 * `settings.rows` names the row of `KNOWN_MATRIX` for the instance and for each proxy.
 */
export function expectation({ environment, proxies, ...instance }: DeployedLogins): Expectation {
  const deployed = PROXIES.flatMap((name) => {
    const proxy = proxies[name];
    return proxy ? [{ name, proxy }] : [];
  });
  const logins = [true, false].flatMap((tls) => {
    const decide = tls ? loginMatrix : loginMatrixWithoutTls;
    return [
      ...loginsTo('instance', tls, decide(instance)),
      ...deployed.flatMap(({ name, proxy }) => loginsTo(name, tls, decide({ ...instance, proxy }))),
    ];
  });
  const rows = [
    { row: rowNumber(instance.iamAuthentication) },
    ...deployed.map(({ name, proxy }) => ({
      row: rowNumber(instance.iamAuthentication, proxy),
      proxy: name,
      requireTls: proxy.requireTls,
      iamAuth: proxy.iamAuth,
      ...(proxy.upstream && { upstream: proxy.upstream }),
    })),
  ];
  return { environment, settings: { ...instance, rows }, logins };
}

/** Returns the logins to one target, by password and by IAM. */
function loginsTo(target: TargetName, tls: boolean, matrix: LoginMatrix): ExpectedLogin[] {
  const [password, iam] =
    target === 'instance'
      ? [matrix.passwordToInstance, matrix.iamToInstance]
      : [matrix.passwordToProxy, matrix.iamToProxy];
  return Object.entries({ password, iam }).flatMap(([login, verdict]) =>
    verdict
      ? [{ login: login as ExpectedLogin['login'], target, tls, expected: verdict.outcome, because: verdict.reason }]
      : [],
  );
}

/** @throws Error if `KNOWN_MATRIX` has no row for these settings. */
function rowNumber(iamAuthentication: boolean, proxy?: ProxyLogin): number {
  const known = KNOWN_MATRIX.find(
    (row) =>
      row.iamAuthentication === iamAuthentication &&
      row.proxy?.requireTls === proxy?.requireTls &&
      row.proxy?.iamAuth === proxy?.iamAuth &&
      row.proxy?.upstream === proxy?.upstream,
  );
  if (known) return known.row;
  throw new Error(`contract/known-matrix.ts has no row for ${JSON.stringify({ iamAuthentication, proxy })}. Add it.`);
}
