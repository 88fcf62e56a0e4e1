import { databaseUsers } from '../../../modules/database/users';
import { parseSettings, type Environment } from '../../../modules/settings/settings';
import { everything, guarded, nothing, synthesise } from '../../support/stack';

const stack = synthesise(everything);

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
  });

  it('is created after the route to the internet if it is public: RDS needs the route to assign an address', () => {
    const way = stack.addressOf('aws_route', 'database-routes');
    expect(stack.one('aws_db_instance').depends_on).toContain(way);
    expect(String(synthesise(nothing).one('aws_db_instance').depends_on)).not.toContain('aws_route.');
  });

  it('has deletion protection if the settings say so', () => {
    expect(synthesise(guarded).one('aws_db_instance')).toMatchObject({
      instance_class: 'db.m7g.large',
      multi_az: true,
      deletion_protection: true,
      backup_retention_period: 14,
      skip_final_snapshot: false,
      final_snapshot_identifier: expect.stringMatching(
        /^login-matrix-guarded-final-\$\{element\(split\("-", terraform_data\.\w+\.id\), 0\)\}$/,
      ),
    });
  });

  it('is changed during the deployment, or in its maintenance window if the settings say so', () => {
    expect(stack.one('aws_db_instance')).toMatchObject({ apply_immediately: true });
    expect(stack.one('aws_db_instance')).not.toHaveProperty('maintenance_window');
    expect(synthesise(guarded).one('aws_db_instance')).toMatchObject({
      apply_immediately: false,
      backup_window: '01:00-02:00',
      maintenance_window: 'sun:02:30-sun:03:30',
    });
  });

  it.each([
    ['8.4', true],
    ['8.4.3', false],
  ])('of version %s upgrades minor versions automatically: %s', (engineVersion, upgrades) => {
    const { database } = everything;
    const instance = synthesise({ ...everything, database: { ...database, engineVersion } }).one('aws_db_instance');
    expect(instance.auto_minor_version_upgrade).toBe(upgrades);
  });

  it.each([
    ['does without TLS for the sake of a password proxy that does', false, '0'],
    ['requires TLS of everyone where the password proxy does', true, '1'],
  ])('%s', (_what, requireTls, value) => {
    const group = synthesise({ ...everything, proxies: { password: { requireTls } } }).one('aws_db_parameter_group');
    expect(group).toMatchObject({ family: 'mysql8.4' });
    expect(group.parameter).toContainEqual({ name: 'require_secure_transport', value });
    expect(group.parameter).toContainEqual({ name: 'character_set_server', value: 'utf8mb4' });
  });

  it('gets the parameter group of another family before its old one is deleted', () => {
    expect(synthesise(everything).one('aws_db_parameter_group')).toMatchObject({
      name: 'login-matrix-test-mysql8-4',
      lifecycle: { create_before_destroy: true },
    });
  });

  it('allows as many connections as the settings say', () => {
    const group = (environment: Environment) => synthesise(environment).one('aws_db_parameter_group').parameter;
    expect(group(everything)).toContainEqual({ name: 'max_connections', value: '64' });
    expect(group(guarded)).toContainEqual({ name: 'max_connections', value: '512' });
    const database = { ...nothing.database, maxConnections: 90 };
    expect(group({ ...nothing, database })).toContainEqual({ name: 'max_connections', value: '90' });
  });

  it('requires TLS if there is no password proxy', () => {
    expect(synthesise(nothing).one('aws_db_parameter_group').parameter).toContainEqual({
      name: 'require_secure_transport',
      value: '1',
    });
  });

  it.each([
    ['error, slow query and IAM logs', everything, ['error', 'slowquery', 'iam-db-auth-error']],
    ['error and slow query logs, without IAM', nothing, ['error', 'slowquery']],
  ])('exports its %s to log groups with a retention time', (_what, environment, logs) => {
    const synthesised = synthesise(environment);
    expect(synthesised.one('aws_db_instance').enabled_cloudwatch_logs_exports).toEqual(logs);
    for (const log of logs) {
      expect(synthesised.one('aws_cloudwatch_log_group', `database_${log}-logs`)).toMatchObject({
        name: `/aws/rds/instance/login-matrix-test/${log}`,
        retention_in_days: 30,
      });
    }
  });
});

