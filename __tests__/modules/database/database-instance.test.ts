import type { Environment } from '../../../modules/settings/settings';
import { allFeatures, production, noFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);

const parametersOf = (environment: Environment): unknown =>
  synthesise(environment).one('aws_db_parameter_group').parameter;

const withPasswordProxy = (requireTls: boolean): Environment => ({
  ...allFeatures,
  proxies: { password: { requireTls } },
});

const withMaxConnections = (maxConnections: number): Environment => ({
  ...noFeatures,
  database: { ...noFeatures.database, maxConnections },
});

describe('the instance', () => {
  it('runs MySQL 8.4, encrypted, with a master password that RDS manages', () => {
    const instance = stack.one('aws_db_instance');
    expect(instance).toMatchObject({
      engine: 'mysql',
      engine_version: '8.4',
      storage_type: 'gp3',
      storage_encrypted: true,
      manage_master_user_password: true,
      iam_database_authentication_enabled: true,
      skip_final_snapshot: true,
      multi_az: false,
      deletion_protection: false,
    });
    expect(instance).not.toHaveProperty('password');
    expect(instance).not.toHaveProperty('lifecycle');
  });

  it('is created after the route to the internet if it is public, because RDS needs this route to assign a public address', () => {
    const route = stack.addressOf('aws_route', 'database-routes');
    expect(stack.one('aws_db_instance').depends_on).toContain(route);
    expect(String(synthesise(noFeatures).one('aws_db_instance').depends_on)).not.toContain('aws_route.');
  });

  it('has class, standby and backups from the settings, and Terraform cannot delete it while deletion protection is on', () => {
    expect(synthesise(production).one('aws_db_instance')).toMatchObject({
      instance_class: 'db.m7g.large',
      multi_az: true,
      deletion_protection: true,
      lifecycle: { prevent_destroy: true },
      backup_retention_period: 14,
      skip_final_snapshot: false,
      final_snapshot_identifier: expect.stringMatching(
        /^login-matrix-production-final-\$\{element\(split\("-", terraform_data\.\w+\.id\), 0\)\}$/,
      ),
    });
  });

  it('is changed during the deployment, or in its maintenance window if the settings say so', () => {
    expect(stack.one('aws_db_instance')).toMatchObject({ apply_immediately: true });
    expect(stack.one('aws_db_instance')).not.toHaveProperty('maintenance_window');
    expect(synthesise(production).one('aws_db_instance')).toMatchObject({
      apply_immediately: false,
      backup_window: '01:00-02:00',
      maintenance_window: 'sun:02:30-sun:03:30',
    });
  });

  it.each([
    [20, undefined, undefined],
    [399, undefined, undefined],
    [400, 12_000, 500],
  ])(
    'of %i GiB has `iops` %s and `storage_throughput` %s, because RDS accepts both only from 400 GiB on',
    (allocatedStorageGib, iops, throughput) => {
      const database = { ...noFeatures.database, allocatedStorageGib };
      const instance = synthesise({ ...noFeatures, database }).one('aws_db_instance');
      expect([instance.iops, instance.storage_throughput]).toEqual([iops, throughput]);
    },
  );

  it.each([
    ['8.4', true],
    ['8.4.3', false],
  ])('of version %s upgrades minor versions automatically: %s', (engineVersion, isUpgraded) => {
    const { database } = allFeatures;
    const instance = synthesise({ ...allFeatures, database: { ...database, engineVersion } }).one('aws_db_instance');
    expect(instance.auto_minor_version_upgrade).toBe(isUpgraded);
  });

  it.each<[title: string, environment: Environment, name: string, value: string]>([
    [
      'allows connections without TLS if the password proxy does',
      withPasswordProxy(false),
      'require_secure_transport',
      '0',
    ],
    ['requires TLS if the password proxy does', withPasswordProxy(true), 'require_secure_transport', '1'],
    ['requires TLS if there is no password proxy', noFeatures, 'require_secure_transport', '1'],
    ['uses utf8mb4 by default', allFeatures, 'character_set_server', 'utf8mb4'],
    ['closes non-interactive connections after ten idle minutes', allFeatures, 'wait_timeout', '600'],
    ['allows as many connections as the settings say', withMaxConnections(90), 'max_connections', '90'],
    ['allows the default number of connections of its class', production, 'max_connections', '512'],
  ])('%s', (_title, environment, name, value) => {
    expect(parametersOf(environment)).toContainEqual({ name, value });
  });

  it('gets its new parameter group before the old one is deleted, if the family changes', () => {
    expect(stack.one('aws_db_parameter_group')).toMatchObject({
      name: 'login-matrix-test-mysql8-4',
      family: 'mysql8.4',
      lifecycle: { create_before_destroy: true },
    });
  });

  it.each([
    ['db.t4g.micro', true, '134217728'],
    ['db.t4g.micro', false, '134217728'],
    ['db.t4g.small', true, '268435456'],
    ['db.t4g.small', false, '{DBInstanceClassMemory*1/2}'],
    ['db.t4g.medium', true, '{DBInstanceClassMemory*1/2}'],
    ['db.m7g.large', true, '{DBInstanceClassMemory*3/4}'],
  ])('of class %s, with IAM logins %s, has a buffer pool of %s', (instanceClass, iamAuthentication, expected) => {
    const database = { ...noFeatures.database, instanceClass, iamAuthentication };
    expect(parametersOf({ ...noFeatures, database })).toContainEqual({
      name: 'innodb_buffer_pool_size',
      value: expected,
    });
  });

  it.each([
    ['error, slow query and IAM logs', allFeatures, ['error', 'slowquery', 'iam-db-auth-error']],
    ['error and slow query logs if IAM is off', noFeatures, ['error', 'slowquery']],
  ])('exports these logs to log groups that keep them for 30 days: %s', (_what, environment, logs) => {
    const synthesised = synthesise(environment);
    expect(synthesised.one('aws_db_instance').enabled_cloudwatch_logs_exports).toEqual(logs);
    for (const log of logs) {
      expect(synthesised.one('aws_cloudwatch_log_group', `database_${log}-logs`)).toMatchObject({
        name: `/aws/rds/instance/login-matrix-test/${log}`,
        retention_in_days: 30,
        // With this, Terraform first stops the export of the instance, and then deletes the group.
        lifecycle: { create_before_destroy: true },
      });
    }
  });
});
