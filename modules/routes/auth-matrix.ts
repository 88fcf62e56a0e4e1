import type { ProxyName } from '../../contract/logins';
import { expectation } from '../auth/expectation';
import type { DatabaseInstance } from '../database/database-instance';
import { MYSQL_PORT } from '../network/allowed-connections';
import type { UserSecret } from '../secrets/user-secret';
import type { DatabaseProxy } from '../proxy/database-proxy';
import { CA_FILES } from '../compute/ca-layer';

export interface AuthMatrixProps {
  /** Name of the environment. */
  readonly environment: string;
  readonly instance: DatabaseInstance;
  /** The deployed proxies. */
  readonly proxies: readonly DatabaseProxy[];
  /** Secret of the user that logs in by password, and through proxies with a secret also by IAM. */
  readonly secret: UserSecret;
  /** Name of the user that logs in by IAM to the instance, and through a proxy that logs in by IAM. */
  readonly iamUser: string;
}

/** Seconds. Reading the secret takes at most 6 s, and all logins in parallel at most 3 s. */
export const AUTH_MATRIX_TIMEOUT_SECONDS = 15;

/** Environment of the function: endpoints, users and expected outcomes. */
export function authMatrixEnvironment({
  environment,
  instance,
  proxies,
  secret,
  iamUser,
}: AuthMatrixProps): Record<string, string> {
  const { iamAuthentication, requireSecureTransport } = instance;
  const named = proxies.map((proxy) => [proxy.kind, proxy] as const);
  const expected = expectation({
    environment,
    iamAuthentication,
    requireSecureTransport,
    proxies: Object.fromEntries(named.map(([name, { login }]) => [name, login])),
  });
  return {
    DB_HOST: instance.host,
    DB_PORT: String(MYSQL_PORT),
    DB_CA_FILE: CA_FILES.instance,
    PROXY_CA_FILE: CA_FILES.proxy,
    ...Object.fromEntries(named.flatMap(([name, { host }]) => proxyVariables(name, host))),
    DB_SECRET_ARN: secret.arn,
    DB_USER: iamUser,
    AUTH_MATRIX: JSON.stringify(expected),
  };
}

function proxyVariables(name: ProxyName, host: string): [name: string, value: string][] {
  const prefix = name.replace('-', '_').toUpperCase();
  return [
    [`${prefix}_HOST`, host],
    [`${prefix}_PORT`, String(MYSQL_PORT)],
  ];
}
