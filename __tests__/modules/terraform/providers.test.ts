import { addProviders } from '../../../modules/terraform/providers';
import { parseSettings, type Environment } from '../../../modules/settings/settings';
import { requiredSettings } from '../../support/settings';
import { synthesiseAlone, type JsonObject } from '../../support/synthesised-stack';

/** Synthesises only the providers of an environment. */
const jsonOf = (change: Partial<Environment> = {}): JsonObject =>
  synthesiseAlone((stack) => void addProviders(stack, parseSettings({ ...requiredSettings, ...change }))).json;

const providersOf = (change?: Partial<Environment>): JsonObject[] =>
  (jsonOf(change)['provider'] as { aws: JsonObject[] }).aws;

describe('the providers', () => {
  it('are two: one for the region, and one for global resources in us-east-1', () => {
    expect(providersOf()).toMatchObject([{ region: 'eu-central-1' }, { alias: 'global', region: 'us-east-1' }]);
  });

  it('tag every resource with its environment and the tags of the settings', () => {
    for (const provider of providersOf({ tags: { team: 'platform' } }))
      expect(provider['default_tags']).toEqual([{ tags: { Environment: 'test', team: 'platform' } }]);
  });

  it('both refuse credentials of another account, except in the deployment on one machine', () => {
    const allowed = providersOf({ accountId: '012345678901' }).map((provider) => provider['allowed_account_ids']);
    const unlessOnOneMachine = '${[for id in ["012345678901"] : id if !var.on_one_machine]}';
    expect(allowed).toEqual([unlessOnOneMachine, unlessOnOneMachine]);
  });

  it('accept any account if the settings name none', () => {
    for (const provider of providersOf()) expect(provider).not.toHaveProperty('allowed_account_ids');
  });
});

describe('the configuration', () => {
  it.each([
    ['the tested AWS provider', {}, '~> 5.100.0'],
    ['a newer AWS provider for end-to-end IAM', { upstream: 'iam' }, '~> 6.15'],
    [
      'a newer AWS provider for a proxy that again uses a secret after end-to-end IAM',
      { upstream: 'secret' },
      '~> 6.15',
    ],
    ['the tested AWS provider if the IAM proxy is disabled and upstream is not set', { enabled: false }, '~> 5.100.0'],
    [
      'a newer AWS provider if upstream is set, also while the IAM proxy is disabled',
      { enabled: false, upstream: 'secret' },
      '~> 6.15',
    ],
  ] as const)('requires Terraform 1.11 or newer and %s', (_what, iam, version) => {
    expect(jsonOf({ proxies: { iam } })['terraform']).toMatchObject({
      required_version: '>= 1.11.0',
      required_providers: { aws: { version } },
    });
  });
});
