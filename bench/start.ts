/** How long `npm start` takes until everything runs, the first time and later, and how much memory it then has. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from './client';
import { figure, median, table } from './figures';
import { NpmStart } from './npm-start';

const LATER_STARTS = 3;
const ROUTES = ['/', '/auth-matrix', '/func1', '/func2', '/items'];
const HTTPS_PORT = 8443;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-start-'));
  try {
    console.log('The first start; it takes some minutes');
    const first = await NpmStart.ready(folder);
    await first.running.stop();
    const later: number[] = [];
    let memory = 0;
    while (later.length < LATER_STARTS) {
      console.log(`A later start, ${later.length + 1} of ${LATER_STARTS}`);
      const { running, seconds } = await NpmStart.ready(folder);
      later.push(seconds);
      await callEveryRoute(join(folder, 'dev', 'amazon-ca.pem'));
      memory = running.memoryMib();
      await running.stop();
    }
    console.log(
      table(
        ['npm start', 'measured'],
        [
          ['first start', `${figure(first.seconds)} s`],
          [`later start, median of ${LATER_STARTS}`, `${figure(median(later))} s`],
          ['first to later', `${figure(first.seconds / median(later))} times`],
          ['memory, once every route was called', `${figure(memory)} MiB`],
        ],
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function callEveryRoute(caFile: string): Promise<void> {
  const client = new Client({ port: HTTPS_PORT, ca: readFileSync(caFile, 'utf8') });
  for (const route of ROUTES) await client.call(route);
  client.close();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
