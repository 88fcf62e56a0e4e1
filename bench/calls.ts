/**
 * Measures calls through CloudFront, API Gateway, Lambda and RDS on one machine. The first part compares `/items` with a function
 * as tutorials write it (`peers/items.ts`). The second part measures several routes.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleFunction } from '../modules/compute/bundle';
import { bundlePeer } from './bundle-peer';
import { Deployed, type Called } from './deployed';
import { figure, median, percentile, markdownTable } from './figures';

const ROUNDS = 5;
const COLD_CALLS = 3;
const WARM_CALLS = 200;
const CALLERS = 8;
const LOAD_MS = 3_000;
const SETTLE_MS = 1_000;
const KIB = 1024;

/** Results of one round of calls of a route. */
interface Measured {
  /** First calls, each in a new container, ms. */
  readonly cold: readonly number[];
  /** Calls of one caller, in a warm container, ms. */
  readonly warm: readonly number[];
  /** Connections that the database accepted during the warm calls. */
  readonly connections: number;
  /** Calls of several concurrent callers. */
  readonly load: Called;
}

async function main(): Promise<void> {
  const deployed = await Deployed.start();
  try {
    console.log(`${cpus().length} cores; medians of ${ROUNDS} rounds\n`);
    console.log(await compare(deployed));
    console.log(`\n${await routes(deployed)}`);
  } finally {
    await deployed.stop();
  }
}

/** Measures `/items` of this project and of the peer in alternating rounds, so that a busy moment affects both. */
async function compare(deployed: Deployed): Promise<string> {
  const ours = readFileSync(bundleFunction('items').zip);
  const peer = bundlePeer('items');
  const measured: { readonly ours: Measured[]; readonly peer: Measured[] } = { ours: [], peer: [] };
  for (let round = 1; round <= ROUNDS; round += 1) {
    console.error(`/items, round ${round} of ${ROUNDS}`);
    measured.ours.push(await measure(deployed, '/items', { items: ours }));
    measured.peer.push(await measure(deployed, '/items', { items: peer }));
  }
  const row = (what: string, of: (one: Measured) => number, ratio = fewer): string[] => {
    const [here, there] = [median(measured.ours.map(of)), median(measured.peer.map(of))];
    return [what, figure(here), figure(there), figure(ratio(here, there))];
  };
  const rows = [
    row('first call in a new container, ms', ({ cold }) => median(cold)),
    row('warm call, median, ms', ({ warm }) => median(warm)),
    row('warm call, 99th percentile, ms', ({ warm }) => percentile(warm, 99)),
    row(`calls per second, ${CALLERS} callers`, ({ load }) => rateOf(load), more),
    row('CPU time per call, ms', ({ load }) => load.cpu.all),
    row(`connections opened by ${WARM_CALLS} warm calls`, ({ connections }) => connections),
    ['zip, KiB', figure(ours.length / KIB), figure(peer.length / KIB), figure(fewer(ours.length, peer.length))],
  ];
  return markdownTable(['`GET /items`', 'here', 'a connection for each call', 'here is better by a factor of'], rows);
}

/** How many times better the first number is, if lower is better. */
const fewer = (here: number, there: number): number => there / here;
/** The same, if higher is better. */
const more = (here: number, there: number): number => here / there;

const rateOf = ({ times, seconds }: Called): number => times.length / seconds;

async function routes(deployed: Deployed): Promise<string> {
  const paths = ['/items', '/func1', '/func2', '/'];
  const measured = new Map<string, Measured[]>(paths.map((path) => [path, []]));
  for (let round = 1; round <= ROUNDS; round += 1) {
    console.error(`All routes, round ${round} of ${ROUNDS}`);
    for (const [path, rounds] of measured) rounds.push(await measure(deployed, path));
  }
  const rows = [...measured].map(([path, rounds]) => {
    const of = (value: (one: Measured) => number): string => figure(median(rounds.map(value)));
    return [
      `\`GET ${path}\``,
      of(({ warm }) => median(warm)),
      of(({ warm }) => percentile(warm, 99)),
      of(({ load }) => rateOf(load)),
      of(({ load }) => load.cpu.own),
      of(({ load }) => load.cpu.all),
    ];
  });
  const head = [
    '',
    'warm call, median, ms',
    '99th percentile, ms',
    `calls per second, ${CALLERS} callers`,
    'CPU time per call in the process of `npm start`, ms',
    'CPU time per call in all processes, ms',
  ];
  return markdownTable(head, rows);
}

async function measure(deployed: Deployed, path: string, code?: Record<string, Uint8Array>): Promise<Measured> {
  const cold: number[] = [];
  while (cold.length < COLD_CALLS) {
    await deployed.serve(code);
    // Lambda prepares the next runtime process in this time; otherwise the first call would wait for it.
    await sleep(SETTLE_MS);
    cold.push(...(await deployed.call({ path, callers: 1, calls: 1 })).times);
  }
  const before = await deployed.connections();
  const { times: warm } = await deployed.call({ path, callers: 1, calls: WARM_CALLS });
  const connections = (await deployed.connections()) - before;
  // Starts each caller's container before the measurement.
  await deployed.call({ path, callers: CALLERS, calls: 10 });
  return { cold, warm, connections, load: await deployed.call({ path, callers: CALLERS, ms: LOAD_MS }) };
}

void main();
