import type { TargetName } from '../../contract/logins';
import { target, type Target } from '../shared/database/target';
import { verifiedTls } from '../shared/database/tls';
import { environment } from '../shared/env';

/** How the variables of each proxy begin. */
const VARIABLES = { 'password-proxy': 'PASSWORD_PROXY', 'iam-proxy': 'IAM_PROXY' } as const;

/** Where each login goes. Instance and proxies are signed by different authorities, and each is trusted for its own. */
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
