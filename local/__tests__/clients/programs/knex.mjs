import knex from 'knex';
import { bigValue, env, loginOptions, longText, poolChecks, runChecks, sha256, versionOf } from './checks.mjs';

/** Runs work with a new pool, then closes the pool. @param changes login options that differ from the default */
async function withPool(work, changes) {
  const pool = { min: 0, max: 2 };
  const db = knex({ client: 'mysql2', connection: loginOptions(changes), pool, acquireConnectionTimeout: 10_000 });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

const currentUser = async (db) => (await db.select(db.raw('CURRENT_USER() AS user')).first()).user;
const owner = env.DB_OWNER;
const insertNote = (db, body) => db('notes').insert({ owner, body });
const countNotes = async (db) => (await db('notes').where({ owner }).count({ n: '*' }).first()).n;

await runChecks(versionOf('knex'), {
  ...poolChecks({ withPool, currentUser, insertNote, countNotes }),
  prepared: () => ({ unsupportedReason: 'knex sends values within the statement (`connection.query` of mysql2)' }),
  bigValue: () =>
    withPool(async (db) => {
      await db('files').insert({ owner, body: bigValue() });
      return sha256((await db('files').where({ owner }).first('body')).body);
    }),
  text: () =>
    withPool(async (db) => {
      await db('texts').insert({ owner, body: env.DB_TEXT });
      const row = await db('texts').where({ owner }).first('body', db.raw('CHAR_LENGTH(body) AS length'));
      return `${row.body} ${row.length}`;
    }),
  cancel: () => withPool((db) => db.raw(env.DB_SLOW_STATEMENT).timeout(1000, { cancel: true })),
  compression: () =>
    withPool(
      async (db) => {
        const [[row]] = await db.raw('SELECT ? AS body', [longText]);
        const [[status]] = await db.raw("SHOW SESSION STATUS LIKE 'Compression'");
        return row.body === longText ? status.Value : 'another value came back';
      },
      { compress: true },
    ),
});
