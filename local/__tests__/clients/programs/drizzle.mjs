import { eq, sql } from 'drizzle-orm';
import { customType, longtext, mysqlTable, varchar } from 'drizzle-orm/mysql-core';
import { drizzle } from 'drizzle-orm/mysql2';
import mysql from 'mysql2/promise';
import { bigValue, env, loginOptions, longText, poolChecks, runChecks, sha256, versionOf } from './checks.mjs';

const longblob = customType({ dataType: () => 'longblob' });
const table = (name, body) => mysqlTable(name, { owner: varchar({ length: 80 }).primaryKey(), body });
const [notes, texts, files] = [table('notes', longtext()), table('texts', longtext()), table('files', longblob())];

/** Runs work with a new pool, then closes the pool. */
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
const insertNote = (db, body) => db.insert(notes).values({ owner, body });
const countNotes = (db) => db.$count(notes, eq(notes.owner, owner));

await runChecks(versionOf('drizzle-orm'), {
  ...poolChecks({ withPool, currentUser, insertNote, countNotes }),
  prepared: () => ({
    unsupportedReason:
      "Drizzle sends values within the statement (`query` of mysql2); Drizzle's own `prepare` only stores the SQL text",
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
        const [[row]] = await db.execute(sql`SELECT ${longText} AS body`);
        const [[status]] = await db.execute(sql`SHOW SESSION STATUS LIKE 'Compression'`);
        connection.release();
        return row.body === longText ? status.Value : 'another value came back';
      },
      { compress: true },
    ),
});
