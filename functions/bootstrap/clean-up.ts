import { setTimeout as sleep } from 'node:timers/promises';
import { account, hostsOf } from '../shared/account';
import type { Query } from '../shared/database';
import { log } from '../shared/log';
import { withPasswordLock } from '../shared/password-lock';
import { forget, type MadeUser } from './made-users';
import { RECORD } from './migrate';

/** The server ends a connection when its thread looks at it next, milliseconds later. */
const LOOKS = 10;
const PAUSE_MS = 100;

/** Its rights go with the account. A function that ends in between is repeated: it is forgotten last. */
export async function dropUser(query: Query, user: MadeUser): Promise<void> {
  await withPasswordLock(query, user.name, async () => {
    await query(`DROP USER IF EXISTS ${account(user)}`);
    // Connections do not say for which of several accounts of one name they are.
    if ((await hostsOf(query, user.name)).length === 0) await endConnections(query, user.name);
    await forget(query, user);
  });
  log('info', `Dropped: user ${account(user)}`);
}

/**
 * Ends what a dropped user has open. RDS gives its master user a procedure for that instead of the right to KILL.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-stored-proc-ending.html
 */
async function endConnections(query: Query, name: string): Promise<void> {
  for (let looks = 0; ; looks += 1) {
    const open = await query('SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = ?', [name]);
    if (open.length === 0) return;
    const ids = open.map((row) => Number(row['id']));
    if (looks === LOOKS) {
      const calls = ids.map((id) => `CALL mysql.rds_kill(${id})`).join(', ');
      throw new Error(`The user is dropped, and the server does not end its connections. As the master user, ${calls}`);
    }
    // Some end by themselves meanwhile, which the procedure reports as an error.
    for (const id of ids) await query('CALL mysql.rds_kill(?)', [id]).catch(() => undefined);
    await sleep(PAUSE_MS);
  }
}

/** Tables of databases that an earlier deployment named. They hold data, so they stay. */
export async function keptTables(query: Query, database: string): Promise<string[]> {
  const rows = await query(
    `SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) AS name FROM information_schema.TABLES
     WHERE TABLE_SCHEMA <> ? AND TABLE_NAME <> ? AND TABLE_SCHEMA IN
       (SELECT TABLE_SCHEMA FROM information_schema.TABLES WHERE TABLE_NAME = ?) ORDER BY 1`,
    [database, RECORD, RECORD],
  );
  return rows.map((row) => String(row['name']));
}
