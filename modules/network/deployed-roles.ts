import { routeOf } from '../../contract/routes';
import { deployedRoutes } from '../settings/deployed-routes';
import type { Settings } from '../settings/settings';
import type { NetworkRole } from './allowed-connections';

/** Lists the network roles that an environment deploys; each gets a security group. */
export function deployedRoles(
  settings: Settings,
  { hasRotation }: { readonly hasRotation: boolean },
): readonly NetworkRole[] {
  const { proxies, client } = settings;
  // `?? true` is for /auth-matrix, the only route without a declared login: its function is in the VPC.
  const hasFunctions = deployedRoutes(settings).some((name) => routeOf(name).login?.inVpc ?? true);
  const roles: readonly (readonly [NetworkRole, boolean])[] = [
    ['database', true],
    ['bootstrap', true],
    ['rotation', hasRotation],
    ['endpoint', true],
    ['functions', hasFunctions],
    ['password-proxy', proxies.password.enabled],
    ['iam-proxy', proxies.iam.enabled],
    ['client', client.enabled],
  ];
  return roles.filter(([, isDeployed]) => isDeployed).map(([role]) => role);
}
