import { environment } from '../shared/env';
import { target, type Target } from '../shared/target';
import { verifiedTls } from '../shared/tls';
import type { TargetName } from './expectation';

/** The variable with the host of each proxy. */
const HOST_VARIABLE = { 'password-proxy': 'PASSWORD_PROXY_HOST', 'iam-proxy': 'IAM_PROXY_HOST' } as const;

/** Where each login goes. Instance and proxies are signed by different authorities, and each is trusted for its own. */
export function targets(names: readonly TargetName[]): ReadonlyMap<TargetName, Target> {
  return new Map([...new Set(names)].map((name) => [name, name === 'instance' ? target() : proxy(name)]));
}

function proxy(name: keyof typeof HOST_VARIABLE): Target {
  return {
    host: environment(HOST_VARIABLE[name], `the endpoint of the ${name}`),
    port: Number(environment('DB_PORT', 'the port to connect to')),
    tls: verifiedTls(
      environment('PROXY_CA_FILE', 'the certificate authorities that sign the certificates of RDS Proxy'),
    ),
  };
}
