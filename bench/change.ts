/**
 * Measures how long the deployment on one machine takes to start after a setting has changed, compared with a first start and a start
 * without a change.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dev from '../environments/dev';
import { createApp } from '../modules/app';
import { bundling } from '../modules/compute/bundling';
import type { Environment } from '../modules/settings/settings';
import { startDeployment } from '../start/deployment';
import { figure, markdownTable } from './figures';

const REQUIRING_TLS: Environment = { ...dev, proxies: { password: { requireTls: true } } };
/** Includes `REQUIRING_TLS`, so that the last start changes only the zones. */
const WITH_THIRD_ZONE: Environment = {
  ...REQUIRING_TLS,
  network: { ...dev.network, zones: ['euc1-az1', 'euc1-az2', 'euc1-az3'] },
};

const STARTS: readonly (readonly [label: string, environment: Environment])[] = [
  ['first start', dev],
  ['later start, nothing changed', dev],
  ['a change in place: the password proxy requires TLS', REQUIRING_TLS],
  ['a change that creates subnets: a third zone', WITH_THIRD_ZONE],
];

async function main(): Promise<void> {
  // Bundling ends before the first start, so no measured time includes it.
  await bundling;
  const folder = mkdtempSync(join(tmpdir(), 'bench-change-'));
  const rows: string[][] = [];
  let firstSeconds: number | undefined;
  try {
    for (const [label, environment] of STARTS) {
      console.error(label);
      const seconds = await measureStart(folder, environment);
      firstSeconds ??= seconds;
      rows.push([label, `${figure(seconds)} s`, figure(firstSeconds / seconds)]);
    }
    const head = ['start', 'until everything serves', 'faster than a first start by a factor of'];
    console.log(markdownTable(head, rows));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Synthesises the environment, starts its deployment, applies changes and serves. @returns seconds until the deployment serves */
async function measureStart(folder: string, environment: Environment): Promise<number> {
  const began = performance.now();
  const synthesised = join(folder, 'synthesised');
  rmSync(synthesised, { recursive: true, force: true });
  createApp([environment], synthesised).synth();
  const deployment = await startDeployment({
    stack: join(synthesised, 'stacks', environment.name),
    folder: join(folder, 'kept'),
    progress: () => undefined,
  });
  try {
    if (!deployment.isApplied) await deployment.apply();
    await deployment.serve();
    return (performance.now() - began) / 1000;
  } finally {
    await deployment.stop();
  }
}

void main();
