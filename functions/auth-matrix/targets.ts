import type { TargetName } from '../../contract/logins';
import { target, type Target } from '../shared/database/target';
import { verifiedTls } from '../shared/database/tls';
import { environment } from '../shared/env';

/** Prefix of the environment variables of each proxy. */
const VARIABLES = { 'password-proxy': 'PASSWORD_PROXY', 'iam-proxy': 'IAM_PROXY' } as const;

/** Reads the endpoints. Instance and proxies have different certificate authorities; each is trusted only for its own. */
export function targets(names: readonly TargetName[]): ReadonlyMap<TargetName, Target> {
  return new Map([...new Set(names)].map((name) => [name, name === 'instance' ? target() : proxy(name)]));
}

function proxy(name: keyof typeof VARIABLES): Target {
  return {
    host: environment(`${VARIABLES[name]}_HOST`, `the endpoint of the ${name}`),
    port: Number(environment(`${VARIABLES[name]}_PORT`, 'the port to connect to')),
    tls: verifiedTls('PROXY_CA_FILE', 'the certificate authorities that sign the certificates of RDS Proxy'),
  };
}
