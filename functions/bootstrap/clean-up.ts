import { setTimeout as sleep } from 'node:timers/promises';
import type { Query } from '../shared/database/database';
import { log } from '../shared/log';
import { account, hostsOf, type Account } from '../shared/users/account';
import { withPasswordLock } from '../shared/users/password-lock';
import { forget } from './made-users';
import { MIGRATIONS_TABLE } from './migrate';

/** `rds_kill` returns at once; the connection ends some milliseconds later. */
const MAX_ATTEMPTS = 10;
const PAUSE_MS = 100;

/**
 * Drops an account with its grants, and ends its connections unless another account has the same name. Removes the account from the
 * record of users only at the end: after an interruption, it is still recorded, and the next run repeats the drop.
 */
export async function dropUser(query: Query, user: Account): Promise<void> {
  await withPasswordLock(query, user.name, async () => {
    await query(`DROP USER IF EXISTS ${account(user)}`);
    // The process list shows only user names. If another account has the same name, a connection may belong to that account.
    if ((await hostsOf(query, user.name)).length === 0) await endConnections(query, user.name);
    await forget(query, user);
  });
  log('info', `Dropped: user ${account(user)}`);
}

/**
 * Ends the connections of a dropped user. On RDS the master user lacks the privilege for KILL; RDS has a procedure instead.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-ending.html
 */
async function endConnections(query: Query, name: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    // A comparison with the column USER ignores case, but user names are case-sensitive.
    const connections = await query(
      'SELECT ID AS id FROM information_schema.PROCESSLIST WHERE CAST(USER AS BINARY) = ?',
      [name],
    );
    if (connections.length === 0) return;
    const ids = connections.map((row) => Number(row['id']));
    if (attempt === MAX_ATTEMPTS) {
      const calls = ids.map((id) => `CALL mysql.rds_kill(${id});`).join(' ');
      throw new Error(`Connections of ${name} are still open after DROP USER. As the master user, run ${calls}`);
    }
    // The procedure fails for a connection that has ended in the meantime.
    for (const id of ids) await query('CALL mysql.rds_kill(?)', [id]).catch(() => undefined);
    await sleep(PAUSE_MS);
  }
}

/**
 * Lists the tables in databases that earlier deployments created with another `database.name`. The tables may hold data, so nothing
 * drops them.
 */
export async function keptTables(query: Query, database: string): Promise<string[]> {
  const rows = await query(
    `SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) AS name FROM information_schema.TABLES
     WHERE TABLE_SCHEMA <> ? AND TABLE_NAME <> ? AND TABLE_SCHEMA IN
       (SELECT TABLE_SCHEMA FROM information_schema.TABLES WHERE TABLE_NAME = ?) ORDER BY 1`,
    [database, MIGRATIONS_TABLE, MIGRATIONS_TABLE],
  );
  return rows.map((row) => String(row['name']));
}
