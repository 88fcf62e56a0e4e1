import { TerraformOutput, type TerraformStack } from 'cdktf';
import type { RestApi } from './api/rest-api';
import type { ClientHost } from './client-host/client-host';
import { caLine, loginLine, sessionLine, TUNNEL_PORT, tunnelHostLine, tunnelLine } from './client-host/login-lines';
import { shellPolicy, tunnelPolicy } from './client-host/session-policy';
import type { LambdaFunction } from './compute/lambda-function';
import type { RouteFunction } from './routes/routes';
import type { DatabaseInstance } from './database/database-instance';
import { allUsers, ANY_HOST, type DatabaseUsers } from './database/users';
import type { Edge } from './edge/edge';
import { connectStatement } from './iam/connect';
import { policyDocument } from './iam/service-role';
import { MYSQL_PORT } from './network/allowed-connections';
import type { Alarms } from './operations/alarms';
import type { DatabaseProxy } from './proxy/database-proxy';
import type { Settings } from './settings/settings';

export interface OutputsProps {
  readonly settings: Settings;
  readonly users: DatabaseUsers;
  readonly instance: DatabaseInstance;
  readonly proxies: readonly DatabaseProxy[];
  readonly api: RestApi | undefined;
  readonly edge: Edge | undefined;
  readonly client: ClientHost | undefined;
  readonly routes: readonly RouteFunction[];
  readonly functions: readonly LambdaFunction[];
  readonly alarms: Alarms | undefined;
}

/** Adds the outputs that `cdktf deploy` prints: URLs, endpoints, ids for policies, commands to log in. SECURITY: none contains a secret. */
export function addOutputs(stack: TerraformStack, props: OutputsProps): void {
  const { instance, proxies, api, edge } = props;
  output(stack, 'api_url', 'URL of the API for callers', edge?.url);
  output(stack, 'distribution_domain', 'Domain name that CloudFront assigned to the distribution', edge?.domainName);
  output(
    stack,
    'api_gateway_url',
    'URL of the API at API Gateway; answers 403 without the API key, which CloudFront adds',
    api?.invokeUrl,
  );

  output(stack, 'database_endpoint', 'Host of the instance', instance.host);
  output(stack, 'database_resource_id', 'Id of the instance in policies for rds-db:connect', instance.resourceId);
  for (const proxy of proxies) {
    const kind = proxy.kind.replace('-', '_');
    output(stack, `${kind}_endpoint`, 'Host of the proxy', proxy.host);
    output(stack, `${kind}_resource_id`, 'Id of the proxy in policies for rds-db:connect', proxy.resourceId);
  }
  addAccessCommands(stack, props);
  addLogins(stack, props);
  output(stack, 'deployed', 'What `npm run verify` checks', deployed(props));
}

/**
 * Adds commands for people: to download the certificate authorities, to open a tunnel from a laptop, and to open a shell on the client
 * host. Adds an IAM policy for the tunnel and one for the shell. Adds nothing if the instance is not public and there is no client host.
 */
function addAccessCommands(stack: TerraformStack, { settings, instance, client }: OutputsProps): void {
  const { region, database } = settings;
  const endpoint = { region, host: instance.host };
  if (database.publicAccess.enabled || client) {
    const description = 'Downloads the certificate authorities of the instance; run it once, first';
    output(stack, 'database_ca', description, caLine(endpoint));
  }
  if (!client) return;
  const target = { hostArn: client.arn, region };
  output(stack, 'client_session', 'Opens a shell on the client host', sessionLine(region, client.instanceId));
  output(
    stack,
    'client_session_policy',
    'IAM policy for people who run the command `client_session`',
    shellPolicy(target),
  );
  const tunnelDescription = 'Forwards a port of the laptop to the instance until the command is stopped';
  output(stack, 'tunnel', tunnelDescription, tunnelLine(endpoint, client.instanceId));
  output(stack, 'tunnel_host', 'Adds the name of the instance to /etc/hosts, for the tunnel', tunnelHostLine(endpoint));
  output(stack, 'tunnel_policy', 'IAM policy for people who run the command `tunnel`', tunnelPolicy(target));
}

/**
 * The ways from a laptop to the instance. With `insideVpc`, the connection reaches the instance from an address of the VPC. `suffix` is
 * for descriptions.
 */
const DIRECT = { prefix: 'login', suffix: '', port: MYSQL_PORT, insideVpc: false };
const TUNNEL = { prefix: 'tunnel_login', suffix: ' through the tunnel', port: TUNNEL_PORT, insideVpc: true };

const waysOf = ({ settings, client }: OutputsProps) => [
  ...(settings.database.publicAccess.enabled ? [DIRECT] : []),
  ...(client ? [TUNNEL] : []),
];

/**
 * Adds the login lines and policies for people. Each way to log in has a line for the master user. Each database user that logs in by IAM
 * has an IAM policy, and a line for each way that the allowed addresses of the user permit. The other database users
 * have no policy and no line, because only functions and proxies log in as them.
 */
function addLogins(stack: TerraformStack, props: OutputsProps): void {
  const { instance } = props;
  const endpoint = { region: props.settings.region, host: instance.host };
  const users = allUsers(props.users).filter(({ login }) => login === 'iam');
  for (const { prefix, suffix, port, insideVpc } of waysOf(props)) {
    for (const { name, host, grants } of users) {
      if (host !== ANY_HOST && !insideVpc) continue;
      const login = { endpoint, user: name, port, database: grants[0]?.on[0] };
      output(stack, `${prefix}_${name}`, `Logs in as ${name}${suffix}`, loginLine(login));
    }
    const { masterUser: user, masterSecretArn: secretArn } = instance;
    const description = `Logs in as the master user${suffix}, if you may read its secret`;
    output(stack, `${prefix}_${user}`, description, loginLine({ endpoint, user, secretArn, port }));
  }
  for (const { name } of users) {
    const policy = policyDocument('Connect', [connectStatement(instance.arn, instance.resourceId, name)]);
    output(stack, `connect_policy_${name}`, `IAM policy for people who log in as ${name}`, policy);
  }
}

/** Describes what is deployed, by names and ARNs, for `verify/outputs.ts`. */
function deployed({ settings, users, routes, functions, proxies, alarms, api, edge }: OutputsProps): object {
  const deployedAlarms = alarms?.deployedAlarms ?? [];
  return {
    region: settings.region,
    routes: routes.map(({ path, function: { name } }) => ({ path, function: name })),
    functions: functions.map(({ name }) => name),
    proxies: proxies.map(({ name }) => name),
    database_users: allUsers(users).map(({ name }) => name),
    alarms: deployedAlarms.filter(({ global }) => !global).map(({ name }) => name),
    global_alarms: deployedAlarms.filter(({ global }) => global).map(({ name }) => name),
    alarm_topics: alarms?.topicArns ?? [],
    alarms_by_email: settings.alarms.enabled && settings.alarms.email !== undefined,
    ...(api?.accessLogGroup !== undefined && { access_log: api.accessLogGroup }),
    ...(edge && { distribution_id: edge.distributionId }),
  };
}

function output(stack: TerraformStack, name: string, description: string, value: string | object | undefined): void {
  if (value === undefined) return;
  new TerraformOutput(stack, name, { value, description, staticId: true });
}
