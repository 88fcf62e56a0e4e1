import { Signer } from '@aws-sdk/rds-signer';
import { environment } from '../env';
import type { DatabaseCredentials } from './database-credentials';
import { parseHost } from './diagnosis/cause';
import type { Target } from './target';

/**
 * Makes credentials that log in with a token, signed with the keys of the function's role. Each connection gets a new token,
 * because a token is valid for only 15 minutes. Signing is local: it sends no request.
 */
export function iamCredentials(
  { host, port }: Target,
  user = environment('DB_USER', 'the database user to log in as'),
): DatabaseCredentials {
  const region = environment('AWS_REGION', 'the region that tokens are signed for');
  const signer = new Signer({ hostname: host, port, username: user, region });
  return {
    async *logins() {
      yield { user, password: await signer.getAuthToken(), clearText: true };
    },
    checks: remainingChecks(host, user, region),
  };
}

/** Lists what to check if the server refuses a token that is for the right user and endpoint. */
function remainingChecks(host: string, user: string, region: string): string[] {
  const isProxy = parseHost(host)?.isProxy ?? false;
  const [kind, id] = isProxy ? ['the proxy', 'prx-…'] : ['the instance', 'db-…'];
  const serverChecks = isProxy
    ? [
        `if proxies.iam.upstream is not 'iam', the proxy must have a secret for '${user}', the proxy's role must be able to read this secret, and the database user '${user}' must have the password in this secret`,
        `if proxies.iam.upstream is 'iam', the database user '${user}' must have AWSAuthenticationPlugin, IAM database authentication must be on for the instance, and the proxy's role must allow rds-db:connect on db-…/${user} (the proxy needs no secret)`,
      ]
    : ['IAM database authentication must be on for the instance'];
  return [
    `the role of this function must allow rds-db:connect on arn:aws:rds-db:${region}:ACCOUNT:dbuser:${id}/${user}, where ${id} is the resource id of ${kind}, never its name`,
    ...serverChecks,
    'the clock of this function must be accurate to five minutes',
    'a new policy needs some seconds to take effect',
  ];
}
