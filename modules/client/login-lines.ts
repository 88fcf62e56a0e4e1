/** Port of the laptop's own address that the tunnel listens on: MySQL's port may be taken by a server of the laptop. */
export const TUNNEL_PORT = 13_306;

/** Where a line connects to, and how it proves who the server is. */
export interface Endpoint {
  readonly region: string;
  /** Name of the instance: its certificate and the token are for this name, whichever way the connection takes. */
  readonly host: string;
  /** Port of the instance. */
  readonly port: number;
}

export interface Login {
  readonly endpoint: Endpoint;
  readonly user: string;
  /** A command that prints the password, or the token. */
  readonly password: string;
  /** Whether it is a token: the client sends that as it is, which it does for nothing else unless it is told to. */
  readonly isToken: boolean;
  /** Port to connect to: that of the instance, or the tunnel's. */
  readonly port: number;
  /** Database to start in. @default - none: the user has rights on none */
  readonly database?: string | undefined;
}

/** Where the laptop keeps the authorities: in the home directory, so that the lines work in every folder. */
const caFile = (region: string): string => `~/.rds-${region}.pem`;

/**
 * Downloads the certificate authorities of a region's instances.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
 */
export function caLine({ region }: Endpoint): string {
  const url = `https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem`;
  return `curl --fail --silent --show-error --output ${caFile(region)} ${url}`;
}

/**
 * Logs in with the program `mysql`, be it MySQL's or MariaDB's.
 *
 * SECURITY: the password goes to the client by its environment, since everyone on a machine can read a command line. The
 * certificate and the server's name are verified: MySQL's client asks for that by `--ssl-mode`, MariaDB's by
 * `--ssl-verify-server-cert`. `--loose-` lets each ignore, with a warning, the option of the other.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/option-modifiers.html
 */
export function loginLine({ endpoint, user, password, isToken, port, database }: Login): string {
  return [
    `MYSQL_PWD=$(${password})`,
    `mysql --host=${endpoint.host} --port=${port} --user=${user}`,
    ...(isToken ? ['--enable-cleartext-plugin'] : []),
    '--loose-ssl-mode=VERIFY_IDENTITY --loose-ssl-verify-server-cert',
    // A word of its own: a shell expands `~` at the beginning of a word only.
    `--ssl-ca ${caFile(endpoint.region)}`,
    ...(database === undefined ? [] : [database]),
  ].join(' ');
}

/** Prints a token of the caller for one database user. */
export function tokenCommand({ region, host, port }: Endpoint, user: string): string {
  return `aws rds generate-db-auth-token --region ${region} --hostname ${host} --port ${port} --username ${user}`;
}

/** Prints the password in a secret of Secrets Manager. The ARN is quoted, since in names of RDS's secrets is a `!`. */
export function passwordCommand({ region }: Endpoint, secretArn: string): string {
  const secret = `aws secretsmanager get-secret-value --region ${region} --secret-id '${secretArn}' --query SecretString --output text`;
  return `${secret} | node -pe 'JSON.parse(fs.readFileSync(0)).password'`;
}

/** Opens a shell on a host, by Session Manager. */
export function sessionLine(region: string, instanceId: string): string {
  return `aws ssm start-session --region ${region} --target ${instanceId}`;
}

/**
 * Forwards a port of the laptop through a host to the instance, until it is interrupted.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
 */
export function tunnelLine({ region, host, port }: Endpoint, instanceId: string): string {
  const parameters = `host=${host},portNumber=${port},localPortNumber=${TUNNEL_PORT}`;
  return `${sessionLine(region, instanceId)} --document-name ${TUNNEL_DOCUMENT} --parameters ${parameters}`;
}

/** The document of Session Manager that forwards to another host. */
export const TUNNEL_DOCUMENT = 'AWS-StartPortForwardingSessionToRemoteHost';

/**
 * Lets the instance's name lead into the tunnel, on this laptop alone. The instance's certificate is for that name, so only a
 * client that connects by it can verify the server's name.
 */
export function tunnelHostLine({ host }: Endpoint): string {
  return `echo 127.0.0.1 ${host} | sudo tee -a /etc/hosts`;
}
