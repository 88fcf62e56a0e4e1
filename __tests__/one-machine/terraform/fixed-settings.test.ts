import type { Environment } from '../../../modules/settings/settings';
import { noFeatures, synthesise } from '../../support/stack';
import { TerraformConfiguration } from '../support/terraform-configuration';

const ZONES = ['euc1-az1', 'euc1-az2'];

/** Returns the stored settings and checks of an environment's stack, with another id for the instance, and more resources. */
function checksOf(change: Partial<Environment>, id = 'db-1', more: object = {}): object {
  const stack = synthesise({ ...noFeatures, ...change });
  const resourceId = `\${${stack.addressOf('aws_db_instance')}.resource_id}`;
  return JSON.parse(
    JSON.stringify({ resource: { terraform_data: { ...stack.all('terraform_data'), ...more } } }).replaceAll(
      resourceId,
      id,
    ),
  ) as object;
}

/** The same with an instance that cannot be created. */
const checksOfFailing = (change: Partial<Environment>): object =>
  checksOf(change, '${terraform_data.instance.id}', {
    instance: { provisioner: [{ 'local-exec': { command: 'exit 1' } }] },
  });

const withZones = (...more: string[]): Partial<Environment> => ({
  network: { cidr: '10.20.0.0/16', zones: [...ZONES, ...more] },
});

const MOVED = { region: 'eu-west-1', network: { cidr: '10.20.0.0/16', zones: ['euw1-az1', 'euw1-az2'] } };

/** Returns the end of the message about a changed region or account. */
const locatedIn = (value: string): string =>
  `but environment test was deployed with ${value}: it cannot change while resources of the environment exist there. Restore the old value, or first destroy the environment with the old value, which deletes its data.`;

describe('under an instance', () => {
  let plan: TerraformConfiguration;

  beforeEach(async () => {
    plan = await TerraformConfiguration.of(checksOf(withZones()));
    await plan.apply();
  }, 60_000);
  afterEach(() => plan.remove());

  /** Returns Terraform's error for changed settings, in one line. */
  function refusal(change: Partial<Environment>): Promise<string> {
    plan.change(checksOf(change));
    return plan.planErrors();
  }

  const remedy = 'Restore the old value, or create a new environment; destroying this one deletes its data.';
  const deployedWith = (value: string): string =>
    `but environment test was deployed with ${value}: it cannot change while the instance exists. ${remedy}`;

  it('accepts unchanged settings', async () => {
    expect(await refusal(withZones())).toBe('');
  }, 60_000);

  it('rejects a changed block of the VPC with one error, without errors for its subnets', async () => {
    const refused = await refusal({ network: { cidr: '10.30.0.0/16', zones: ZONES } });
    expect(refused).toContain(`network.cidr is 10.30.0.0/16, ${deployedWith('10.20.0.0/16')}`);
    expect(refused).not.toContain('network.subnets');
  }, 60_000);

  it('rejects changed blocks of the subnets', async () => {
    const subnets = {
      public: ['10.20.0.0/20', '10.20.16.0/20'],
      private: ['10.20.64.0/20', '10.20.80.0/20'],
      database: ['10.20.128.0/20', '10.20.240.0/20'],
    };
    expect(await refusal({ network: { cidr: '10.20.0.0/16', zones: ZONES, subnets } })).toContain(
      `network.subnets of euc1-az2 is 10.20.16.0/20 10.20.80.0/20 10.20.240.0/20, ${deployedWith('10.20.16.0/20 10.20.80.0/20 10.20.144.0/20')}`,
    );
  }, 60_000);

  it('rejects a changed region', async () => {
    expect(await refusal(MOVED)).toContain(`region is eu-west-1, ${locatedIn('eu-central-1')}`);
  }, 60_000);

  it('rejects another name of the environment, and of its database', async () => {
    const refused = await refusal({
      ...withZones(),
      name: 'renamed',
      database: { ...noFeatures.database, name: 'other' },
    });
    const message = (setting: string, before: string): string =>
      `${setting}, but environment renamed was deployed with ${before}: it cannot change while the instance exists. ${remedy}`;
    expect(refused).toContain(message('name is renamed', 'test'));
    expect(refused).toContain(message('database.name is other', 'app'));
  }, 60_000);

  it('accepts an account if none was named before, and rejects another one', async () => {
    expect(await refusal({ ...withZones(), accountId: '111122223333' })).toBe('');
    plan.remove();
    plan = await TerraformConfiguration.of(checksOf({ ...withZones(), accountId: '111122223333' }));
    await plan.apply();
    expect(await refusal(withZones())).toBe('');
    expect(await refusal({ ...withZones(), accountId: '444455556666' })).toContain(
      `accountId is 444455556666, ${locatedIn('111122223333')}`,
    );
  }, 120_000);

  it('rejects a replaced zone', async () => {
    expect(await refusal({ network: { cidr: '10.20.0.0/16', zones: ['euc1-az1', 'euc1-az3'] } })).toContain(
      `network.zones.1 is euc1-az3, ${deployedWith('euc1-az2')}`,
    );
  }, 60_000);

  it('accepts added zones, and rejects their removal', async () => {
    expect(await refusal(withZones('euc1-az3'))).toBe('');
    await plan.apply();
    expect(await refusal(withZones())).toContain(
      `network.zones lacks euc1-az3, with which environment test was deployed: zones can only be added. ${remedy}`,
    );
  }, 120_000);

  it('rejects IAM at the instance if turning it on would wait for the maintenance window', async () => {
    const withIam = (applyImmediately: boolean): Partial<Environment> => ({
      database: { iamAuthentication: true, applyImmediately },
    });
    expect(await refusal(withIam(false))).toContain(
      'database.iamAuthentication cannot be turned on with database.applyImmediately false: RDS would wait for the maintenance window',
    );
    expect(await refusal(withIam(true))).toBe('');
    await plan.apply();
    expect(await refusal(withIam(false))).toBe('');
    await plan.apply();
    // Turning it off may wait, and then it is off for the next deployment.
    expect(await refusal({ database: { iamAuthentication: false, applyImmediately: false } })).toBe('');
    await plan.apply();
    expect(await refusal(withIam(false))).toContain('cannot be turned on');
  }, 120_000);

  it('allows to destroy everything, whatever has changed', async () => {
    expect(await refusal({ network: { cidr: '10.30.0.0/16', zones: ZONES } })).not.toBe('');
    await plan.destroy();
    expect(await plan.planErrors()).toBe('');
  }, 120_000);
});

