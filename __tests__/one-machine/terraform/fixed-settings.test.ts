import type { Environment } from '../../../modules/settings/settings';
import { noFeatures, synthesise } from '../../support/stack';
import { TerraformConfiguration } from '../support/terraform-configuration';

// Terraform starts several times in each test, on a machine that may be busy.
jest.setTimeout(120_000);

const ZONES = ['euc1-az1', 'euc1-az2'];

interface Deployed {
  /** Account of the credentials. */
  readonly account?: string;
  /** Id of the instance. */
  readonly instance?: string;
  /** More resources, of the type `terraform_data`. */
  readonly more?: object;
}

/**
 * Returns the `terraform_data` resources of an environment's stack, among them the check and the stored settings. Test values replace
 * those that AWS would return.
 */
function checksOf(
  change: Partial<Environment>,
  { account = '111122223333', instance = 'db-1', more }: Deployed = {},
): object {
  const stack = synthesise({ ...noFeatures, ...change });
  const resources = JSON.stringify({ resource: { terraform_data: { ...stack.all('terraform_data'), ...more } } });
  const instanceIdExpression = `\${${stack.addressOf('aws_db_instance')}.resource_id}`;
  const accountExpression = /data\.aws_caller_identity\.[\w-]+\.account_id/g;
  const withValues = resources
    .replaceAll(instanceIdExpression, instance)
    .replaceAll(accountExpression, 'local.account');
  return { ...(JSON.parse(withValues) as object), locals: { account } };
}

/** Returns the checks of a stack whose instance cannot be created. */
const checksWithFailingInstance = (change: Partial<Environment>, account?: string): object =>
  checksOf(change, {
    ...(account !== undefined && { account }),
    instance: '${terraform_data.instance.id}',
    more: { instance: { provisioner: [{ 'local-exec': { command: 'exit 1' } }] } },
  });

const withZones = (...more: string[]): Partial<Environment> => ({
  network: { cidr: '10.20.0.0/16', zones: [...ZONES, ...more] },
});

const MOVED = { region: 'eu-west-1', network: { cidr: '10.20.0.0/16', zones: ['euw1-az1', 'euw1-az2'] } };

/** Returns the end of the error for a changed region or account. */
const movedFrom = (value: string): string =>
  `but this environment was deployed with ${value}: this value cannot change while resources of the environment exist. Restore the old value. The value can change only after you destroy the environment, which deletes the data of the environment.`;

