import type { PlanSummary } from '../../../start/cli/plan-summary';
import type { Environment } from '../../../modules/settings/settings';
import type { RunningDeployment } from '../support/running-deployment';
import { expectOnly200 } from '../support/expect-tally';
import { Load, type Tally } from '../support/load';
import { measureMatrix } from '../support/measure-matrix';
import { allFeatures } from '../../support/stack';

const MINUTE_MS = 60_000;

/** `allFeatures` with new values for several settings that people often change. */
const CHANGED: Environment = {
  ...allFeatures,
  network: { ...allFeatures.network, zones: ['euc1-az1', 'euc1-az2', 'euc1-az3'] },
  database: { ...allFeatures.database, users: { clients: [{ name: 'analyst' }, { name: 'newcomer' }] } },
  proxies: { password: { requireTls: true } },
  functions: { func1: { memoryMib: 640 } },
  api: { ...allFeatures.api, keyGenerations: [1, 2] },
  publicApi: { enabled: false },
  edge: { ...allFeatures.edge, allowlist: { ipv4: ['203.0.113.0/24', '198.51.100.0/24'] } },
};

/** Applies changed settings under load. */
export function testChangedSettings(running: RunningDeployment): void {
  describe('a deployment whose settings change under load', () => {
    let summary: PlanSummary;
    let tally: Tally;
    let oldestBefore: unknown;

    const oldestTime = (): Promise<unknown> =>
      running.deployment.aws.database.query('SELECT MIN(time) AS oldest FROM app.timestamps');

    beforeAll(async () => {
      await running.get('/func2');
      oldestBefore = await oldestTime();
      // Without /func1, which may fail while its proxy changes.
      const load = await Load.start(running, ['/func2', '/items']);
      ({ summary } = await running.change(CHANGED));
      await load.waitForAnswers(15);
      tally = await load.end('many settings changed at once');
    }, 10 * MINUTE_MS);

    it('answers every request to /func2 and /items with 200, although their functions get a third subnet', () =>
      expectOnly200(tally));

    it('announces no loss of data', () => expect(summary.losses).toEqual([]));

    it('replaces nothing of RDS and RDS Proxy, although it adds a third zone', () => {
      const replaced = [...summary.text.matchAll(/replaces (\w+)\./g)].map(([, type]) => type);
      // The change does replace resources of other services. If none were found, the pattern would be wrong.
      expect(replaced).not.toEqual([]);
      expect(replaced.filter((type) => type?.startsWith('aws_db_'))).toEqual([]);
    });

    it('leaves no change for the next plan', async () => {
      expect(await running.remainingChanges()).toEqual([]);
    });

    it.each(['/func1', '/func2', '/items'])('answers %s', async (path) => {
      expect((await running.get(path)).status).toBe(200);
    });

    it('answers 404 at the disabled route', async () => {
      expect((await running.get('/')).status).toBe(404);
    });

    it('keeps the data', async () => {
      expect(await oldestTime()).toEqual(oldestBefore);
    });

    it('measures the outcomes that rows 2, 6 and 10 of contract/known-matrix.ts state', async () => {
      const { agrees, settings } = await measureMatrix(running);
      expect([agrees, settings.rows.map(({ row }) => row)]).toEqual([true, [2, 6, 10]]);
    });
  });
}
