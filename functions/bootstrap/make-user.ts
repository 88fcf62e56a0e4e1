import type { Query } from '../shared/database/database';
import type { Target } from '../shared/database/target';
import { log } from '../shared/log';
import { findSecret, readSecret, type UserAndPassword } from '../shared/secrets/secret';
import { account, hostsOf, runConfidential } from '../shared/users/account';
import { withPasswordLock } from '../shared/users/password-lock';
import { logsIn } from '../shared/users/password-login';
import { makeBothValid, onePasswordStatements } from '../shared/users/two-passwords';
import type { User } from './definition';
import { setGrants } from './grants';
import { forget, record } from './made-users';
import { userStatements } from './user-statements';

/** Creates a user, or repairs it if it differs from its declaration. The caller must hold the lock of the bootstrap. */
export async function makeUser(query: Query, target: Target, user: User): Promise<void> {
  await record(query, user);
  if (user.login === 'iam') await makeIamUser(query, user);
  else await withPasswordLock(query, user.name, () => makePasswordUser(query, target, user));
  await setGrants(query, user);
  log('info', `Done: user ${account(user)}`);
}

async function makeIamUser(query: Query, user: User): Promise<void> {
  for (const statement of userStatements(user, undefined)) await query(statement);
  await dropOtherHosts(query, user);
}

/** The caller must hold the password lock, so that no rotation changes the current password meanwhile. */
async function makePasswordUser(query: Query, target: Target, user: User): Promise<void> {
  const [current, next] = await passwordsOf(user);
  for (const statement of userStatements(user, current.password)) await runConfidential(query, statement);
  await dropOtherHosts(query, user);
  // A next password exists only during a rotation, which may still succeed or fail. Both passwords must therefore be valid.
  if (next !== undefined) await makeBothValid(query, target, user, [current, next]);
  else if (!(await hasSha2Plugin(query, user)) || !(await logsIn(target, current))) {
    for (const statement of onePasswordStatements(user, current.password)) await runConfidential(query, statement);
  }
}

/**
 * Returns whether the user has the plugin caching_sha2_password. The password may work with another plugin too, but proxies and
 * clients of MySQL 8.4 expect this plugin.
 */
async function hasSha2Plugin(query: Query, user: User): Promise<boolean> {
  const statement = 'SELECT plugin FROM mysql.user WHERE User = ? AND Host = ?';
  const [row] = await query(statement, [user.name, user.host]);
  return row?.['plugin'] === 'caching_sha2_password';
}

/** Reads the current password and, during a rotation, the next one. */
async function passwordsOf({ name, secretArn }: User): Promise<[UserAndPassword, UserAndPassword?]> {
  if (secretArn === undefined)
    throw new Error(`The user '${name}' logs in by password, but its definition has no secretArn. Add it.`);
  const current = await readSecret(secretArn);
  if (current.user !== name)
    throw new Error(
      `The secret ${secretArn} holds the user name '${current.user}', not '${name}'. Set username in the secret to '${name}' and deploy again.`,
    );
  const pending = await findSecret(secretArn, { stage: 'AWSPENDING' });
  // After a rotation AWSPENDING may still label the current version: then there is no next password. A pending version with
  // another user name does not count either, because the rotation rejects it.
  const isNext = pending?.user === name && pending.password !== current.password;
  return isNext ? [current, pending] : [current];
}

/**
 * Drops the accounts that have this user name but another host.
 *
 * SECURITY: a leftover `name@%` would allow logins from addresses that `name@10.20.0.0/…` excludes.
 */
async function dropOtherHosts(query: Query, user: User): Promise<void> {
  for (const host of await hostsOf(query, user.name)) {
    if (host === user.host) continue;
    const other = { name: user.name, host };
    await query(`DROP USER ${account(other)}`);
    await forget(query, other);
  }
}
