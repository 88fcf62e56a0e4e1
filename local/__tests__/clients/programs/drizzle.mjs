import { readFileSync } from 'node:fs';
import { eq, sql } from 'drizzle-orm';
import { customType, longtext, mysqlTable, varchar } from 'drizzle-orm/mysql-core';
import { drizzle } from 'drizzle-orm/mysql2';
import mysql from 'mysql2/promise';
import { retry, bigValue, env, waitForIdleClose, loginOptions, runChecks, sha256, versionOf } from './checks.mjs';

const longblob = customType({ dataType: () => 'longblob' });
const table = (name, body) => mysqlTable(name, { owner: varchar({ length: 80 }).primaryKey(), body });
const [notes, texts, files] = [table('notes', longtext()), table('texts', longtext()), table('files', longblob())];

/** Runs work with a separate pool. */
async function withPool(work, changes) {
  const pool = mysql.createPool({ ...loginOptions(changes), connectionLimit: 2 });
  try {
    return await work(drizzle({ client: pool }), pool);
  } finally {
    await pool.end();
  }
}

const currentUser = async (db) => (await db.execute(sql`SELECT CURRENT_USER() AS user`))[0][0].user;
const owner = env.DB_OWNER;
const count = (db) => db.$count(notes, eq(notes.owner, owner));

await runChecks(versionOf('drizzle-orm'), {
  login: () => withPool(currentUser),
  wrongSecret: () => withPool(currentUser, { secret: env.DB_WRONG_SECRET }),
  wrongName: () => withPool(currentUser, { host: env.DB_OTHER_HOST }),
  prepared: () => ({
    lacks: 'its `prepare` only stores the SQL text; mysql2 sends values within the statement (`query`)',
  }),
  transaction: () =>
    withPool(async (db) => {
      const undone = db.transaction(async (tx) => {
        await tx.insert(notes).values({ owner, body: 'rolled back' });
        throw new Error('undo');
      });
      await undone.catch((error) => {
        if (error.message !== 'undo') throw error;
      });
      const before = await count(db);
      await db.transaction((tx) => tx.insert(notes).values({ owner, body: 'committed' }));
      return `${before} ${await withPool(count)}`;
    }),
  bigValue: () =>
    withPool(async (db) => {
      await db.insert(files).values({ owner, body: bigValue() });
      const [row] = await db.select().from(files).where(eq(files.owner, owner));
      return sha256(row.body);
    }),
  text: () =>
    withPool(async (db) => {
      await db.insert(texts).values({ owner, body: env.DB_TEXT });
      const length = sql`CHAR_LENGTH(${texts.body})`;
      const [row] = await db.select({ body: texts.body, length }).from(texts).where(eq(texts.owner, owner));
      return `${row.body} ${row.length}`;
    }),
  cancel: () =>
    withPool(async (db, pool) => {
      // Drizzle cannot cancel: a second connection kills the statement of the first.
      const connection = await pool.getConnection();
      setTimeout(() => void db.execute(sql.raw(`KILL QUERY ${connection.threadId}`)).catch(() => undefined), 1000);
      return drizzle({ client: connection })
        .execute(sql.raw(env.DB_SLOW_STATEMENT))
        .finally(() => connection.release());
    }),
  compression: () =>
    withPool(
      async (_db, pool) => {
        const connection = await pool.getConnection();
        const db = drizzle({ client: connection });
        const body = readFileSync(env.DB_CA, 'utf8').repeat(300);
        const [[row]] = await db.execute(sql`SELECT ${body} AS body`);
        const [[status]] = await db.execute(sql`SHOW SESSION STATUS LIKE 'Compression'`);
        connection.release();
        return row.body === body ? status.Value : 'another value came back';
      },
      { compress: true },
    ),
  reconnect: () =>
    withPool(async (db) => {
      await currentUser(db);
      await waitForIdleClose();
      return retry(() => currentUser(db));
    }),
});
