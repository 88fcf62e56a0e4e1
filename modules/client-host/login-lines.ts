import { MYSQL_PORT } from '../network/allowed-connections';

/** Local port of the tunnel. It is not MySQL's port, 3306, because a MySQL server on the laptop may use 3306. */
export const TUNNEL_PORT = 13_306;

/** The instance that a line connects to. A line is a shell command for a laptop. */
export interface InstanceEndpoint {
  readonly region: string;
  /** Host name of the instance. The certificate and the token are for this name, even if the client connects through the tunnel. */
  readonly host: string;
}

export interface LoginLineOptions {
  readonly endpoint: InstanceEndpoint;
  readonly user: string;
  /** ARN of the secret with the password. @default - the line logs in with a token */
  readonly secretArn?: string;
  /** Port of the instance or local port of the tunnel. */
  readonly port: number;
  /** Initial database. @default - none */
  readonly database?: string | undefined;
}

/** File of the certificate authorities, in the home directory so that the lines work in every folder. */
const caFile = (region: string): string => `~/.rds-${region}.pem`;

/**
 * Returns the line that downloads the certificate authorities of a region's instances.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function caLine({ region }: InstanceEndpoint): string {
  const url = `https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem`;
  return `curl --fail --silent --show-error --output ${caFile(region)} ${url}`;
}

/**
 * Returns the line that logs in with the program `mysql`, of MySQL or MariaDB.
 *
 * SECURITY: the client gets the password in its environment, because every user of a machine can read a command line. The
 * client verifies the certificate and the server's name. The client of MySQL has the option `--ssl-mode` for this, the client of
 * MariaDB `--ssl-verify-server-cert`. Because of the prefix `--loose-`, each client only warns about the option of the other.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/option-modifiers.html
 */
export function loginLine({ endpoint, user, secretArn, port, database }: LoginLineOptions): string {
  const byToken = secretArn === undefined;
  return [
    `MYSQL_PWD=$(${byToken ? tokenCommand(endpoint, user) : passwordCommand(endpoint, secretArn)})`,
    `mysql --host=${endpoint.host} --port=${port} --user=${user}`,
    // The client sends tokens in clear text, which this option allows.
    ...(byToken ? ['--enable-cleartext-plugin'] : []),
    '--loose-ssl-mode=VERIFY_IDENTITY --loose-ssl-verify-server-cert',
    // Not `--ssl-ca=`: a shell expands `~` only at the beginning of a word.
    `--ssl-ca ${caFile(endpoint.region)}`,
    ...(database === undefined ? [] : [database]),
  ].join(' ');
}

/** Returns the command that prints a token for one database user, signed with the AWS credentials of the shell. */
function tokenCommand({ region, host }: InstanceEndpoint, user: string): string {
  return `aws rds generate-db-auth-token --region ${region} --hostname ${host} --port ${MYSQL_PORT} --username ${user}`;
}

/**
 * Returns the command that prints the password in a secret. It quotes the ARN, because an interactive shell would expand the `!` in
 * the names of RDS's secrets.
 */
function passwordCommand({ region }: InstanceEndpoint, secretArn: string): string {
  const printSecret = `aws secretsmanager get-secret-value --region ${region} --secret-id '${secretArn}' --query SecretString --output text`;
  return `${printSecret} | node -pe 'JSON.parse(fs.readFileSync(0)).password'`;
}

/** Returns the line that opens a shell on the client host through Session Manager. */
export function sessionLine(region: string, clientHostId: string): string {
  return `aws ssm start-session --region ${region} --target ${clientHostId}`;
}

/**
 * Returns the line that forwards a port of the laptop through the client host to the instance. It runs until it is interrupted, or
 * until it has had no traffic for 20 minutes, the default of Session Manager.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/session-preferences-timeout.html
 */
export function tunnelLine({ region, host }: InstanceEndpoint, clientHostId: string): string {
  const parameters = `host=${host},portNumber=${MYSQL_PORT},localPortNumber=${TUNNEL_PORT}`;
  return `${sessionLine(region, clientHostId)} --document-name ${TUNNEL_DOCUMENT} --parameters ${parameters}`;
}

/** The document of Session Manager that forwards a local port to another host. */
export const TUNNEL_DOCUMENT = 'AWS-StartPortForwardingSessionToRemoteHost';

/**
 * Returns the line that makes the instance's name resolve to the tunnel, on the laptop only. The certificate is for that name, so
 * a client can verify the server only if it connects to that name.
 */
export function tunnelHostLine({ host }: InstanceEndpoint): string {
  return `echo 127.0.0.1 ${host} | sudo tee -a /etc/hosts`;
}
