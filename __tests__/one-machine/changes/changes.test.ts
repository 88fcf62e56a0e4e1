import type { TerraformPlan } from '../../../local';
import { expectOnly200 } from '../support/expect-tally';
import { expectMatrixAgrees, expectRoutesOf } from '../support/expect-served';
import { Load } from '../support/load';
import { RunningDeployment } from '../support/running-deployment';
import { changesIn } from '../support/terraform-configuration';
import { makeHostedZones } from './hosted-zones';
import { environmentOf, replacedBy, STEPS } from './steps';
import { REPLACED_WITHOUT_EFFECT, type HostedZones } from './trials';

const MINUTE_MS = 60_000;

jest.setTimeout(5 * MINUTE_MS);

function replacedIn({ resource_changes: changes = [] }: TerraformPlan): string[] {
  const replaced = changes
    .filter(({ change: { actions } }) => actions.includes('create') && actions.includes('delete'))
    .map(({ type }) => type);
  return [...new Set(replaced)].filter((type) => !REPLACED_WITHOUT_EFFECT.has(type)).sort();
}

const running = new RunningDeployment();
let hostedZones: HostedZones;

beforeAll(async () => {
  await running.start();
  hostedZones = await makeHostedZones(running.deployment.aws.url);
}, 15 * MINUTE_MS);
afterAll(() => running.stop(), MINUTE_MS);

describe.each(STEPS.map((step, index) => ({ ...step, step, previous: STEPS[index - 1] })))(
  'the change to $title',
  ({ title, step, previous, edit, interrupts, waiting = [] }) => {
    it('changes resources, replaces exactly the expected types and deletes no data, while requests fail only at the paths in `interrupts`', async () => {
      const load = interrupts && (await Load.start(running));
      const { plan, summary } = await running.change(environmentOf(step, hostedZones), edit);
      await load?.waitForRecovery();
      await load?.waitForAnswers(15);
      if (load) expectOnly200(await load.end(title), interrupts);
      expect(changesIn(plan)).not.toEqual([]);
      expect(replacedIn(plan)).toEqual(replacedBy(step, previous));
      expect(summary.losses).toEqual([]);
    });

    it('leaves no change for the next plan, except what waits for the maintenance window', async () => {
      const waitingUpdate = new RegExp(`^update aws_db_instance[.]\\w+: ${waiting.join(', ')}$`);
      expect(await running.remainingChanges()).toEqual(
        waiting.length > 0 ? [expect.stringMatching(waitingUpdate)] : [],
      );
    });

    it('leaves a deployment that serves exactly the routes of its settings', async () => {
      await expectRoutesOf(environmentOf(step, hostedZones), running);
    });

    it('gives every login its expected outcome, if /auth-matrix is deployed to measure it', async () => {
      if (running.paths.includes('/auth-matrix')) await expectMatrixAgrees(running);
    });
  },
);

it(
  'the last deployment can be destroyed, in an order that AWS accepts',
  async () => {
    const terraform = await running.deployment.openTerraform();
    await terraform.destroy();
    expect((await terraform.show()).values).toBeUndefined();
  },
  20 * MINUTE_MS,
);
