/**
 * Calls through the whole chain on one machine: CloudFront, API Gateway, Lambda, RDS. First `/items` beside the same
 * function in the shape that tutorials show, in turns; then the routes of the API.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleFunction } from '../modules/compute/bundle';
import { zip } from '../modules/compute/zip';
import { Deployed } from './deployed';
import { figure, median, percentile, table } from './figures';

const ROUNDS = 5;
const WARM_CALLS = 100;
const CALLERS = 8;
const LOAD_MS = 4_000;
const KIB = 1024;

/** What calls of a route came to. */
interface Measured {
  /** The first call, in a new container, ms. */
  readonly cold: number;
  /** Calls of one caller, in the container that is there, ms. */
  readonly warm: readonly number[];
  /** Connections that the database let in during the warm calls. */
  readonly connections: number;
  /** Calls a second of several callers at once. */
  readonly rate: number;
}

async function main(): Promise<void> {
  const deployed = await Deployed.start();
  try {
    console.log(await compare(deployed));
    console.log(`\n${await routes(deployed)}`);
  } finally {
    await deployed.stop();
  }
}

/** `/items` of ours and of the peer, one round each in turns, so that a busy moment meets both. */
async function compare(deployed: Deployed): Promise<string> {
  const ours = readFileSync(bundleFunction('items').zip);
  const peer = bundlePeer();
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
    row('first call in a new container, ms', ({ cold }) => cold),
    row('warm call, median, ms', ({ warm }) => median(warm)),
    row('warm call, 99 of 100 are faster, ms', ({ warm }) => percentile(warm, 99)),
    row(`calls a second, ${CALLERS} callers`, ({ rate }) => rate, more),
    row(`connections opened by ${WARM_CALLS} warm calls`, ({ connections }) => connections),
    ['zip, KiB', figure(ours.length / KIB), figure(peer.length / KIB), figure(fewer(ours.length, peer.length))],
  ];
  return table(['`GET /items`', 'here', 'a connection for each call', 'here is better by'], rows);
}

/** How much better the first is where less is better; below 1 it is worse. */
const fewer = (here: number, there: number): number => there / here;
const more = (here: number, there: number): number => here / there;

async function routes(deployed: Deployed): Promise<string> {
  const rows: string[][] = [];
  for (const path of ['/items', '/func1', '/func2', '/']) {
    const { warm, rate } = await measure(deployed, path);
    rows.push([`\`GET ${path}\``, figure(median(warm)), figure(percentile(warm, 99)), figure(rate)]);
  }
  const head = ['', 'warm call, median, ms', '99 of 100 are faster, ms', `calls a second, ${CALLERS} callers`];
  return table(head, rows);
}

async function measure(deployed: Deployed, path: string, code?: Record<string, Uint8Array>): Promise<Measured> {
  await deployed.serve(code);
  const caller = deployed.client();
  const cold = await caller.call(path);
  const before = await deployed.connections();
  const warm: number[] = [];
  while (warm.length < WARM_CALLS) warm.push(await caller.call(path));
  const connections = (await deployed.connections()) - before;
  caller.close();
  return { cold, warm, connections, rate: await rateOf(deployed, path) };
}

async function rateOf(deployed: Deployed, path: string): Promise<number> {
  const clients = Array.from({ length: CALLERS }, () => deployed.client());
  // Each caller's container starts before the clock does.
  await Promise.all(clients.map((client) => client.call(path)));
  const started = performance.now();
  let calls = 0;
  await Promise.all(
    clients.map(async (client) => {
      for (; performance.now() - started < LOAD_MS; calls += 1) await client.call(path);
      client.close();
    }),
  );
  return (calls * 1000) / (performance.now() - started);
}

/** As esbuild does it for Node.js when it is told nothing more than to minify. */
function bundlePeer(): Uint8Array {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, 'peers', 'items.ts')],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    write: false,
  });
  return zip({ 'index.js': outputFiles[0]?.contents ?? new Uint8Array() });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
