import { DataSource, EntitySchema } from 'typeorm';
import { bigValue, env, loginOptions, longText, poolChecks, runChecks, sha256, versionOf } from './checks.mjs';

const table = (name, type) =>
  new EntitySchema({ name, tableName: name, columns: { owner: { type: 'varchar', primary: true }, body: { type } } });
const [notes, texts, files] = [table('notes', 'longtext'), table('texts', 'longtext'), table('files', 'longblob')];

/** Runs work with a new data source and closes this source afterwards. */
async function withSource(work, changes) {
  const { host, port, user, password, database, ssl, ...extra } = loginOptions(changes);
  const source = new DataSource({
    type: 'mysql',
    ...{ host, port, username: user, database, ssl, extra },
    ...(password !== undefined && { password }),
    charset: 'utf8mb4',
    entities: [notes, texts, files],
  });
  try {
    await source.initialize();
    return await work(source);
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}

const currentUser = async (source) => (await source.query('SELECT CURRENT_USER() AS user'))[0].user;
const owner = env.DB_OWNER;
const insertNote = (manager, body) => manager.insert(notes, { owner, body });
const countNotes = (source) => source.getRepository(notes).countBy({ owner });

await runChecks(versionOf('typeorm'), {
  ...poolChecks({ withPool: withSource, currentUser, insertNote, countNotes }),
  prepared: () => ({ unsupportedReason: 'TypeORM sends values within the statement (`connection.query` of mysql2)' }),
  bigValue: () =>
    withSource(async (source) => {
      await source.getRepository(files).insert({ owner, body: bigValue() });
      return sha256((await source.getRepository(files).findOneByOrFail({ owner })).body);
    }),
  text: () =>
    withSource(async (source) => {
      await source.getRepository(texts).insert({ owner, body: env.DB_TEXT });
      const { body } = await source.getRepository(texts).findOneByOrFail({ owner });
      const [{ length }] = await source.query('SELECT CHAR_LENGTH(body) AS length FROM texts WHERE owner = ?', [owner]);
      return `${body} ${length}`;
    }),
  cancel: () =>
    withSource(async (source) => {
      // TypeORM cannot cancel: a second connection kills the statement of the first.
      const [runner, other] = [source.createQueryRunner(), source.createQueryRunner()];
      const [{ id }] = await runner.query('SELECT CONNECTION_ID() AS id');
      const slow = runner.query(env.DB_SLOW_STATEMENT);
      setTimeout(() => void other.query(`KILL QUERY ${id}`).catch(() => undefined), 1000);
      return slow.finally(() => Promise.all([runner.release(), other.release()]));
    }),
  compression: () =>
    withSource(
      async (source) => {
        // Uses one connection for both queries, because the status describes only the connection that reads it.
        const runner = source.createQueryRunner();
        const [row] = await runner.query('SELECT ? AS body', [longText]);
        const [status] = await runner.query("SHOW SESSION STATUS LIKE 'Compression'");
        await runner.release();
        return row.body === longText ? status.Value : 'another value came back';
      },
      { compress: true },
    ),
});
