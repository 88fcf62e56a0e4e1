import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../modules/settings/settings';
import { SettingsError } from '../modules/settings/problem';
import { belongsToAddedRoute, SHIPPED_PATHS } from './support/shipped-routes';
import { customDomain, endToEndIam, allFeatures, production, noFeatures, synthesise } from './support/stack';

const ROOT = join(__dirname, '..');

/** Counts the resources of each type in an environment, except the resources of routes that do not ship with the project. */
function resourceCounts(environment: Environment): Record<string, number> {
  const { resources } = synthesise(environment);
  const countOf = (named: object): number => Object.keys(named).filter((name) => !belongsToAddedRoute(name)).length;
  return Object.fromEntries(Object.entries(resources).map(([type, named]) => [type, countOf(named)]));
}

describe('the stack', () => {
  it('has exactly the listed numbers of resources with every feature on, except the custom domain', () => {
    expect(resourceCounts(allFeatures)).toEqual({
      // The API: one document contains its routes and gateway responses
      aws_api_gateway_rest_api: 1,
      aws_api_gateway_deployment: 1,
      aws_api_gateway_stage: 1,
      aws_api_gateway_method_settings: 1,
      aws_api_gateway_account: 1,
      aws_api_gateway_api_key: 1,
      aws_api_gateway_usage_plan: 1,
      aws_api_gateway_usage_plan_key: 1,
      // The edge
      aws_cloudfront_distribution: 1,
      aws_wafv2_web_acl: 1,
      aws_wafv2_web_acl_logging_configuration: 1,
      aws_wafv2_ip_set: 2,
      // The functions: five routes, the login check, the bootstrap and the rotation
      aws_lambda_function: 8,
      aws_lambda_permission: 15,
      aws_lambda_layer_version: 1,
      aws_lambda_invocation: 3,
      // The database and its two proxies
      aws_db_instance: 1,
      aws_db_subnet_group: 1,
      aws_db_parameter_group: 1,
      aws_db_proxy: 2,
      aws_db_proxy_default_target_group: 2,
      aws_db_proxy_target: 2,
      aws_secretsmanager_secret: 2,
      aws_secretsmanager_secret_version: 2,
      aws_secretsmanager_secret_rotation: 2,
      // Roles: eight functions, two proxies, the client host, API Gateway's logs
      aws_iam_role: 12,
      // One for each permission of a role, for example to write logs, to read one secret or to log in as one user by IAM
      aws_iam_role_policy: 39,
      aws_iam_role_policy_attachment: 1,
      // Stored settings: one resource for the region and the account, one for the VPC, one for the names, one for IAM authentication,
      // two for the zones, and four for zones that may be added later. The eleventh resource checks all these settings.
      terraform_data: 11,
      // The network: three tiers in two zones, with internet routes for the public and the database tier
      aws_vpc: 1,
      aws_default_security_group: 1,
      aws_internet_gateway: 1,
      aws_subnet: 6,
      aws_route_table: 3,
      aws_route_table_association: 6,
      aws_route: 2,
      aws_vpc_endpoint: 1,
      aws_security_group: 8,
      aws_vpc_security_group_egress_rule: 12,
      aws_vpc_security_group_ingress_rule: 12,
      // The client host
      aws_instance: 1,
      aws_iam_instance_profile: 1,
      // Logs: eight functions, two proxies, three of the database instance, the API, the WAF
      aws_cloudwatch_log_group: 15,
      // Schedules that keep bootstrap, rotation and login check from becoming Inactive, and the rule for failed rotations
      aws_cloudwatch_event_rule: 4,
      aws_cloudwatch_event_target: 4,
      // Operations
      aws_cloudwatch_dashboard: 1,
      aws_cloudwatch_metric_alarm: 27,
      aws_sns_topic: 2,
      aws_sns_topic_policy: 2,
    });
  });

  it('has exactly the listed numbers of resources with every feature off', () => {
    expect(resourceCounts(noFeatures)).toEqual({
      aws_cloudwatch_dashboard: 1,
      aws_cloudwatch_event_rule: 1,
      aws_cloudwatch_event_target: 1,
      aws_cloudwatch_log_group: 3,
      aws_db_instance: 1,
      aws_db_parameter_group: 1,
      aws_db_subnet_group: 1,
      aws_default_security_group: 1,
      aws_iam_role: 1,
      aws_iam_role_policy: 3,
      aws_internet_gateway: 1,
      aws_lambda_function: 1,
      aws_lambda_invocation: 2,
      aws_lambda_layer_version: 1,
      aws_lambda_permission: 1,
      aws_route: 1,
      aws_route_table: 3,
      aws_route_table_association: 6,
      aws_security_group: 3,
      aws_subnet: 6,
      aws_vpc: 1,
      // The stored settings do not depend on the features.
      terraform_data: 11,
      aws_vpc_endpoint: 1,
      aws_vpc_security_group_egress_rule: 2,
      aws_vpc_security_group_ingress_rule: 2,
    });
  });

  it('sets no attribute that would store a password or the content of a secret in the state', () => {
    const { text } = synthesise(allFeatures);
    expect(text).not.toMatch(/"(password|master_password|secret_string)":/);
  });
});

