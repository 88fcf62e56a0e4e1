import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measurement } from '../../../functions/auth-matrix/measure';
import { createApp } from '../../../modules/app';
import { DeployedRow } from './deployed-row';
import { forceRow } from './force-row';
import { deployableRows, environmentOfRow, type MatrixRow, refusedRows } from '../../support/matrix-rows';

const MINUTE_MS = 60_000;
/** Number of parallel deployments. It may exceed the number of cores: a deployment mostly waits for RDS and CloudFront. */
const PARALLEL_DEPLOYMENTS = 4;

interface Measurements {
  readonly deployed: Measurement;
  /**
   * Measured after `forceRow` has changed the deployment to match a row that synth refuses. Undefined if no refused row has this row as its
   * `neighbour`.
   */
  readonly forced: Measurement | undefined;
}

const outdir = mkdtempSync(join(tmpdir(), 'matrix-'));
/**
 * Measurements by number of the deployed row. A row that fails does not stop the others, but its own test fails. If `forceRow` simulates
 * a refused row on the same deployment, the test of the refused row fails too.
 */
const measurements = new Map<number, Promise<Measurements>>();

beforeAll(async () => {
  createApp(deployableRows.map(environmentOfRow), outdir).synth();
  for (let first = 0; first < deployableRows.length; first += PARALLEL_DEPLOYMENTS) {
    const rows = deployableRows.slice(first, first + PARALLEL_DEPLOYMENTS);
    const deployments = rows.map((row) => ({ row, applied: DeployedRow.apply(row, outdir) }));
    await Promise.allSettled(deployments.map(({ applied }) => applied));
    // Measures one row at a time, after these deployments: on a busy machine a login may exceed three seconds and count as unusable.
    for (const { row, applied } of deployments) {
      const measured = applied.then((appliedRow) => measureAndStop(appliedRow, row));
      measurements.set(row.row, measured);
      await Promise.allSettled([measured]);
    }
  }
}, 60 * MINUTE_MS);

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

async function measureAndStop(appliedRow: DeployedRow, row: MatrixRow): Promise<Measurements> {
  try {
    const deployed = await appliedRow.measure();
    const refused = refusedRows.find(({ neighbour }) => neighbour === row.row);
    return { deployed, forced: refused && (await appliedRow.measure(forceRow(refused))) };
  } finally {
    await appliedRow.stop();
  }
}

/** Returns the row, its outcomes and the logins with an unexpected outcome. */
function rowOf({ agrees, settings, probes }: Measurement): object {
  const outcomes = (tls: boolean): string =>
    probes
      .filter((probe) => probe.tls === tls)
      .map(({ observed }) => observed)
      .join(' ');
  const differing = probes.filter((probe) => !probe.agrees);
  // `settings.rows` has the row of the instance, then that of the proxy if one is deployed.
  return { row: settings.rows.at(-1)?.row, overTls: outcomes(true), withoutTls: outcomes(false), agrees, differing };
}

describe('a deployed row of the matrix', () => {
  it.each(deployableRows)(
    'has the outcomes $overTls over TLS and $withoutTls without TLS: row $row',
    async ({ row, overTls, withoutTls }) => {
      const deployed = (await measurements.get(row))?.deployed;
      expect(deployed && rowOf(deployed)).toEqual({ row, overTls, withoutTls, agrees: true, differing: [] });
    },
  );
});

describe('a refused row of the matrix', () => {
  it.each(refusedRows)('is rejected at synth: row $row', (row) => {
    expect(() => createApp([environmentOfRow(row)], join(outdir, 'refused'))).toThrow(
      new Error(`Environment row-${row.row}: 1 setting must be changed.\n- ${row.problem}`),
    );
    expect(existsSync(join(outdir, 'refused'))).toBe(false);
  });

  it.each(refusedRows)(
    'has the outcomes $overTls over TLS and $withoutTls without TLS, if forced onto a deployed row: row $row',
    async ({ row, neighbour, proxy, overTls, withoutTls }) => {
      const forced = (await measurements.get(neighbour))?.forced;
      expect(forced && rowOf(forced)).toEqual({ row, overTls, withoutTls, agrees: true, differing: [] });
      const codesAtProxy = forced?.probes.filter(({ target }) => target === 'iam-proxy').map(({ code }) => code);
      // RDS does not create a proxy that requires IAM but not TLS.
      expect(codesAtProxy?.every((code) => code === 'ECONNREFUSED')).toBe(proxy?.requireTls === false);
    },
  );
});
