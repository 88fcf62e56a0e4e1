import type { TerraformPlan } from '../../../local';
import { expectNoHarm } from '../support/expect-no-harm';
import { Load } from '../support/load';
import { measureInTime } from '../support/measure-in-time';
import { RunningDeployment } from '../support/running-deployment';
import { differencesIn } from '../support/terraform-plan';
import { makeHostedZones } from './hosted-zones';
import { environmentOf, replacedBy, ROWS } from './rows';
import { EXPECTED_ANYWAY, type HostedZones } from './trials';

const MINUTE_MS = 60_000;

jest.setTimeout(5 * MINUTE_MS);

function replacedIn({ resource_changes: changes = [] }: TerraformPlan): string[] {
  const replaced = changes
    .filter(({ change: { actions } }) => actions.includes('create') && actions.includes('delete'))
    .map(({ type }) => type);
  return [...new Set(replaced)].filter((type) => !EXPECTED_ANYWAY.has(type)).sort();
}

const running = new RunningDeployment();
let zones: HostedZones;

beforeAll(async () => {
  await running.start();
  zones = await makeHostedZones(running.deployment.aws.url);
}, 15 * MINUTE_MS);
afterAll(() => running.stop(), MINUTE_MS);

describe.each(ROWS.map((row, index) => ({ ...row, row, before: ROWS[index - 1] })))(
  'a change: $what',
  ({ what, row, before, edit, uninterrupted = false, interrupted = [], waiting = [] }) => {
    it('replaces only the declared resources, and loses no data', async () => {
      const load = uninterrupted || interrupted.length > 0 ? await Load.start(running) : undefined;
      const { plan, summary } = await running.change(environmentOf(row, zones), edit);
      await load?.recovered();
      await load?.more(15);
      if (load) expectNoHarm(await load.end(what), interrupted);
      expect(replacedIn(plan)).toEqual(replacedBy(row, before));
      expect(summary.losses).toEqual([]);
    });

    it('leaves no change for the next plan, except what waits for the maintenance window', async () => {
      const left = new RegExp(`^update aws_db_instance[.]\\w+: ${waiting.join(', ')}$`);
      expect(differencesIn(await (await running.openTerraform()).plan())).toEqual(
        waiting.length > 0 ? [expect.stringMatching(left)] : [],
      );
    });

    it('serves exactly the deployed routes', async () => {
      for (const path of ['/', '/func1', '/func2', '/items', '/auth-matrix']) {
        const { status, text } = await running.get(path);
        const body = status === 502 ? text : '';
        expect([path, status, body]).toEqual([path, running.paths.includes(path) ? 200 : 404, '']);
      }
    });

    it('allows every expected login and no other', async () => {
      if (!running.paths.includes('/auth-matrix')) return;
      const { probes } = await measureInTime(running);
      expect(probes.filter(({ agrees }) => !agrees)).toEqual([]);
    });
  },
);

it(
  'everything can be destroyed afterwards, in an order that AWS accepts',
  async () => {
    const terraform = await running.openTerraform();
    await terraform.destroy();
    expect((await terraform.show()).values).toBeUndefined();
  },
  20 * MINUTE_MS,
);