describe('the check of fixed settings, while the instance exists,', () => {
  let configuration: TerraformConfiguration;

  beforeEach(async () => {
    configuration = await TerraformConfiguration.of(checksOf(withZones()));
    await configuration.apply();
  });
  afterEach(() => configuration.remove());

  /** Changes the settings and returns Terraform's error as one line; an empty string if the check accepts the change. */
  function refusal(change: Partial<Environment>, deployed?: Deployed): Promise<string> {
    configuration.change(checksOf(change, deployed));
    return configuration.planErrors();
  }

  const remedy =
    'Restore the old value, or create another environment; destroying the existing environment deletes its data.';
  const deployedWith = (value: string): string =>
    `but this environment was deployed with ${value}: this value cannot change while the instance exists. ${remedy}`;

  it('accepts unchanged settings', async () => {
    expect(await refusal(withZones())).toBe('');
  });

  it('rejects a changed block of the VPC, without errors for its subnets', async () => {
    const error = await refusal({ network: { cidr: '10.30.0.0/16', zones: ZONES } });
    expect(error).toContain(`network.cidr is 10.30.0.0/16, ${deployedWith('10.20.0.0/16')}`);
    expect(error).not.toContain('network.subnets');
  });

  it('rejects a changed block of a subnet', async () => {
    const subnets = {
      public: ['10.20.0.0/20', '10.20.16.0/20'],
      private: ['10.20.64.0/20', '10.20.80.0/20'],
      database: ['10.20.128.0/20', '10.20.240.0/20'],
    };
    expect(await refusal({ network: { cidr: '10.20.0.0/16', zones: ZONES, subnets } })).toContain(
      `network.subnets of euc1-az2 is 10.20.16.0/20 10.20.80.0/20 10.20.240.0/20, ${deployedWith('10.20.16.0/20 10.20.80.0/20 10.20.144.0/20')}`,
    );
  });

  it('rejects a changed region', async () => {
    expect(await refusal(MOVED)).toContain(`region is eu-west-1, ${movedFrom('eu-central-1')}`);
  });

  it('rejects a new name of the environment, and of its database', async () => {
    const error = await refusal({
      ...withZones(),
      name: 'renamed',
      database: { ...noFeatures.database, name: 'other' },
    });
    expect(error).toContain(`name is renamed, ${deployedWith('test')}`);
    expect(error).toContain(`database.name is other, ${deployedWith('app')}`);
  });

  it('rejects credentials of another account, whether or not the settings name the account', async () => {
    for (const accountId of [undefined, '444455556666']) {
      const environment = { ...withZones(), ...(accountId && { accountId }) };
      expect(await refusal(environment, { account: '444455556666' })).toContain(
        `the account of the credentials is 444455556666, ${movedFrom('111122223333')}`,
      );
    }
  });

  it('accepts settings that name the account of the credentials', async () => {
    expect(await refusal({ ...withZones(), accountId: '111122223333' })).toBe('');
  });

  it('rejects a replaced zone', async () => {
    expect(await refusal({ network: { cidr: '10.20.0.0/16', zones: ['euc1-az1', 'euc1-az3'] } })).toContain(
      `network.zones.1 is euc1-az3, ${deployedWith('euc1-az2')}`,
    );
  });

  it('accepts an added zone, and rejects its removal', async () => {
    expect(await refusal(withZones('euc1-az3'))).toBe('');
    await configuration.apply();
    expect(await refusal(withZones())).toContain(
      `network.zones lacks euc1-az3, with which this environment was deployed: zones can only be added. ${remedy}`,
    );
  });

  it('rejects IAM authentication if turning it on would wait for the maintenance window', async () => {
    const withIam = (applyImmediately: boolean): Partial<Environment> => ({
      database: { iamAuthentication: true, applyImmediately },
    });
    expect(await refusal(withIam(false))).toContain(
      'database.iamAuthentication cannot be turned on while database.applyImmediately is false: RDS would wait for the maintenance window',
    );
    expect(await refusal(withIam(true))).toBe('');
    await configuration.apply();
    expect(await refusal(withIam(false))).toBe('');
    await configuration.apply();
    expect(await refusal({ database: { iamAuthentication: false, applyImmediately: false } })).toBe('');
    await configuration.apply();
    expect(await refusal(withIam(false))).toContain('cannot be turned on');
  });

  it('does not prevent a destroy, even with changed settings', async () => {
    expect(await refusal({ network: { cidr: '10.30.0.0/16', zones: ZONES } })).not.toBe('');
    await configuration.destroy();
    expect(await configuration.planErrors()).toBe('');
  });
});

describe('the check of fixed settings, after an apply that failed before the instance existed,', () => {
  let configuration: TerraformConfiguration;

  beforeEach(async () => {
    configuration = await TerraformConfiguration.of(checksWithFailingInstance({}));
    await expect(configuration.apply()).rejects.toThrow('exit 1');
  });
  afterEach(() => configuration.remove());

  function refusal(change: Partial<Environment>, account?: string): Promise<string> {
    configuration.change(checksWithFailingInstance(change, account));
    return configuration.planErrors();
  }

  it('rejects another region or account, because Terraform would not find the created resources there', async () => {
    expect(await refusal(MOVED)).toContain(`region is eu-west-1, ${movedFrom('eu-central-1')}`);
    expect(await refusal({}, '444455556666')).toContain(
      `the account of the credentials is 444455556666, ${movedFrom('111122223333')}`,
    );
  });

  it('accepts another region once every resource is destroyed', async () => {
    await configuration.destroy();
    expect(await refusal(MOVED)).toBe('');
  });

  it('accepts changes of settings other than region and account', async () => {
    const network = { cidr: '10.30.0.0/16', zones: ['euc1-az2', 'euc1-az3'] };
    const database = { ...noFeatures.database, name: 'other' };
    expect(await refusal({ name: 'renamed', network, database })).toBe('');
  });
});

it('the check of fixed settings accepts changes before the first apply', async () => {
  const configuration = await TerraformConfiguration.of(checksOf(withZones()));
  configuration.change(checksOf({ network: { cidr: '10.30.0.0/16', zones: ZONES } }));
  expect(await configuration.planErrors()).toBe('');
  configuration.change(checksOf({ database: { iamAuthentication: true, applyImmediately: false } }));
  await configuration.apply();
  configuration.remove();
});