describe('the stack with any combination of switches', () => {
  const SWITCHES = ['iam', 'password', 'iamProxy', 'publicApi', 'client', 'alarms', 'authMatrix'] as const;
  type Switches = Record<(typeof SWITCHES)[number], boolean>;
  const combinations = Array.from(
    { length: 2 ** SWITCHES.length },
    (_all, number) =>
      Object.fromEntries(SWITCHES.map((name, index) => [name, ((number >> index) & 1) === 0])) as Switches,
  );

  it('is rejected if the public API or the client host is on without IAM, and otherwise has the proxies, client host, alarms and routes that are on', () => {
    const rejected = combinations.filter((on) => {
      const environment: Environment = {
        ...noFeatures,
        database: {
          instanceClass: 'db.t4g.small',
          iamAuthentication: on.iam,
          publicAccess: on.publicApi ? { enabled: true, cidrs: ['0.0.0.0/0'], reason: 'a test' } : { enabled: false },
          users: { clients: on.client ? [{ name: 'analyst' }] : [] },
        },
        proxies: { password: { enabled: on.password }, iam: { enabled: on.iamProxy } },
        publicApi: { enabled: on.publicApi },
        authMatrix: { enabled: on.authMatrix },
        client: { enabled: on.client },
        alarms: { enabled: on.alarms },
      };
      try {
        const stack = synthesise(environment);
        expect(Object.keys(stack.all('aws_db_proxy'))).toHaveLength(Number(on.password) + Number(on.iamProxy));
        expect(Object.keys(stack.all('aws_instance'))).toHaveLength(Number(on.client));
        expect(Object.keys(stack.all('aws_cloudwatch_metric_alarm')).length > 0).toBe(on.alarms);
        const routes =
          Number(on.password) + Number(on.iamProxy) + Number(on.iam) + Number(on.publicApi) + Number(on.authMatrix);
        const paths = routes > 0 ? Object.keys(stack.apiBody['paths'] as object) : [];
        expect(paths.filter((path) => SHIPPED_PATHS.includes(path))).toHaveLength(routes);
        expect(Object.keys(stack.all('aws_cloudfront_distribution'))).toHaveLength(Math.min(routes, 1));
        return false;
      } catch (error) {
        if (!(error instanceof SettingsError)) throw error;
        return true;
      }
    });
    expect(rejected).toEqual(combinations.filter((on) => !on.iam && (on.publicApi || on.client)));
  });
});

