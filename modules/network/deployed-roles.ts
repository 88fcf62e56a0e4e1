import type { Settings } from '../settings/settings';
import type { SecurityRole } from './allowed-connections';

/**
 * Lists the roles that an environment deploys. Each gets a security group.
 *
 * @param rotates whether the environment has passwords that are rotated
 */
export function deployedRoles(
  { proxies, database, client, authMatrix }: Settings,
  rotates: boolean,
): readonly SecurityRole[] {
  const hasRoutes = proxies.password.enabled || proxies.iam.enabled || database.iamAuthentication || authMatrix.enabled;
  const roles: readonly (readonly [SecurityRole, boolean])[] = [
    ['database', true],
    ['bootstrap', true],
    ['rotation', rotates],
    ['endpoint', true],
    ['functions', hasRoutes],
    ['password-proxy', proxies.password.enabled],
    ['iam-proxy', proxies.iam.enabled],
    ['client', client.enabled],
  ];
  return roles.filter(([, deployed]) => deployed).map(([role]) => role);
}
