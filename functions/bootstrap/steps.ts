import { hostsOf, runConfidential } from '../shared/account';
import { UNLIMITED_MS, type Database, type Query } from '../shared/database';
import { withPasswordLock } from '../shared/password-lock';
import { logsIn } from '../shared/password-login';
import { findSecret, readSecret, type UserAndPassword } from '../shared/secret';
import type { Target } from '../shared/target';
import { makeBothValid } from '../shared/two-passwords';
import type { User } from './definition';
import * as sql from './queries';

/** Lets the master user, which the bootstrap logs in as, log in over TLS only. */
export async function secureMaster(database: Database): Promise<void> {
  await database.run((query) => query(sql.MASTER_REQUIRES_TLS));
}

/** Makes the database and its tables where they are missing, and fills an empty `items`. */
export async function makeSchema(database: Database, name: string): Promise<void> {
  await database.run(async (query) => {
    for (const statement of sql.schemaStatements(name)) await query(statement);
    const [items] = await query(sql.countItemsStatement(name));
    if (Number(items?.['count']) === 0) await query(sql.firstItemsStatement(name));
  }, UNLIMITED_MS);
}

/** Makes a user, or repairs one that is not as the deployment declares it. */
export async function makeUser(database: Database, target: Target, user: User): Promise<void> {
  await database.run(async (query) => {
    if (user.login === 'iam') await makeIamUser(query, user);
    else await withPasswordLock(query, user.name, () => makePasswordUser(query, target, user));
    await setRights(query, user);
  }, UNLIMITED_MS);
}

async function makeIamUser(query: Query, user: User): Promise<void> {
  for (const statement of sql.userStatements(user, undefined)) await query(statement);
  await dropOtherHosts(query, user);
}

/** While it has the lock no rotation can make another password the current one. */
async function makePasswordUser(query: Query, target: Target, user: User): Promise<void> {
  const [present, next] = await passwordsOf(user);
  for (const statement of sql.userStatements(user, present.password)) await runConfidential(query, statement);
  await dropOtherHosts(query, user);
  // The rotation goes on when this has ended, maybe with its last step.
  if (next !== undefined) await makeBothValid(query, target, user, [present, next]);
  else if (!(await logsIn(target, present))) {
    for (const statement of sql.onlyPasswordStatements(user, present.password)) await runConfidential(query, statement);
  }
}

/** The present password and, where a rotation has drawn it, the next one. */
async function passwordsOf({ name, secretArn }: User): Promise<[UserAndPassword, UserAndPassword?]> {
  if (secretArn === undefined) throw new Error(`${name} logs in by password, and no secret is named for it`);
  const present = await readSecret(secretArn);
  if (present.user !== name) throw new Error(`The secret ${secretArn} is that of ${present.user}, not of ${name}`);
  const pending = await findSecret(secretArn, { stage: 'AWSPENDING' });
  // After its rotation a version may carry both labels. One of another user no rotation will take.
  const isNext = pending?.user === name && pending.password !== present.password;
  return isNext ? [present, pending] : [present];
}

/** SECURITY: `name@%` beside `name@10.20.0.0/…` would open the way that the narrower host closes. */
async function dropOtherHosts(query: Query, user: User): Promise<void> {
  const others = (await hostsOf(query, user.name)).filter((host) => host !== user.host);
  for (const host of others) await query(sql.dropStatement(user.name, host));
}

/** A user that has the rights it should have keeps them all the time; only surplus ones make it start anew. */
async function setRights(query: Query, user: User): Promise<void> {
  const wanted = sql.rightsOf(user);
  const present = await readRights(query, user);
  if ([...present].some((right) => !wanted.has(right))) await query(sql.revokeAllStatement(user));
  for (const statement of sql.grantStatements(user)) await query(statement);

  const surplus = [...(await readRights(query, user))].filter((right) => !wanted.has(right));
  if (surplus.length > 0) throw new Error(`${user.name} still has the rights ${surplus.join('; ')}. Revoke them`);
}

async function readRights(query: Query, user: User): Promise<Set<string>> {
  const rows = await query(sql.showGrantsStatement(user));
  return sql.rightsShown(rows.flatMap((row) => Object.values(row as Record<string, unknown>).map(String)));
}
