import { readFileSync } from 'node:fs';
import knex from 'knex';
import { retry, bigValue, env, waitForIdleClose, loginOptions, runChecks, sha256, versionOf } from './checks.mjs';

const open = (changes) =>
  knex({
    client: 'mysql2',
    connection: loginOptions(changes),
    pool: { min: 0, max: 2 },
    acquireConnectionTimeout: 10_000,
  });

/** Runs work with a separate pool. */
async function withPool(work, changes) {
  const db = open(changes);
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

const currentUser = async (db) => (await db.select(db.raw('CURRENT_USER() AS user')).first()).user;
const owner = { owner: env.DB_OWNER };
const count = async (db) => (await db('notes').where(owner).count({ n: '*' }).first()).n;

await runChecks(versionOf('knex'), {
  login: () => withPool(currentUser),
  wrongSecret: () => withPool(currentUser, { secret: env.DB_WRONG_SECRET }),
  wrongName: () => withPool(currentUser, { host: env.DB_OTHER_HOST }),
  prepared: () => ({ lacks: 'knex sends values within the statement (`connection.query` of mysql2)' }),
  transaction: () =>
    withPool(async (db) => {
      const undone = db.transaction(async (tx) => {
        await tx('notes').insert({ ...owner, body: 'rolled back' });
        throw new Error('undo');
      });
      await undone.catch((error) => {
        if (error.message !== 'undo') throw error;
      });
      const before = await count(db);
      await db.transaction((tx) => tx('notes').insert({ ...owner, body: 'committed' }));
      return `${before} ${await withPool(count)}`;
    }),
  bigValue: () =>
    withPool(async (db) => {
      await db('files').insert({ ...owner, body: bigValue() });
      return sha256((await db('files').where(owner).first('body')).body);
    }),
  text: () =>
    withPool(async (db) => {
      await db('texts').insert({ ...owner, body: env.DB_TEXT });
      const row = await db('texts').where(owner).first('body', db.raw('CHAR_LENGTH(body) AS length'));
      return `${row.body} ${row.length}`;
    }),
  cancel: () => withPool((db) => db.raw(env.DB_SLOW_STATEMENT).timeout(1000, { cancel: true })),
  compression: () =>
    withPool(
      async (db) => {
        const body = readFileSync(env.DB_CA, 'utf8').repeat(300);
        const [[row]] = await db.raw('SELECT ? AS body', [body]);
        const [[status]] = await db.raw("SHOW SESSION STATUS LIKE 'Compression'");
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
