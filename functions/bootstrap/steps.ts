import { hostsOf, runConfidential } from '../shared/account';
import type { Database, Query } from '../shared/database';
import { logsIn } from '../shared/password-login';
import { readSecret } from '../shared/secret';
import type { Target } from '../shared/target';
import type { User } from './definition';
import * as sql from './queries';

/** Makes the database and its tables where they are missing, and fills an empty `items`. */
export async function makeSchema(database: Database, name: string): Promise<void> {
  await database.run(async (query) => {
    for (const statement of sql.schemaStatements(name)) await query(statement);
    const [items] = await query(sql.countItemsStatement(name));
    if (Number(items?.['count']) === 0) await query(sql.firstItemsStatement(name));
  });
}

/** Makes a user, or repairs one that is not as the deployment declares it. */
export async function makeUser(database: Database, target: Target, user: User): Promise<void> {
  const password = await passwordOf(user);
  await database.run(async (query) => {
    const run = password === undefined ? query : (statement: string) => runConfidential(query, statement);
    for (const statement of sql.userStatements(user, password)) await run(statement);
    await dropOtherHosts(query, user);
    if (password !== undefined) await repairPassword(query, target, user, password);
    await setRights(query, user);
  });
}

async function passwordOf({ login, name, secretArn }: User): Promise<string | undefined> {
  if (login === 'iam') return undefined;
  if (secretArn === undefined) throw new Error(`${name} logs in by password, and no secret is named for it`);
  const secret = await readSecret(secretArn);
  if (secret.user !== name) throw new Error(`The secret ${secretArn} is that of ${secret.user}, not of ${name}`);
  return secret.password;
}

/** A user that logs in is left alone: a rotation may be about to give it a second password, or just have done so. */
async function repairPassword(query: Query, target: Target, user: User, password: string): Promise<void> {
  if (await logsIn(target, { user: user.name, password })) return;
  for (const statement of sql.onlyPasswordStatements(user, password)) await runConfidential(query, statement);
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
