import { allFeatures, production, synthesise } from '../../support/stack';
import { TerraformConfiguration } from '../support/terraform-configuration';

// Each test starts Terraform several times, on a machine that may be busy.
jest.setTimeout(120_000);

const examples = synthesise({
  ...production,
  accountId: '111122223333',
  backend: { type: 's3', bucket: 'example-terraform-state', region: 'eu-central-1' },
  edge: {
    ...production.edge,
    customDomain: { enabled: true, domainName: 'api.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
  },
  alarms: { enabled: true, email: 'platform@example.com' },
});

/**
 * Returns a configuration with only one variable, whose validation refuses example values. Other rules refuse example addresses of
 * offices (`edge.allowlist`): see `office-rules.test.ts`.
 */
const configurationOf = ({ json }: typeof examples): Promise<TerraformConfiguration> =>
  TerraformConfiguration.of({
    variable: { on_one_machine: (json['variable'] as Record<string, object>)['on_one_machine'] },
  });

describe('an environment with an example account, bucket, e-mail address and domain', () => {
  it('is refused on AWS with an error that names each of them, and accepted on one machine', async () => {
    const configuration = await configurationOf(examples);
    expect(await configuration.planErrors({ on_one_machine: false })).toContain(
      'Environment production has example values: accountId 111122223333, backend.bucket example-terraform-state, alarms.email platform@example.com, edge.customDomain.domainName api.example.com. Replace them in its file in environments/.',
    );
    // Without a value here, TF_VAR_on_one_machine applies, which `localEnvironment` sets to true.
    expect(await configuration.planErrors()).toBe('');
    configuration.remove();
  });
});

describe('an environment whose only example values are the addresses of its offices', () => {
  it.each([allFeatures, production])('passes the check of example values on AWS: $name', async (environment) => {
    const configuration = await configurationOf(synthesise(environment));
    expect(await configuration.planErrors({ on_one_machine: false })).toBe('');
    configuration.remove();
  });
});
