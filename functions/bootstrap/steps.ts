import type { Database, Query } from '../shared/database';
import { readSecret } from '../shared/secret';
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
export async function makeUser(database: Database, user: User): Promise<void> {
  const password = await passwordOf(user);
  await database.run(async (query) => {
    await identify(query, user, password);
    await dropOtherHosts(query, user);
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

/** SECURITY: MySQL quotes a statement it refuses, so of a statement with a password only the code is told. */
async function identify(query: Query, user: User, password: string | undefined): Promise<void> {
  for (const statement of sql.userStatements(user, password)) {
    await query(statement).catch((error: unknown) => {
      const { code, errno } = error as { code?: string; errno?: number };
      if (password === undefined || code === undefined || errno === undefined) throw error;
      throw Object.assign(new Error(`the server answered ${code} (${errno})`), { code, errno });
    });
  }
}

/** SECURITY: `name@%` beside `name@10.20.0.0/…` would open the way that the narrower host closes. */
async function dropOtherHosts(query: Query, user: User): Promise<void> {
  const rows = await query(sql.hostsStatement, [user.name]);
  const others = rows.map((row) => String(row['host'])).filter((host) => host !== user.host);
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
