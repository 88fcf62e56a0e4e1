/**
 * Measures ways to log in to the database of the deployment on one machine. The main results are the time of a login, the logins per
 * second, and the time of a statement over an open connection.
 */
import { cpus } from 'node:os';
import dev from '../environments/dev';
import { bundlePeer } from './bundle-peer';
import { Deployed } from './deployed';
import { figure, median, markdownTable } from './figures';
import type { LoginJob, LoginTimes } from './peers/logins';

const ROUNDS = 7;
const COLD_LOGINS = 3;
const WARM_LOGINS = 30;
const STATEMENTS = 300;
const CLIENTS = 4;
const RATE_DURATION_MS = 1_000;
/** Function whose code the benchmark replaces. */
const FUNCTION = 'auth-matrix';

interface Way extends Pick<LoginJob, 'login' | 'target' | 'tls' | 'endToEnd'> {
  readonly name: string;
  /** Row and client in the matrix of docs/settings.md. */
  readonly row: string;
}

const WAYS: readonly Way[] = [
  { name: 'password to the instance', row: '2 a', login: 'password', target: 'instance', tls: true },
  // This login needs `require_secure_transport` off. The stack turns it off only if the password proxy does not require TLS.
  { name: 'password to the instance, no TLS', row: '4 a', login: 'password', target: 'instance', tls: false },
  { name: 'IAM to the instance', row: '2 b', login: 'iam', target: 'instance', tls: true },
  { name: 'password through the password proxy', row: '4 c', login: 'password', target: 'password-proxy', tls: true },
  { name: 'IAM through the IAM proxy', row: '10 d', login: 'iam', target: 'iam-proxy', tls: true },
];

/** Needs another setting of the IAM proxy, so the benchmark changes the running deployment and measures this login last. */
const END_TO_END: Way = {
  name: 'end-to-end IAM, through the IAM proxy',
  row: '12 d',
  login: 'iam',
  target: 'iam-proxy',
  tls: true,
  endToEnd: true,
};

/** Results of one round of a way to log in. */
interface Round {
  /** Times of logins while the proxy's pool has no connection, ms. */
  readonly cold: readonly number[];
  /** Times of logins to a proxy whose pool has a connection, or to the instance, ms. */
  readonly warm: readonly number[];
  /** Times to make a token, ms. Empty for logins by password. */
  readonly tokens: readonly number[];
  /** Times of statements over an open connection, ms. */
  readonly statements: readonly number[];
  /** New connections per second of all clients together. */
  readonly perSecond: number;
  /** Average number of connections that the database accepted for a warm login. */
  readonly opened: number;
  /** CPU time of a warm login in all processes of the deployment, ms. Other work on the machine does not count. */
  readonly cpuMs: number;
}

async function main(): Promise<void> {
  const deployed = await Deployed.start();
  try {
    await deployed.serve({ [FUNCTION]: bundlePeer('logins') });
    const measured = await measureAll(deployed, WAYS);
    console.error('Changing the IAM proxy');
    await deployed.change({ ...dev, proxies: { iam: { upstream: 'iam' } } });
    // Serves the changed deployment, again with the benchmark's own code in the function.
    await deployed.serve({ [FUNCTION]: bundlePeer('logins') });
    for (const [way, rounds] of await measureAll(deployed, [END_TO_END])) measured.set(way, rounds);
    console.log(`${cpus().length} cores; medians of ${ROUNDS} rounds; ${CLIENTS} clients at once\n`);
    console.log(markdownTable(HEAD, rowsOf(measured)));
  } finally {
    await deployed.stop();
  }
}

/** Measures every way once in each round, so that other work on the machine affects all of them alike. */
async function measureAll(deployed: Deployed, ways: readonly Way[]): Promise<Map<Way, Round[]>> {
  const measured = new Map<Way, Round[]>(ways.map((way) => [way, []]));
  // The first round only warms up the client.
  for (let round = 0; round <= ROUNDS; round += 1) {
    console.error(`Round ${round} of ${ROUNDS}`);
    for (const [way, rounds] of measured) {
      const result = await measure(deployed, way);
      if (round > 0) rounds.push(result);
    }
  }
  return measured;
}

async function measure(deployed: Deployed, { login, target, tls, endToEnd = false }: Way): Promise<Round> {
  const way = { login, target, tls, endToEnd, logins: 0, statements: 0, clients: CLIENTS, ms: 0 };
  const run = (job: Partial<LoginJob>): Promise<LoginTimes> => deployed.invoke(FUNCTION, { ...way, ...job });
  const cold: number[] = [];
  while (cold.length < COLD_LOGINS) {
    await deployed.closeConnections();
    cold.push(...(await run({ logins: 1 })).logins);
  }
  const connectionsBefore = await deployed.connections();
  const cpuMsBefore = deployed.cpuMs();
  const { logins: warm, tokens } = await run({ logins: WARM_LOGINS });
  const cpuMs = (deployed.cpuMs() - cpuMsBefore) / WARM_LOGINS;
  const opened = ((await deployed.connections()) - connectionsBefore) / WARM_LOGINS;
  const { statements } = await run({ statements: STATEMENTS });
  const { perSecond } = await run({ ms: RATE_DURATION_MS });
  return { cold, warm, tokens, statements, perSecond, opened, cpuMs };
}

const HEAD = [
  'way in',
  'row',
  'new connection, cold pool, ms',
  'new connection, warm pool, ms',
  'token alone, ms',
  'CPU time in all processes, ms',
  'statement over a reused connection, ms',
  'new connections per second',
  'connections to the database for each login',
];

function rowsOf(measured: ReadonlyMap<Way, readonly Round[]>): string[][] {
  return [...measured].map(([{ name, row, login, target }, rounds]) => {
    const medianOf = (valueOf: (round: Round) => number): string => figure(median(rounds.map(valueOf)));
    return [
      name,
      row,
      // A direct login has no pool.
      target === 'instance' ? '–' : medianOf(({ cold }) => median(cold)),
      medianOf(({ warm }) => median(warm)),
      login === 'iam' ? medianOf(({ tokens }) => median(tokens)) : '–',
      medianOf(({ cpuMs }) => cpuMs),
      medianOf(({ statements }) => median(statements)),
      medianOf(({ perSecond }) => perSecond),
      medianOf(({ opened }) => opened),
    ];
  });
}

void main();