describe('after a first apply that failed before there was an instance', () => {
  const accountId = '111122223333';
  let plan: TerraformConfiguration;

  beforeEach(async () => {
    plan = await TerraformConfiguration.of(checksOfFailing({ accountId }));
    await expect(plan.apply()).rejects.toThrow('exit 1');
  }, 60_000);
  afterEach(() => plan.remove());

  function refusal(change: Partial<Environment>): Promise<string> {
    plan.change(checksOfFailing(change));
    return plan.planErrors();
  }

  it('rejects another region or account, where Terraform would not find what exists', async () => {
    expect(await refusal({ accountId, ...MOVED })).toContain(`region is eu-west-1, ${locatedIn('eu-central-1')}`);
    expect(await refusal({ accountId: '444455556666' })).toContain(
      `accountId is 444455556666, ${locatedIn(accountId)}`,
    );
  }, 60_000);

  it('accepts another region once everything is destroyed', async () => {
    await plan.destroy();
    expect(await refusal({ accountId, ...MOVED })).toBe('');
  }, 60_000);

  it('accepts other changes', async () => {
    const network = { cidr: '10.30.0.0/16', zones: ['euc1-az2', 'euc1-az3'] };
    const database = { ...noFeatures.database, name: 'other' };
    expect(await refusal({ accountId, name: 'renamed', network, database })).toBe('');
  }, 60_000);
});

it('accepts any change before the first apply', async () => {
  const plan = await TerraformConfiguration.of(checksOf(withZones()));
  plan.change(checksOf({ network: { cidr: '10.30.0.0/16', zones: ZONES } }));
  expect(await plan.planErrors()).toBe('');
  plan.change(checksOf({ database: { iamAuthentication: true, applyImmediately: false } }));
  await plan.apply();
  plan.remove();
}, 60_000);
