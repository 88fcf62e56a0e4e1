/**
 * What the .mjs programs share: login options, output, the checks of libraries with pools, and the loop that runs the checks.
 * `../output-line.ts` describes the lines of JSON that every program in this folder prints.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export const env = process.env;

/** 20 MiB with every byte value. MySQL needs two packets for it, because a packet holds less than 16 MiB. */
export const bigValue = () => Buffer.from(Uint8Array.from({ length: 20 * 2 ** 20 }, (_, index) => index % 256));

/** 1 MB, long enough that a client compresses it. */
export const longText = 'compressible '.repeat(80_000);

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Version of an npm package. Reads the file, because some packages do not export their `package.json`. */
export const versionOf = (name) =>
  JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;

/** mysql2's options for a login that verifies the server. */
export function loginOptions({ host = env.DB_HOST, secret = env.DB_SECRET, ...otherOptions } = {}) {
  return {
    host,
    port: Number(env.DB_PORT),
    user: env.DB_USER,
    database: 'app',
    charset: 'utf8mb4',
    ssl: { ca: readFileSync(env.DB_CA, 'utf8'), verifyIdentity: true },
    // SECURITY: this plugin sends the token to any server that requests it, so `ssl` must verify the server first.
    ...(env.DB_IAM
      ? { authPlugins: { mysql_clear_password: () => () => Buffer.from(`${secret}\0`) } }
      : { password: secret }),
    ...otherOptions,
  };
}

export const printLine = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Waits until the suite has closed the open connections. */
export async function waitForIdleClose() {
  printLine({ idle: true });
  await lines.next();
}

/**
 * The checks that are the same for all libraries with pools.
 *
 * @param withPool runs its first argument with a new pool, then closes the pool; its second argument changes the login options
 * @param currentUser, insertNote, countNotes run a statement on a pool or in a transaction
 */
export const poolChecks = ({ withPool, currentUser, insertNote, countNotes }) => ({
  login: () => withPool(currentUser),
  wrongSecret: () => withPool(currentUser, { secret: env.DB_WRONG_SECRET }),
  wrongServerName: () => withPool(currentUser, { host: env.DB_OTHER_HOST }),
  transaction: () =>
    withPool(async (db) => {
      const undone = db.transaction(async (tx) => {
        await insertNote(tx, 'rolled back');
        throw new Error('undo');
      });
      await undone.catch((error) => {
        if (error.message !== 'undo') throw error;
      });
      const before = await countNotes(db);
      await db.transaction((tx) => insertNote(tx, 'committed'));
      return `${before} ${await withPool(countNotes)}`;
    }),
  reconnect: () =>
    withPool(async (db) => {
      await currentUser(db);
      await waitForIdleClose();
      // After the server closes an idle connection, up to two calls fail before the pool opens a new connection.
      const call = () => currentUser(db);
      return call().catch(call).catch(call);
    }),
});

/** Runs the checks one after the other. A check returns its result, or `{ unsupportedReason }`. */
export async function runChecks(version, checks) {
  printLine({ version });
  for (const [check, work] of Object.entries(checks)) {
    try {
      const seen = await work();
      const { unsupportedReason } = seen ?? {};
      printLine(unsupportedReason ? { check, unsupportedReason } : { check, seen: String(seen) });
    } catch (error) {
      printLine({ check, error: describe(error) });
    }
  }
  process.exit(0);
}

/** Formats an error. The server's error number is in the driver's error, which some libraries wrap in another one. */
function describe(error) {
  const cause = error.cause ?? error.driverError ?? error;
  return [cause.errno, cause.code, cause.message, error.name].filter(Boolean).join(' ');
}
