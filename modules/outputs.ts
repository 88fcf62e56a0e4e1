import { TerraformOutput, type TerraformStack } from 'cdktf';
import type { RestApi } from './api/rest-api';
import type { ClientHost } from './client/client-host';
import { MYSQL_PORT, type DatabaseInstance } from './database/database-instance';
import type { DatabaseUser, DatabaseUsers } from './database/users';
import type { Edge } from './edge/edge';
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
}

/** What `cdktf deploy` prints in the end: where to call, where to connect, what to name in a policy. No secret. */
export function addOutputs(stack: TerraformStack, props: OutputsProps): void {
  const { instance, proxies, api, edge, client, users } = props;
  output(stack, 'api_url', 'Where colleagues call', edge?.url);
  output(stack, 'distribution_domain', 'Name that CloudFront gave', edge?.domainName);
  output(stack, 'api_gateway_url', 'The API behind CloudFront; without the key it answers 403', api?.invokeUrl);

  output(stack, 'database_endpoint', 'Host of the instance', instance.host);
  output(stack, 'database_resource_id', 'Id of the instance in policies for rds-db:connect', instance.resourceId);
  for (const proxy of proxies) {
    const kind = proxy.node.id.replace('-', '_');
    output(stack, `${kind}_endpoint`, 'Host of the proxy', proxy.host);
    output(stack, `${kind}_resource_id`, 'Id of the proxy in policies for rds-db:connect', proxy.resourceId);
  }

  output(stack, 'client_session', 'Opens a shell on the client host', client?.sessionCommand);
  for (const user of [users.items, users.usersReader, ...users.clients]) {
    if (user) output(stack, `login_${user.name}`, `Logs in as ${user.name}`, loginLine(user, props));
  }
}

/**
 * SECURITY: the token goes to the client by its environment, since everyone on a machine can read a command line, and
 * the client sends it only to a server whose certificate is verified.
 */
function loginLine(user: DatabaseUser, { settings, instance }: OutputsProps): string {
  const { region, database } = settings;
  const token = `aws rds generate-db-auth-token --hostname ${instance.host} --port ${MYSQL_PORT} --username ${user.name} --region ${region}`;
  const tls = `--enable-cleartext-plugin --ssl-mode=VERIFY_IDENTITY --ssl-ca=certs/rds/${region}.pem`;
  const client = `mysql --host=${instance.host} --port=${MYSQL_PORT} --user=${user.name} ${tls} ${database.name}`;
  return `${token} | (read -r MYSQL_PWD && export MYSQL_PWD && ${client} </dev/tty)`;
}

function output(stack: TerraformStack, name: string, description: string, value: string | undefined): void {
  if (value === undefined) return;
  new TerraformOutput(stack, name, { value, description, staticId: true });
}
