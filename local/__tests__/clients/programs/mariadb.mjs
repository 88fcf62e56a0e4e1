/** MariaDB's command line client, in a terminal and in scripts. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { bigValue, env, longText, runChecks, sha256, waitForIdleClose } from './checks.mjs';

const loginArgs = (host = env.DB_HOST) => [
  ...['--no-defaults', `--host=${host}`, `--port=${env.DB_PORT}`, `--user=${env.DB_USER}`, '--database=app'],
  ...[`--ssl-ca=${env.DB_CA}`, '--ssl-verify-server-cert', '--default-character-set=utf8mb4'],
  // The statement of the check `bigValue` has 40 MiB. By default the client allows 16 MiB.
  ...['--max-allowed-packet=64M'],
];

const secretEnv = (secret = env.DB_SECRET) => ({ ...env, MYSQL_PWD: secret, TERM: 'dumb' });

/** Collects the output of a child process. */
function collect(child) {
  const chunks = { stdout: [], stderr: [] };
  for (const name of ['stdout', 'stderr']) child[name].on('data', (bytes) => chunks[name].push(bytes));
  // An error here means that the client ended before it read everything. Its standard error says why.
  child.stdin.on('error', () => undefined);
  const text = (name) => Buffer.concat(chunks[name]).toString().trim();
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(text('stdout')) : reject(new Error(text('stderr')))));
  });
  // Callers await `ended` later. Without this handler, an earlier failure would end this process.
  ended.catch(() => undefined);
  return { child, ended, text };
}

/** Starts the client as a script does: it reads statements from its standard input. */
function start({ host, secret, args = [] } = {}) {
  const batch = ['--skip-column-names', '--batch', '--raw', '--unbuffered'];
  return collect(spawn('mariadb', [...loginArgs(host), ...batch, ...args], { env: secretEnv(secret) }));
}

/** Runs statements. @returns the client's output, one line for each row */
async function query(statements, login) {
  const { child, ended } = start(login);
  child.stdin.end(statements);
  return ended;
}

const literal = (text) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
const owner = literal(env.DB_OWNER);
const version = await new Promise((resolve) => {
  spawn('mariadb', ['--version']).stdout.on('data', (text) => {
    resolve(/Distrib (\d+\.\d+\.\d+)|from (\d+\.\d+\.\d+)/.exec(text)?.slice(1).find(Boolean) ?? String(text).trim());
  });
});

await runChecks(version, {
  login: () => query('SELECT CURRENT_USER()'),
  wrongSecret: () => query('SELECT 1', { secret: env.DB_WRONG_SECRET }),
  wrongServerName: () => query('SELECT 1', { host: env.DB_OTHER_HOST }),
  prepared: async () => {
    const execute = (n, text) => `SET @n = ${n}, @t = ${literal(text)}, @x = NULL; EXECUTE s USING @n, @t, @x;`;
    const rows = await query(
      `PREPARE s FROM 'SELECT ? + 1, ?, ? IS NULL'; ${execute(41, "it's")} ${execute(42, 'we’re')} DEALLOCATE PREPARE s;`,
    );
    return rows.replaceAll('\t', ' ').replace('\n', ', ');
  },
  transaction: async () => {
    const insert = (body) => `INSERT INTO notes VALUES (${owner}, '${body}');`;
    const count = `SELECT COUNT(*) FROM notes WHERE owner = ${owner};`;
    const before = await query(
      `BEGIN; ${insert('rolled back')} ROLLBACK; ${count} BEGIN; ${insert('committed')} COMMIT;`,
    );
    return `${before} ${await query(count)}`;
  },
  bigValue: async () => {
    await query(`INSERT INTO files VALUES (${owner}, X'${bigValue().toString('hex')}')`);
    return sha256(Buffer.from(await query(`SELECT HEX(body) FROM files WHERE owner = ${owner}`), 'hex'));
  },
  text: async () => {
    await query(`INSERT INTO texts VALUES (${owner}, ${literal(env.DB_TEXT)})`);
    return (await query(`SELECT body, CHAR_LENGTH(body) FROM texts WHERE owner = ${owner}`)).replace('\t', ' ');
  },
  cancel: async () => {
    const { child, ended } = start();
    child.stdin.end(env.DB_SLOW_STATEMENT);
    await sleep(1500);
    child.kill('SIGINT'); // Ctrl-C
    return ended;
  },
  compression: async () => {
    const rows = await query(`SELECT '${longText}'; SHOW SESSION STATUS LIKE 'Compression';`, { args: ['--compress'] });
    const [back, status] = rows.split('\n');
    return back === longText ? status.split('\t')[1] : 'another value came back';
  },
  reconnect: async () => {
    // The client reconnects only in a terminal. The program `script` provides one.
    const shell = ['mariadb', ...loginArgs()].map((word) => `'${word}'`).join(' ');
    const { child, ended, text } = collect(spawn('script', ['-qec', shell, '/dev/null'], { env: secretEnv() }));
    const statement = 'SELECT CURRENT_USER();\n';
    child.stdin.write(statement);
    while (!text('stdout').includes('1 row in set')) {
      if (child.exitCode !== null) throw new Error(text('stdout'));
      await sleep(50);
    }
    await waitForIdleClose();
    const before = text('stdout').length;
    // The client may report the close at one or two statements. The next statement reconnects.
    child.stdin.end(`${statement.repeat(3)}exit\n`);
    await ended;
    return /\| (\S+@\S+) +\|/.exec(text('stdout').slice(before))?.[1] ?? text('stdout').slice(before);
  },
});
