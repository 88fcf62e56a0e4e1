import { ROUTE_NAMES, routeOf } from '../../../contract/routes';
import { allFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);
/** Functions that no request of a caller invokes. */
const WITHOUT_ROUTE = ['bootstrap', 'rotation', 'login-check'];

const ROUTES = ROUTE_NAMES.map(routeOf);
const OUTSIDE_VPC = ROUTES.filter(({ login }) => login?.inVpc === false).map(({ function: name }) => name);
const IN_VPC = ROUTES.map(({ function: name }) => name).filter((name) => !OUTSIDE_VPC.includes(name));

/** Environment variables of a route's function, by how the function logs in. */
const VARIABLES = {
  password: ['DB_CA_FILE', 'DB_HOST', 'DB_NAME', 'DB_PORT', 'DB_SECRET_ARN'],
  iam: ['DB_CA_FILE', 'DB_HOST', 'DB_NAME', 'DB_PORT', 'DB_USER'],
};
const VARIABLES_BY_FUNCTION = ROUTES.flatMap(({ function: name, login }) =>
  login ? [[name, VARIABLES[login.by]] as const] : [],
);

/** Returns the beginning of the Terraform names of a function, its role and its log group. */
const terraformNameOf = (name: string): string =>
  WITHOUT_ROUTE.includes(name) ? `${name}_function` : `functions_${name}`;

it('the function users runs outside the VPC; func1, func2, items and auth-matrix run in it', () => {
  expect(OUTSIDE_VPC).toContain('users');
  expect(IN_VPC).toEqual(expect.arrayContaining(['func1', 'func2', 'items', 'auth-matrix']));
});

describe.each([...IN_VPC, ...OUTSIDE_VPC, ...WITHOUT_ROUTE])('the function %s', (name) => {
  const terraformName = terraformNameOf(name);
  const lambda = stack.one('aws_lambda_function', terraformName);

  it('runs on Arm with the layer of certificate authorities, and reserves no concurrency by default', () => {
    expect(lambda).toMatchObject({
      function_name: `login-matrix-test-${name}`,
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      layers: [`\${${stack.addressOf('aws_lambda_layer_version')}.arn}`],
    });
    expect(lambda).not.toHaveProperty('reserved_concurrent_executions');
  });

  it('contains the path and the hash of its zip, so that a new zip updates the function', () => {
    expect(lambda.filename).toMatch(/^assets\/[\w-]+\/[0-9A-F]+\/[\w-]+\.zip$/);
    expect(lambda.source_code_hash).toBe(`\${filebase64sha256("${String(lambda.filename)}")}`);
  });

  it('writes to a log group that has a retention time and is created before the function', () => {
    expect(stack.one('aws_cloudwatch_log_group', `${terraformName}_logs`)).toMatchObject({
      name: `/aws/lambda/login-matrix-test-${name}`,
      retention_in_days: 30,
    });
    expect(lambda.depends_on).toContain(stack.addressOf('aws_cloudwatch_log_group', `${terraformName}_logs`));
  });

  const isOutside = OUTSIDE_VPC.includes(name);
  it(`runs ${isOutside ? 'outside' : 'in the private subnets of'} the VPC`, () => {
    expect('vpc_config' in lambda).toBe(!isOutside);
    if (!isOutside) expect(JSON.stringify(lambda.vpc_config)).toContain('private-0');
  });

  it('has no password in its environment, and trusts the certificate authorities of the endpoint that it connects to', () => {
    const { variables } = lambda.environment as { variables: Record<string, string> };
    expect(Object.keys(variables).sort()).toEqual(
      {
        ...Object.fromEntries(VARIABLES_BY_FUNCTION),
        'auth-matrix': [
          'AUTH_MATRIX',
          'DB_CA_FILE',
          'DB_HOST',
          'DB_PORT',
          'DB_SECRET_ARN',
          'DB_USER',
          'IAM_PROXY_HOST',
          'IAM_PROXY_PORT',
          'PASSWORD_PROXY_HOST',
          'PASSWORD_PROXY_PORT',
          'PROXY_CA_FILE',
        ],
        bootstrap: ['DB_CA_FILE', 'DB_HOST', 'DB_PORT', 'DB_SECRET_ARN'],
        'login-check': ['DB_CA_FILE', 'PROXY_CA_FILE'],
        rotation: ['DB_CA_FILE', 'DB_HOST', 'DB_PORT', 'DB_SECRET_ARN', 'ROTATION_PAUSE_SECONDS'],
      }[name],
    );
    const isProxy = variables['DB_HOST']?.includes('aws_db_proxy') ?? false;
    expect(variables['DB_CA_FILE']).toBe(isProxy ? '/opt/certs/amazon-roots.pem' : '/opt/certs/rds.pem');
  });
});

describe.each([...IN_VPC, ...WITHOUT_ROUTE])('when %s, which runs in the VPC, is destroyed', (name) => {
  const terraformName = terraformNameOf(name);
  const group = ['bootstrap', 'rotation'].includes(name) ? name : 'functions';
  const lambda = stack.addressOf('aws_lambda_function', terraformName);
  const securityGroup = stack.addressOf('aws_security_group', `security-groups_${group}_`);
  const policy = stack.addressOf('aws_iam_role_policy', `${terraformName}_role_AttachToVpc`);

  it('Terraform deletes the function first, then its security group', () => {
    expect(stack.dependenciesOf(lambda)).toContain(securityGroup);
    expect(stack.dependenciesOf(securityGroup)).not.toContain(lambda);
  });

  it('Terraform deletes the role and its policy for network interfaces last', () => {
    const deletedLater = stack.dependenciesOf(securityGroup);
    expect(deletedLater).toContain(policy);
    expect(deletedLater).toContain(stack.addressOf('aws_iam_role', `${terraformName}_role`));
    expect(stack.dependenciesOf(policy)).not.toContain(securityGroup);
  });
});

describe.each(WITHOUT_ROUTE)('the function %s, which has no route', (name) => {
  it('is invoked every day with an event that it ignores, so that it never becomes Inactive', () => {
    const rule = stack.addressOf('aws_cloudwatch_event_rule', `${name}_function`);
    const lambda = stack.addressOf('aws_lambda_function', `${name}_function`);
    expect(stack.one('aws_cloudwatch_event_rule', `${name}_function`)).toMatchObject({
      name: `\${${lambda}.function_name}-keep-active`,
      schedule_expression: 'rate(1 day)',
    });
    expect(stack.one('aws_cloudwatch_event_target', `${name}_function`)).toMatchObject({
      rule: `\${${rule}.name}`,
      arn: `\${${lambda}.arn}`,
      input: '{"keepActive":true}',
    });
    expect(stack.one('aws_lambda_permission', `${name}_function_invoked-by-schedule`)).toMatchObject({
      principal: 'events.amazonaws.com',
      source_arn: `\${${rule}.arn}`,
    });
  });
});

describe('memory and reserved concurrency', () => {
  it('are settings of each function', () => {
    const tuned = synthesise({
      ...allFeatures,
      // With this concurrency, a project with added routes needs more connections than `allFeatures` has.
      database: { ...allFeatures.database, maxConnections: 400 },
      functions: { accountConcurrency: 1000, func1: { memoryMib: 1024, reservedConcurrency: 3 } },
    });
    expect(tuned.one('aws_lambda_function', 'func1')).toMatchObject({
      memory_size: 1024,
      reserved_concurrent_executions: 3,
    });
    expect(tuned.one('aws_lambda_function', 'func2')).toMatchObject({ memory_size: 512 });
  });
});
