import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { LocalDeployment } from '../../../local';
import { startDeployment } from '../../../start/deployment';
import { createApp } from '../../../modules/app';
import { EFFECTS, type SettingEffect, type Setting } from '../../../modules/settings/effects';
import type { Environment } from '../../../modules/settings/settings';
import { ChangePlans, type PlannedChanges } from '../support/change-plans';
import { progressPrinter } from '../support/progress';
import { allFeatures, synthesise } from '../../support/stack';
import { makeHostedZones } from './hosted-zones';
import { changed, deployedEnvironment, REPLACED_WITHOUT_EFFECT, trials, type HostedZones, type Values } from './trials';

const MINUTE_MS = 60_000;

// A plan takes seconds; the machine may be busy.
jest.setTimeout(5 * MINUTE_MS);

const folder = mkdtempSync(join(tmpdir(), 'every-setting-'));
const PLACEHOLDERS: HostedZones = ['Z0123456789FIRST', 'Z0123456789SECOND'];

let deployment: LocalDeployment;
// Jest collects the tests before `beforeAll` makes the hosted zones. Until then the trial values contain placeholder ids.
let hostedZones = PLACEHOLDERS;
let plans: ChangePlans;

beforeAll(async () => {
  const stack = join(folder, 'synthesised', 'stacks', allFeatures.name);
  createApp([deployedEnvironment(PLACEHOLDERS)], join(folder, 'synthesised')).synth();
  const deploymentFolder = join(folder, 'kept');
  deployment = await startDeployment({ stack, folder: deploymentFolder, progress: progressPrinter('Terraform') });
  hostedZones = await makeHostedZones(deployment.aws.url);
  createApp([deployedEnvironment(hostedZones)], join(folder, 'synthesised')).synth();
  await deployment.apply();
  plans = new ChangePlans(join(deploymentFolder, 'terraform', allFeatures.name), deployment.aws.url);
}, 15 * MINUTE_MS);

afterAll(async () => {
  await deployment.stop();
  rmSync(folder, { recursive: true });
}, MINUTE_MS);

const effectOf = (setting: Setting): SettingEffect => EFFECTS[setting];
const settingsOfKind = (kind: SettingEffect['kind']): Setting[] =>
  (Object.keys(trials(PLACEHOLDERS)) as Setting[]).filter((setting) => effectOf(setting).kind === kind);

const valuesOf = (setting: Setting): Values => trials(hostedZones)[setting];

/** Whether the trial of a setting may turn a feature off. Such a trial can remove what other trials change, so it gets its own plan. */
const maySwitchOff = (setting: Setting): boolean =>
  Object.values(valuesOf(setting)).some(
    (value) => value === false || (value as { enabled?: boolean }).enabled === false,
  );

/** Divides settings into those that share one plan, and those that need a separate plan each. */
function groupByPlan(settings: readonly Setting[]): { readonly together: Setting[]; readonly alone: Setting[] } {
  const merged: Record<string, unknown> = {};
  const [together, alone]: [Setting[], Setting[]] = [[], []];
  for (const setting of settings) {
    const values = valuesOf(setting);
    const isCompatible = Object.entries(values).every(
      ([path, value]) => !(path in merged) || isDeepStrictEqual(merged[path], value),
    );
    if (maySwitchOff(setting) || !isCompatible) alone.push(setting);
    else {
      Object.assign(merged, values);
      together.push(setting);
    }
  }
  return { together, alone };
}

function planOf(...settings: readonly Setting[]): Promise<PlannedChanges> {
  return plans.planTo(
    changed(deployedEnvironment(hostedZones), Object.assign({}, ...settings.map(valuesOf)) as Values),
  );
}

const replacedIn = ({ replaced }: PlannedChanges): string[] =>
  replaced.filter((type) => !REPLACED_WITHOUT_EFFECT.has(type));

/** Returns the blocks of a synthesised stack, except its comments and its `terraform` block, which has the backend. */
const blocksOf = (environment: Environment): unknown => {
  const { json } = synthesise(environment);
  return Object.entries(json).filter(([block]) => !['//', 'terraform'].includes(block));
};

describe('the plan', () => {
  it('is empty if no setting has changed, with and without a refresh', async () => {
    const empty: PlannedChanges = { replaced: [], changes: [], errors: '' };
    expect(await planOf()).toEqual(empty);
    expect(await plans.planTo(deployedEnvironment(hostedZones), { refresh: true })).toEqual(empty);
  });

  it('of an added availability zone is the same with and without a refresh', async () => {
    const environment = changed(deployedEnvironment(hostedZones), valuesOf('network.zones'));
    const [quick, full] = [await plans.planTo(environment), await plans.planTo(environment, { refresh: true })];
    expect({ ...full, changes: [...full.changes].sort() }).toEqual({ ...quick, changes: [...quick.changes].sort() });
  });
});

describe('a change of the fixed setting', () => {
  // The deployment on one machine accepts every account, so `accountId` has no effect. terraform/account-guard.test.ts tests this setting.
  const settings = settingsOfKind('never').filter((setting) => setting !== 'accountId');
  it.each(settings)('%s is rejected at synth or by the plan', async (setting) => {
    const message = await planOf(setting).then(({ errors }) => errors, String);
    // The message names the setting, or a group that contains it.
    const named = setting
      .split('.')
      .slice(0, 3)
      .join('.')
      .replace(/^(network[.]subnets).*/, '$1');
    expect(message).toMatch(new RegExp(`(^|\\s)${named} (is|of|must)\\b`));
  });
});

describe('a change of the setting', () => {
  it.each(settingsOfKind('replaces'))('%s replaces the resources that EFFECTS lists', async (setting) => {
    const planned = await planOf(setting);
    expect(planned.errors).toBe('');
    expect(replacedIn(planned)).toEqual(effectOf(setting).replaces);
  });

  it.each(settingsOfKind('nothing'))(
    '%s, which has no effect at AWS, changes at most the terraform block of the stack',
    (setting) => {
      const before = deployedEnvironment(hostedZones);
      expect(blocksOf(changed(before, valuesOf(setting)))).toEqual(blocksOf(before));
    },
  );
});

describe('an in-place change', () => {
  const { together, alone } = groupByPlan(settingsOfKind('in place'));

  // The shared plan does not show whether each of its settings changes something.
  it('of each setting in the shared plan changes the synthesised stack', () => {
    const before = synthesise(deployedEnvironment(hostedZones)).text;
    const withoutEffect = together.filter(
      (setting) => synthesise(changed(deployedEnvironment(hostedZones), valuesOf(setting))).text === before,
    );
    expect(withoutEffect).toEqual([]);
  });

  it(
    'of all settings in the shared plan together replaces nothing',
    async () => {
      const planned = await planOf(...together);
      expect(planned.errors).toBe('');
      if (replacedIn(planned).length > 0) {
        // Plans each setting alone, so that the failure names the one that replaces something.
        for (const setting of together) expect([setting, replacedIn(await planOf(setting))]).toEqual([setting, []]);
      }
      expect(replacedIn(planned)).toEqual([]);
    },
    30 * MINUTE_MS,
  );

  it.each(alone)('of %s, in a plan of its own, changes something and replaces nothing', async (setting) => {
    const planned = await planOf(setting);
    expect(planned.errors).toBe('');
    expect(planned.changes).not.toEqual([]);
    expect(replacedIn(planned)).toEqual([]);
  });
});
