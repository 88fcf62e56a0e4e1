import { Signer } from '@aws-sdk/rds-signer';
import type { Credentials } from './credentials';
import { environment } from './env';
import { readHost } from './diagnosis/cause';
import type { Target } from './target';

/**
 * Logs in with a token that the function's role signs: a new one for each connection, since a token lasts 15 minutes.
 * Signing is arithmetic; nothing is asked over the network.
 */
export function iamCredentials(
  { host, port }: Target,
  user = environment('DB_USER', 'the database user to log in as'),
): Credentials {
  const region = environment('AWS_REGION', 'the region that tokens are signed for');
  const signer = new Signer({ hostname: host, port, username: user, region });
  return {
    async *logins() {
      yield { user, password: await signer.getAuthToken(), clearText: true };
    },
    checks: remainingChecks(host, user, region),
  };
}

/** What only IAM and the server know, once the token is found to be for this very user and endpoint. */
function remainingChecks(host: string, user: string, region: string): string[] {
  const isProxy = readHost(host)?.isProxy ?? false;
  const [kind, id] = isProxy ? ['the proxy', 'prx-…'] : ['the instance', 'db-…'];
  return [
    `the role of this function allows rds-db:connect on arn:aws:rds-db:${region}:ACCOUNT:dbuser:${id}/${user}, where ${id} is the resource id of ${kind}, never its name`,
    isProxy
      ? `${user} has a password in the database, no AWSAuthenticationPlugin, and the proxy's secret holds it under that name`
      : 'IAM database authentication is on for the instance',
    'the clock of the client is right to five minutes',
    'IAM has had some seconds to tell of a policy that is new',
  ];
}
