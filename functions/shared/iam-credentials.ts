import { Signer } from '@aws-sdk/rds-signer';
import type { Credentials } from './credentials';
import { environment } from './env';
import type { Target } from './target';

/**
 * Logs in with a token that the function's role signs: a new one for each connection, since a token lasts 15 minutes.
 * Signing is arithmetic; nothing is asked over the network.
 */
export function iamCredentials({ host, port }: Target): Credentials {
  const user = environment('DB_USER', 'the database user to log in as');
  const region = environment('AWS_REGION', 'the region that tokens are signed for');
  const signer = new Signer({ hostname: host, port, username: user, region });
  return {
    login: async () => ({ user, password: await signer.getAuthToken(), clearText: true }),
    refused: () => false,
    checks: [
      `the role of this function allows rds-db:connect on the resource id (db-… or prx-…) of ${host} and user ${user}`,
      `straight to RDS: ${user} is IDENTIFIED WITH AWSAuthenticationPlugin, and IAM database authentication is on`,
      `through RDS Proxy: ${user} has a password, and the proxy's secret holds it under that name`,
      `the token was made for ${user} at ${host}:${port} in ${region}, not more than 15 minutes ago by a right clock`,
    ],
  };
}
