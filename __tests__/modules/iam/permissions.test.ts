import { ACCOUNT, isAllowed } from '../../support/iam';
import { allFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);

const login = (resourceId: string, user: string): [string, string] => [
  'rds-db:connect',
  `arn:aws:rds-db:eu-central-1:${ACCOUNT}:dbuser:${resourceId}/${user}`,
];
const readOf = (secret: string): [string, string] => [
  'secretsmanager:GetSecretValue',
  `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:${secret}`,
];

const LOGINS = [
  login('prx-iam', 'timestamps'),
  login('prx-password', 'timestamps'),
  login('prx-iam', 'matrix_password'),
  login('prx-password', 'matrix_password'),
  login('prx-iam', 'matrix_iam'),
  login('prx-password', 'matrix_iam'),
  login('db-INSTANCE', 'matrix_iam'),
  login('db-INSTANCE', 'matrix_password'),
  login('db-INSTANCE', 'timestamps'),
  login('db-INSTANCE', 'items'),
  login('db-INSTANCE', 'users_reader'),
  login('db-INSTANCE', 'analyst'),
  login('db-INSTANCE', 'admin'),
  // The name of the instance in place of its id, a common mistake.
  login('login-matrix-test', 'items'),
];
const SECRETS = [readOf('timestamps'), readOf('matrix'), readOf('rds!db-master')];

/**
 * Each role that logs in or reads secrets, with its permissions. The role may make no other request in the lists
 * {@link LOGINS} and {@link SECRETS}.
 */
const ROLES: [role: string, permissions: [action: string, resource: string][]][] = [
  ['functions_func1', [readOf('timestamps')]],
  ['functions_func2', [login('prx-iam', 'timestamps')]],
  ['functions_items', [login('db-INSTANCE', 'items')]],
  ['functions_users', [login('db-INSTANCE', 'users_reader')]],
  [
    'functions_auth-matrix',
    [
      readOf('matrix'),
      login('db-INSTANCE', 'matrix_iam'),
      login('prx-password', 'matrix_password'),
      login('prx-iam', 'matrix_password'),
    ],
  ],
  ['client', [login('db-INSTANCE', 'analyst')]],
  ['bootstrap', [readOf('timestamps'), readOf('matrix'), readOf('rds!db-master')]],
  // The rotation may read users' secrets only under a condition. `the role of the rotation`, below, tests that.
  ['rotation', [readOf('rds!db-master')]],
  ['login-check', [readOf('timestamps'), login('prx-iam', 'timestamps'), login('db-INSTANCE', 'items')]],
  ['password-proxy', [readOf('timestamps'), readOf('matrix')]],
  ['iam-proxy', [readOf('timestamps'), readOf('matrix')]],
];

describe.each(ROLES)('the role of %s', (role, permissions) => {
  const listed = permissions.map(String);
  const cases = [...LOGINS, ...SECRETS].map(
    (request) => [listed.includes(String(request)) ? 'may' : 'may not', ...request] as const,
  );

  it.each(cases)('%s call %s on %s', (expected, action, resource) => {
    expect(isAllowed(stack, role, action, resource)).toBe(expected === 'may');
  });
});

describe('the role of the rotation', () => {
  const rotation = `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:rotation`;
  const may = (action: string, secret: string, rotatedBy?: string): boolean =>
    isAllowed(
      stack,
      'rotation',
      `secretsmanager:${action}`,
      `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:${secret}`,
      rotatedBy === undefined ? {} : { 'secretsmanager:resource/AllowRotationLambdaArn': rotatedBy },
    );

  it.each(['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'])(
    'may %s only for secrets that its function rotates',
    (action) => {
      expect(may(action, 'timestamps', rotation)).toBe(true);
      expect(may(action, 'timestamps', `${rotation}-of-others`)).toBe(false);
      expect(may(action, 'timestamps')).toBe(false);
      expect(may(action, 'of-others', rotation)).toBe(false);
    },
  );

  it('may neither write the master password nor delete a secret', () => {
    expect(may('PutSecretValue', 'rds!db-master', rotation)).toBe(false);
    expect(may('DeleteSecret', 'timestamps', rotation)).toBe(false);
  });

  it('may generate passwords, unlike the role of the bootstrap', () => {
    expect(isAllowed(stack, 'rotation', 'secretsmanager:GetRandomPassword', '*')).toBe(true);
    expect(isAllowed(stack, 'bootstrap', 'secretsmanager:GetRandomPassword', '*')).toBe(false);
  });
});

describe('the role of a function', () => {
  it('allows writing to its own log group and to no other', () => {
    const writable = Object.keys(stack.all('aws_cloudwatch_log_group')).filter((group) => {
      const stream = `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:${group}:log-stream:one`;
      return isAllowed(stack, 'functions_func1', 'logs:PutLogEvents', stream);
    });
    expect(writable).toEqual([expect.stringMatching(/^functions_func1_logs/)]);
  });

  it('lets Lambda create network interfaces, but refuses this to the function’s code', () => {
    const create = ['ec2:CreateNetworkInterface', '*'] as const;
    const fromCode = {
      'lambda:SourceFunctionArn': `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:login-matrix-test-func1`,
    };
    expect(isAllowed(stack, 'functions_func1', ...create)).toBe(true);
    expect(isAllowed(stack, 'functions_func1', ...create, fromCode)).toBe(false);
  });

  it('does not let Lambda create network interfaces for a function outside the VPC', () => {
    expect(isAllowed(stack, 'functions_users', 'ec2:CreateNetworkInterface', '*')).toBe(false);
  });
});

it.each(Object.entries(stack.all('aws_iam_role')))('a role can be assumed by one service only: %s', (_name, role) => {
  const { Statement } = JSON.parse(role.assume_role_policy as string) as { Statement: object[] };
  expect(Statement).toEqual([
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: expect.stringMatching(/^(lambda|rds|ec2|apigateway)\.amazonaws\.com$/) as string },
    },
  ]);
});
