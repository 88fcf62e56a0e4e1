import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measurement } from '../../../functions/auth-matrix/measure';
import { createApp } from '../../../modules/app';
import { DeployedRow } from './deployed-row';
import { forceRow } from './refused-row';
import { inRounds } from './rounds';
import { environmentOfRow, refusedRows, deployableRows, type MatrixRow } from '../../support/matrix-rows';

const MINUTE_MS = 60_000;
const PATIENCE_MS = 20 * MINUTE_MS;

/** Number of parallel deployments. They mostly wait, because Terraform's provider waits for RDS and CloudFront. */
const SIDE_BY_SIDE = 4;

interface Measured {
  readonly deployed: Measurement;
  /** Measurements after the change to a proxy that RDS refuses. */
  readonly forced: Measurement | undefined;
}

const outdir = mkdtempSync(join(tmpdir(), 'matrix-'));
let measured: ReadonlyMap<number, Promise<Measured>> = new Map();

// All rows start at once and run in parallel. Each test waits for its own row.
beforeAll(() => {
  createApp(deployableRows.map(environmentOfRow), outdir).synth();
  const results = inRounds(SIDE_BY_SIDE, deployableRows, {
    prepare: (row) => DeployedRow.apply(row, outdir),
    // Measured one at a time: a login over three seconds counts as unusable, and deployments keep the machine busy.
    measure: measureAndStop,
  });
  measured = new Map(results.map((result, index) => [deployableRows[index]?.row ?? 0, result]));
}, MINUTE_MS);

afterAll(async () => {
  await Promise.allSettled(measured.values());
  rmSync(outdir, { recursive: true, force: true });
}, PATIENCE_MS);

async function measureAndStop(running: DeployedRow, row: MatrixRow): Promise<Measured> {
  try {
    const deployed = await running.measure();
    const refused = refusedRows.find(({ neighbour }) => neighbour === row.row);
    return { deployed, forced: refused && (await running.measure(forceRow(refused))) };
  } finally {
    await running.stop();
  }
}

/** Returns a measurement in the notation of the table, with all details of logins that differ from the expectation. */
function tableOf({ agrees, settings, probes }: Measurement): object {
  const met = (tls: boolean): string =>
    probes
      .filter((probe) => probe.tls === tls)
      .map(({ observed }) => observed)
      .join(' ');
  const differing = probes.filter((probe) => !probe.agrees);
  return { row: settings.rows.at(-1)?.row, overTls: met(true), withoutTls: met(false), agrees, differing };
}

describe('deployed by its settings', () => {
  it.each(deployableRows)(
    'row $row gives $overTls over TLS, $withoutTls without',
    async ({ row, overTls, withoutTls }) => {
      const response = await measured.get(row);
      expect(response && tableOf(response.deployed)).toEqual({ row, overTls, withoutTls, agrees: true, differing: [] });
    },
    PATIENCE_MS,
  );
});

describe('refused', () => {
  it.each(refusedRows)('row $row at synth', (row) => {
    expect(() => createApp([environmentOfRow(row)], join(outdir, 'refused'))).toThrow(
      new Error(`Environment row-${row.row}: 1 setting must be changed.\n- ${row.problem}`),
    );
    expect(existsSync(join(outdir, 'refused'))).toBe(false);
  });

  it.each(refusedRows)(
    'row $row by RDS: if forced, it gives $overTls over TLS, $withoutTls without',
    async ({ row, neighbour, proxy, overTls, withoutTls }) => {
      const forced = (await measured.get(neighbour))?.forced;
      expect(forced && tableOf(forced)).toEqual({ row, overTls, withoutTls, agrees: true, differing: [] });
      const atProxy = forced?.probes.filter(({ target }) => target === 'iam-proxy').map(({ reason }) => reason);
      // RDS does not create a proxy that requires IAM but not TLS.
      expect(atProxy?.every((reason) => reason === 'nothing listens there')).toBe(proxy?.requireTls === false);
    },
    PATIENCE_MS,
  );
});
