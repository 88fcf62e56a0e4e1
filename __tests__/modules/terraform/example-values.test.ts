import { ON_ONE_MACHINE, refuseExampleValues } from '../../../modules/terraform/example-values';
import { parseSettings, type Environment } from '../../../modules/settings/settings';
import { requiredSettings } from '../../support/settings';
import { synthesiseAlone } from '../../support/synthesised-stack';

interface Variable {
  readonly default: boolean;
  readonly validation?: readonly { readonly condition: string; readonly error_message: string }[];
}

/** Returns the variable that allows example values. */
function variableOf(change: Partial<Environment>): Variable | undefined {
  const { json } = synthesiseAlone((stack) =>
    refuseExampleValues(stack, parseSettings({ ...requiredSettings, ...change })),
  );
  return (json['variable'] as Record<string, Variable>)[ON_ONE_MACHINE.replace('var.', '')];
}

const withDomain = (domainName: string): Environment['edge'] => ({
  ...requiredSettings.edge,
  customDomain: { enabled: true, domainName, hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
});

describe('an example value', () => {
  it.each<[Partial<Environment>, string]>([
    [{ accountId: '111122223333' }, 'accountId 111122223333'],
    [{ backend: { type: 's3', bucket: 'example-state', region: 'eu-central-1' } }, 'backend.bucket example-state'],
    [{ backend: { type: 'cloud', organization: 'my-example', workspace: 'dev' } }, 'backend.organization my-example'],
    [{ alarms: { enabled: true, email: 'platform@example.com' } }, 'alarms.email platform@example.com'],
    [{ edge: withDomain('api.example.org') }, 'edge.customDomain.domainName api.example.org'],
  ])('is refused, except in the deployment on one machine: %j', (change, value) => {
    expect(variableOf(change)).toMatchObject({
      default: false,
      validation: [
        {
          condition: `\${${ON_ONE_MACHINE}}`,
          error_message: `Environment test has example values: ${value}. Replace them in its file in environments/.`,
        },
      ],
    });
  });

  it('is named together with all other example values', () => {
    const change = { accountId: '123456789012', alarms: { enabled: true, email: 'a@example.net' } } as const;
    expect(variableOf(change)?.validation?.[0]?.error_message).toContain(
      ': accountId 123456789012, alarms.email a@example.net. ',
    );
  });
});

describe('a value that is no example', () => {
  it.each<Partial<Environment>>([
    {},
    { accountId: '210987654321' },
    { backend: { type: 's3', bucket: 'examples-state', region: 'eu-central-1' } },
    { alarms: { enabled: true, email: 'example@acme.org' } },
    { edge: withDomain('example.acme.org') },
  ])('is accepted: %j', (change) => {
    expect(variableOf(change)).not.toHaveProperty('validation');
  });
});