describe('Terraform', () => {
  const stack = synthesise(customDomain);
  const typeOf = (address: string): string => address.split('.')[0] ?? '';
  const valuesOf = (address: string): any => stack.all(typeOf(address))[address.split('.')[1] ?? ''];

  it('creates a replacement before it destroys the old resource, but only if the names of the two cannot conflict', () => {
    const declared = stack.addresses.filter((address) => valuesOf(address).lifecycle?.create_before_destroy === true);
    // The dependencies of such a resource inherit this order.
    const all = new Set([...declared, ...declared.flatMap((address) => [...stack.dependenciesOf(address)])]);
    const shipped = [...all].filter((address) => !belongsToAddedRoute(address));
    expect(shipped.map(typeOf).sort()).toEqual([
      // AWS generates their names, or allows equal names.
      'aws_acm_certificate',
      'aws_api_gateway_deployment',
      'aws_api_gateway_rest_api',
      // Only a changed name replaces these log groups: one for the access log, and three for the database instance.
      ...Array.from({ length: 4 }, () => 'aws_cloudwatch_log_group'),
      // Only a changed family replaces it, and its name contains the family.
      'aws_db_parameter_group',
      // Its versions are numbered.
      'aws_lambda_layer_version',
      // Only a renamed user replaces these, and the secret's name contains the user's name.
      'aws_secretsmanager_secret',
      'aws_secretsmanager_secret',
      'aws_secretsmanager_secret_version',
      'aws_secretsmanager_secret_version',
    ]);
  });

  it.each<[what: string, Environment]>([
    ['with a custom domain', customDomain],
    ['without a custom domain', allFeatures],
    ['with end-to-end IAM', endToEndIam],
    ['in production', production],
    ['with every feature off', noFeatures],
  ])('finds no dependency cycle %s', (_what, environment) => {
    const checked = synthesise(environment);
    expect(checked.addresses.filter((address) => checked.dependenciesOf(address).has(address))).toEqual([]);
  });

  it('creates CloudFront, the WAF and the API in parallel with the database', () => {
    const dependencies = stack.dependenciesOf(stack.addressOf('aws_cloudfront_distribution'));
    const types = new Set([...dependencies].map(typeOf));
    expect([...types].sort()).toEqual([
      'aws_acm_certificate',
      'aws_acm_certificate_validation',
      'aws_api_gateway_account',
      'aws_api_gateway_api_key',
      'aws_api_gateway_deployment',
      'aws_api_gateway_rest_api',
      'aws_api_gateway_stage',
      'aws_api_gateway_usage_plan',
      'aws_api_gateway_usage_plan_key',
      'aws_cloudwatch_log_group',
      'aws_iam_role',
      'aws_iam_role_policy_attachment',
      'aws_route53_record',
      'aws_wafv2_ip_set',
      'aws_wafv2_web_acl',
    ]);
    expect([...dependencies].filter((address) => address.startsWith('aws_iam_role.'))).toEqual([
      expect.stringContaining('api_access-log'),
    ]);
  });
});

describe('synth', () => {
  /** Reads every file below a folder. Omits the path of the local backend, because that path differs between folders. */
  function contents(folder: string): Record<string, string> {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      statSync(join(folder, file)).isFile(),
    );
    return Object.fromEntries(
      files
        .sort()
        .map((file) => [file, readFileSync(join(folder, file), 'latin1').replace(/"path": "[^"]*tfstate"/, '')]),
    );
  }

  /** Converts files as git does on Windows with `core.autocrlf`. */
  function useWindowsLineEndings(folder: string): void {
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, file);
      if (statSync(path).isFile()) writeFileSync(path, readFileSync(path, 'utf8').replaceAll('\n', '\r\n'));
    }
  }

  it('writes the same files in another folder, in another time zone, and with other line endings', () => {
    const copies = [1, 2].map((number) => {
      const copy = mkdtempSync(join(tmpdir(), `copy-${'x'.repeat(number * 5)}`));
      for (const part of [
        'certs',
        'contract',
        'environments',
        'functions',
        'modules',
        'scripts',
        'main.ts',
        'read-environments.ts',
        'package.json',
        'tsconfig.json',
        'cdktf.json',
      ]) {
        cpSync(join(ROOT, part), join(copy, part), { recursive: true });
      }
      if (number === 2) useWindowsLineEndings(copy);
      symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
      execFileSync(join(ROOT, 'node_modules', '.bin', 'tsx'), ['main.ts'], {
        cwd: copy,
        env: { ...process.env, TZ: `Etc/GMT+${number * 3}` },
      });
      return copy;
    });
    const [first = {}, second = {}] = copies.map((copy) => contents(join(copy, 'cdktf.out')));
    for (const copy of copies) rmSync(copy, { recursive: true });
    expect(Object.keys(first).length).toBeGreaterThan(10);
    expect(second).toEqual(first);
  });
});
