/** Measures the first and later runs of `npm start`: the time until everything runs, and the memory after every route was called once. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUTE_NAMES, routeOf } from '../contract/routes';
import { HttpClient } from './http-client';
import { figure, median, markdownTable } from './figures';
import { NpmStart } from './npm-start';

const LATER_STARTS = 3;

interface Measured {
  /** Seconds until everything runs. */
  readonly seconds: number;
  /** Memory after every route was called once, MiB. */
  readonly mib: number;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-start-'));
  try {
    console.log('The first start; it takes some minutes');
    const first = await measureStart(folder);
    const later: Measured[] = [];
    while (later.length < LATER_STARTS) {
      console.log(`A later start, ${later.length + 1} of ${LATER_STARTS}`);
      later.push(await measureStart(folder));
    }
    const laterSeconds = median(later.map(({ seconds }) => seconds));
    const rows = [
      ['first start', `${figure(first.seconds)} s`],
      [`later start, median of ${LATER_STARTS}`, `${figure(laterSeconds)} s`],
      ['first / later', `${figure(first.seconds / laterSeconds)} times`],
      [
        `memory after every route was called once, median of ${LATER_STARTS} later starts`,
        `${figure(median(later.map(({ mib }) => mib)))} MiB`,
      ],
    ];
    console.log(markdownTable(['npm start', 'measured'], rows));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs `npm start`, calls every route once and ends the run. */
async function measureStart(folder: string): Promise<Measured> {
  const { running, seconds } = await NpmStart.untilReady(folder);
  try {
    await callEveryRoute(running.httpsPort, join(folder, 'dev', 'amazon-ca.pem'));
    return { seconds, mib: running.memoryMib() };
  } finally {
    await running.stop();
  }
}

async function callEveryRoute(port: number, caFile: string): Promise<void> {
  const client = new HttpClient({ port, ca: readFileSync(caFile, 'utf8') });
  for (const name of ROUTE_NAMES) await client.call(routeOf(name).path);
  client.close();
}

void main();
