import { allFeatures, production, synthesise } from '../../support/stack';
import { TerraformConfiguration } from '../support/terraform-configuration';

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

/** Returns a plan of the variable that refuses example values. */
const planOf = ({ json }: typeof examples): Promise<TerraformConfiguration> =>
  TerraformConfiguration.of({
    variable: { on_one_machine: (json['variable'] as Record<string, object>)['on_one_machine'] },
  });

describe('an environment with the values of the shipped examples', () => {
  it('is refused on AWS with an error that names each value, and accepted on one machine', async () => {
    const plan = await planOf(examples);
    expect(await plan.planErrors({ on_one_machine: false })).toContain(
      'Environment production has example values: accountId 111122223333, backend.bucket example-terraform-state, alarms.email platform@example.com, edge.customDomain.domainName api.example.com. Replace them in its file in environments/.',
    );
    // npm start sets the variable to true.
    expect(await plan.planErrors()).toBe('');
    plan.remove();
  }, 120_000);
});

describe('an environment with real values', () => {
  it.each([allFeatures, production])(
    'is accepted on AWS: $name',
    async (environment) => {
      const plan = await planOf(synthesise(environment));
      expect(await plan.planErrors({ on_one_machine: false })).toBe('');
      plan.remove();
    },
    120_000,
  );
});
