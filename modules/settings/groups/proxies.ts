import { z } from 'zod';
import type { TargetName } from '../../../contract/logins';
import { ROUTE_NAMES, routeOf } from '../../../contract/routes';
import { flag, group, integer } from '../fields';

/**
 * The default share of a proxy is this percentage of the instance's connections for each of its routes. In the smallest class, 22 % are 14
 * of 64 connections, and a pool in dev needs 12. Two pools leave 36 for the logins without a proxy, which need 34 in dev.
 * rules/connections.ts computes these numbers.
 */
const PERCENT_OF_ROUTE = 22;

function share(proxy: TargetName): z.ZodDefault<z.ZodNumber> {
  const routes = ROUTE_NAMES.filter((name) => routeOf(name).login?.at === proxy).length;
  return integer(1, 100, 'The value is a percentage of the instance’s connections.')
    .default(Math.min(100, PERCENT_OF_ROUTE * routes))
    .describe('Percentage of the instance’s connections that the proxy may hold.');
}

export const proxies = group({
  password: group({
    enabled: flag(true, 'Whether the proxy and `GET /func1` are deployed.'),
    requireTls: flag(
      false,
      'Whether the proxy refuses every client without TLS. It always refuses `caching_sha2_password` without TLS.',
    ),
    maxConnectionsPercent: share('password-proxy'),
  }),
  iam: group({
    enabled: flag(true, 'Whether the proxy and `GET /func2` are deployed.'),
    requireTls: flag(true, 'Must be true: RDS Proxy refuses IAM logins without TLS.'),
    upstream: z
      .enum(['secret', 'iam'])
      .optional()
      .describe(
        'How the proxy logs in to the instance: with the password in a secret, or by IAM with its own role and no secret. If the setting is omitted, Terraform does not set how the proxy logs in: the proxy uses the secret, and AWS provider 5.100 is enough. To set it, even to `secret`, Terraform needs provider 6.15. To go back from `iam`, write `secret`. Never remove the setting once it has a value, even if the proxy is disabled: Terraform would use provider 5.100 again, which cannot read the state of a newer provider.',
      ),
    maxConnectionsPercent: share('iam-proxy'),
  }),
  borrowTimeoutSeconds: integer(
    1,
    4,
    'The functions cancel a statement after 5 s, including the wait for a connection.',
  )
    .default(3)
    .describe('Seconds that a client waits for a connection from a proxy’s pool.'),
});
