/**
 * Measures calls through CloudFront, API Gateway, Lambda and RDS in the deployment on one machine. The first part compares this
 * project's `/items` with `peers/items.ts`, an `/items` as tutorials write it. The second part measures four routes.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleFunction } from '../modules/compute/bundle';
import { bundlePeer } from './bundle-peer';
import { Deployed, type CallResult } from './deployed';
import { figure, median, percentile, markdownTable } from './figures';

const ROUNDS = 5;
const COLD_CALLS = 3;
const WARM_CALLS = 200;
const WARM_UP_CALLS = 10;
const CALLERS = 8;
const LOAD_MS = 3_000;
const SETTLE_MS = 1_000;
const KIB = 1024;

/** Results of one round of calls of a route. */
interface Round {
  /** First calls, each in a new container, ms. */
  readonly cold: readonly number[];
  /** Calls of one caller, in a warm container, ms. */
  readonly warm: readonly number[];
  /** Connections that the database accepted during the warm calls. */
  readonly connections: number;
  /** Calls of several concurrent callers. */
  readonly load: CallResult;
}

async function main(): Promise<void> {
  const deployed = await Deployed.start();
  try {
    console.log(`${cpus().length} cores; medians of ${ROUNDS} rounds\n`);
    console.log(await compareItems(deployed));
    console.log(`\n${await measureRoutes(deployed)}`);
  } finally {
    await deployed.stop();
  }
}

/** Measures `/items` of this project and of the peer in alternating rounds, so that a busy moment affects both. */
async function compareItems(deployed: Deployed): Promise<string> {
  const ours = readFileSync(bundleFunction('items').zip);
  const peer = bundlePeer('items');
  const rounds: { readonly ours: Round[]; readonly peer: Round[] } = { ours: [], peer: [] };
  for (let number = 1; number <= ROUNDS; number += 1) {
    console.error(`/items, round ${number} of ${ROUNDS}`);
    rounds.ours.push(await measure(deployed, '/items', { items: ours }));
    rounds.peer.push(await measure(deployed, '/items', { items: peer }));
  }
  const row = (label: string, valueOf: (round: Round) => number, factorOf = factorIfLowerIsBetter): string[] => {
    const [here, there] = [median(rounds.ours.map(valueOf)), median(rounds.peer.map(valueOf))];
    return [label, figure(here), figure(there), figure(factorOf(here, there))];
  };
  const rows = [
    row('first call in a new container, ms', ({ cold }) => median(cold)),
    row('warm call, median, ms', ({ warm }) => median(warm)),
    row('warm call, 99th percentile, ms', ({ warm }) => percentile(warm, 99)),
    row(`calls per second, ${CALLERS} callers`, ({ load }) => rateOf(load), factorIfHigherIsBetter),
    row('CPU time per call, ms', ({ load }) => load.cpu.all),
    row(`connections opened by ${WARM_CALLS} warm calls`, ({ connections }) => connections),
    [
      'zip, KiB',
      figure(ours.length / KIB),
      figure(peer.length / KIB),
      figure(factorIfLowerIsBetter(ours.length, peer.length)),
    ],
  ];
  return markdownTable(
    ['`GET /items`', 'this project', 'a function as in tutorials', 'this project is better by a factor of'],
    rows,
  );
}

/** Returns the factor by which the first number is better, if lower is better. */
const factorIfLowerIsBetter = (here: number, there: number): number => there / here;
/** Returns the factor by which the first number is better, if higher is better. */
const factorIfHigherIsBetter = (here: number, there: number): number => here / there;

/** Returns the calls per second. */
const rateOf = ({ times, seconds }: CallResult): number => times.length / seconds;

/** Measures four routes of this project in alternating rounds. */
async function measureRoutes(deployed: Deployed): Promise<string> {
  const paths = ['/items', '/func1', '/func2', '/'];
  const roundsByPath = new Map<string, Round[]>(paths.map((path) => [path, []]));
  for (let number = 1; number <= ROUNDS; number += 1) {
    console.error(`Routes, round ${number} of ${ROUNDS}`);
    for (const [path, rounds] of roundsByPath) rounds.push(await measure(deployed, path));
  }
  const rows = [...roundsByPath].map(([path, rounds]) => {
    const medianOf = (valueOf: (round: Round) => number): string => figure(median(rounds.map(valueOf)));
    return [
      `\`GET ${path}\``,
      medianOf(({ warm }) => median(warm)),
      medianOf(({ warm }) => percentile(warm, 99)),
      medianOf(({ load }) => rateOf(load)),
      medianOf(({ load }) => load.cpu.own),
      medianOf(({ load }) => load.cpu.all),
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

/** Measures one round of calls of a route. @param code new zips for some functions; each key is the end of a function's name */
async function measure(deployed: Deployed, path: string, code?: Record<string, Uint8Array>): Promise<Round> {
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
  // Starts a container for each caller, and warms it up, before the measurement.
  await deployed.call({ path, callers: CALLERS, calls: WARM_UP_CALLS });
  return { cold, warm, connections, load: await deployed.call({ path, callers: CALLERS, ms: LOAD_MS }) };
}

void main();
