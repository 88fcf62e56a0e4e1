import type { Environment } from '../../../modules/settings/settings';
import { noFeatures, synthesise } from '../../support/stack';

interface TerraformData {
  readonly input?: Readonly<Record<string, string>>;
  readonly lifecycle?: {
    readonly ignore_changes?: readonly string[];
    readonly precondition?: readonly { readonly error_message: string }[];
  };
}

/** Returns the terraform_data resources with an input, and the messages of all preconditions. */
function dataOf(change: Partial<Environment> = {}): { stored: TerraformData[]; messages: string[] } {
  const stack = synthesise({ ...noFeatures, ...change });
  const all = Object.values<TerraformData>(stack.all('terraform_data'));
  return {
    stored: all.filter(({ input }) => input !== undefined),
    messages: all.flatMap(({ lifecycle }) => (lifecycle?.precondition ?? []).map(({ error_message }) => error_message)),
  };
}

const withZones = (...zones: string[]): Partial<Environment> => ({ network: { cidr: '10.20.0.0/16', zones } });

// __tests__/one-machine/terraform/fixed-settings.test.ts evaluates the checks with Terraform.
describe('the settings that cannot change', () => {
  it('are stored only after the instance exists, except region and account', () => {
    const { stored } = dataOf();
    const resourceId = `\${${synthesise(noFeatures).addressOf('aws_db_instance')}.resource_id}`;
    const storedBeforeInstance = stored.filter(({ input }) => input?.['instance'] !== resourceId);
    expect(storedBeforeInstance.map(({ input }) => input)).toEqual([
      {
        region: 'eu-central-1',
        account: expect.stringMatching(/^\$\{data\.aws_caller_identity\..+\.account_id\}$/) as string,
      },
    ]);
    expect(stored.length).toBeGreaterThan(1);
  });

  it('keep their first values in the state, except iamAuthentication and the third zone', () => {
    const { stored } = dataOf(withZones('euc1-az1', 'euc1-az2', 'euc1-az3'));
    const updated = stored.filter(({ lifecycle }) => lifecycle?.ignore_changes === undefined);
    const firstValues = stored.filter((resource) => !updated.includes(resource));
    expect(firstValues.length).toBeGreaterThan(0);
    expect(firstValues.map(({ lifecycle }) => lifecycle?.ignore_changes)).toEqual(firstValues.map(() => ['input']));
    expect(updated.map(({ input }) => input)).toMatchObject([{ on: 'false' }, { zone: 'euc1-az3' }]);
  });

  it('include iamAuthentication if applyImmediately is off: RDS would turn IAM logins on too late for the bootstrap', () => {
    const rejectsIam = (applyImmediately: boolean): boolean =>
      dataOf({ database: { iamAuthentication: true, applyImmediately } }).messages.some((message) =>
        message.startsWith('database.iamAuthentication cannot be turned on'),
      );
    expect([rejectsIam(true), rejectsIam(false)]).toEqual([false, true]);
  });
});