describe('the users of the database', () => {
  it('are each declared once, with only the privileges that they need', () => {
    expect(databaseUsers(parseSettings(everything))).toEqual({
      timestamps: {
        name: 'timestamps',
        login: 'password',
        host: '10.20.0.0/255.255.0.0',
        maxUserConnections: 100,
        grants: [{ privileges: ['SELECT', 'INSERT'], on: ['app', 'timestamps'] }],
      },
      items: {
        name: 'items',
        login: 'iam',
        host: '%',
        maxUserConnections: 20,
        grants: [{ privileges: ['SELECT'], on: ['app', 'items'] }],
      },
      usersReader: {
        name: 'users_reader',
        login: 'iam',
        host: '%',
        maxUserConnections: 20,
        grants: [{ privileges: ['SELECT'], columns: ['User'], on: ['mysql', 'user'] }],
      },
      matrixPassword: {
        name: 'matrix_password',
        login: 'password',
        host: '10.20.0.0/255.255.0.0',
        maxUserConnections: 20,
        grants: [],
      },
      matrixIam: {
        name: 'matrix_iam',
        login: 'iam',
        host: '10.20.0.0/255.255.0.0',
        maxUserConnections: 20,
        grants: [],
      },
      clients: [
        {
          name: 'analyst',
          login: 'iam',
          host: '%',
          maxUserConnections: 5,
          grants: [{ privileges: ['SELECT'], on: ['app', '*'] }],
        },
      ],
    });
  });

  it('do not exist if no feature needs them', () => {
    expect(databaseUsers(parseSettings(nothing))).toEqual({ clients: [] });
  });

  it('are not IAM users if the instance does not have the plugin', () => {
    const users = databaseUsers(parseSettings({ ...nothing, authMatrix: { enabled: true } }));
    expect(Object.keys(users)).toEqual(['matrixPassword', 'clients']);
  });
});

describe('the secret of a user', () => {
  it('gets a value that Terraform generates and never stores', () => {
    expect(stack.json['ephemeral']).toEqual({
      aws_secretsmanager_random_password: {
        'timestamps-secret': { password_length: 32, exclude_punctuation: true },
        'matrix-secret': { password_length: 32, exclude_punctuation: true },
      },
    });
    const version = stack.one('aws_secretsmanager_secret_version', 'timestamps');
    expect(version).toMatchObject({
      secret_string_wo_version: 1,
      secret_string_wo:
        '${jsonencode({ username = "timestamps", password = ephemeral.aws_secretsmanager_random_password.timestamps-secret.random_password })}',
    });
    expect(version).not.toHaveProperty('secret_string');
  });

  it('is written once: Terraform does not overwrite it after a rotation', () => {
    expect(stack.one('aws_secretsmanager_secret_version', 'timestamps')).toMatchObject({
      version_stages: ['AWSCURRENT', 'FIRST'],
      lifecycle: { ignore_changes: ['version_stages'] },
    });
  });

  it('releases its name at once when it is deleted', () => {
    expect(stack.one('aws_secretsmanager_secret', 'timestamps')).toMatchObject({
      name: 'login-matrix-test/database/timestamps',
      recovery_window_in_days: 0,
    });
  });
});

describe('the bootstrap', () => {
  const invocation = stack.one('aws_lambda_invocation', 'bootstrap');

  it('gets the users and the ARNs of their secrets, and runs again when these, its code or the instance change', () => {
    const input = (invocation.input as string).replace(/\$\{(.*?)\}/g, '$1');
    expect(JSON.parse(input)).toMatchObject({
      database: 'app',
      users: [
        { name: 'timestamps', secretArn: expect.stringMatching(/^aws_secretsmanager_secret\..*\.arn$/) as string },
        { name: 'items' },
        { name: 'users_reader' },
        {
          name: 'matrix_password',
          grants: [],
          secretArn: expect.stringMatching(/^aws_secretsmanager_secret\..*\.arn$/) as string,
        },
        { name: 'matrix_iam', grants: [] },
        { name: 'analyst' },
      ],
    });
    expect(Object.keys(invocation.triggers as object)).toEqual(['code', 'instance']);
  });

  it('runs after its permissions, its secrets, the endpoint and all security group rules exist', () => {
    const waitsFor = invocation.depends_on as string[];
    expect(waitsFor).toEqual(
      expect.arrayContaining([
        stack.addressOf('aws_iam_role_policy', 'bootstrap_function_role_ReadMasterSecret'),
        stack.addressOf('aws_iam_role_policy', 'bootstrap_function_role_ReadSecretOf-timestamps'),
        stack.addressOf('aws_secretsmanager_secret_version', 'timestamps'),
        stack.addressOf('aws_secretsmanager_secret_version', 'matrix'),
        stack.addressOf('aws_vpc_endpoint'),
        stack.addressOf('aws_vpc_security_group_egress_rule', 'bootstrap-to-database'),
        stack.addressOf('aws_vpc_security_group_ingress_rule', 'database-from-bootstrap'),
      ]),
    );
  });
});

describe('users that are declared no more', () => {
  const invocation = stack.one('aws_lambda_invocation', 'undeclared-users');

  it('are dropped by the bootstrap’s function, whose second event names the accounts to keep', () => {
    expect(JSON.parse(invocation.input as string)).toEqual({
      database: 'app',
      keepUsers: [
        { name: 'timestamps', host: '10.20.0.0/255.255.0.0' },
        { name: 'items', host: '%' },
        { name: 'users_reader', host: '%' },
        { name: 'matrix_password', host: '10.20.0.0/255.255.0.0' },
        { name: 'matrix_iam', host: '10.20.0.0/255.255.0.0' },
        { name: 'analyst', host: '%' },
      ],
    });
    expect(invocation.triggers).toEqual(stack.one('aws_lambda_invocation', 'bootstrap').triggers);
  });

  it('are dropped after every function, proxy and rotation has let go', () => {
    const logsIn = ['aws_lambda_function', 'aws_db_proxy', 'aws_db_proxy_target', 'aws_secretsmanager_secret_rotation'];
    const all = logsIn.flatMap((type) => Object.keys(stack.all(type)).map((name) => `${type}.${name}`));
    expect(all).toHaveLength(14);
    expect(invocation.depends_on).toEqual(
      expect.arrayContaining([stack.addressOf('aws_lambda_invocation', 'bootstrap'), ...all]),
    );
  });

  it('have secrets that are deleted last', () => {
    for (const type of ['aws_secretsmanager_secret', 'aws_secretsmanager_secret_version']) {
      for (const secret of Object.values(stack.all(type))) {
        expect(secret.lifecycle).toMatchObject({ create_before_destroy: true });
      }
    }
  });

  it('are let go first: functions of routes change only after the bootstrap', () => {
    for (const [name, one] of Object.entries(stack.all('aws_lambda_function'))) {
      if (!name.startsWith('functions_')) continue;
      expect(one.depends_on).toContain(stack.addressOf('aws_lambda_invocation', 'bootstrap'));
    }
  });
});

describe('the rotation of passwords', () => {
  const rotation = stack.one('aws_secretsmanager_secret_rotation', 'timestamps');
  const secret = `\${${stack.addressOf('aws_secretsmanager_secret', 'timestamps')}.arn}`;

  it('uses its own function, at once and then as often as the settings say', () => {
    expect(rotation).toMatchObject({
      secret_id: secret,
      rotation_lambda_arn: `\${${stack.addressOf('aws_lambda_function', 'rotation')}.arn}`,
      rotation_rules: { automatically_after_days: 30 },
      rotate_immediately: true,
    });
  });

  it('starts after the users, the function’s permissions and the right to invoke it exist', () => {
    expect(rotation.depends_on).toEqual(
      expect.arrayContaining([
        stack.addressOf('aws_lambda_invocation', 'bootstrap'),
        stack.addressOf('aws_lambda_permission', 'timestamps-secret-invoked'),
        stack.addressOf('aws_iam_role_policy', 'rotation_function_role_ReadMasterSecret'),
        stack.addressOf('aws_iam_role_policy', 'rotation_function_role_DrawPassword'),
        stack.addressOf('aws_iam_role_policy', 'rotation_function_role_Rotate-timestamps-secret'),
      ]),
    );
  });

  it('is invoked only by Secrets Manager, for this secret', () => {
    expect(stack.one('aws_lambda_permission', 'timestamps-secret-invoked')).toMatchObject({
      action: 'lambda:InvokeFunction',
      principal: 'secretsmanager.amazonaws.com',
      source_arn: secret,
    });
  });

  it.each([
    ['by default', { ...everything, database: { ...everything.database, passwordRotation: undefined } }],
    [
      'if no user has a password',
      { ...nothing, database: { iamAuthentication: false, passwordRotation: { enabled: true, days: 1 } } },
    ],
  ] as const)('is not there %s', (_when, environment) => {
    const resources = synthesise(environment).json['resource'] as Record<string, object>;
    expect(
      Object.values(resources)
        .flatMap((named) => Object.keys(named))
        .filter((name) => name.includes('rotation')),
    ).toEqual([]);
  });
});
