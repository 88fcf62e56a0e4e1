/**
 * A typical client: mysql2 with a password or a token from the AWS SDK, over verified TLS or without TLS. It is deployed in place of
 * the code of the function `auth-matrix`. It has that function's environment, role and address in the VPC, so it can use every way to
 * log in.
 */
import { readFileSync } from 'node:fs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Signer } from '@aws-sdk/rds-signer';
import { createConnection, type Connection, type ConnectionOptions } from 'mysql2/promise';

/** A way to log in, with the work to do. */
export interface LoginJob {
  readonly login: 'password' | 'iam';
  readonly target: 'instance' | 'password-proxy' | 'iam-proxy';
  readonly tls: boolean;
  /** Whether the proxy logs in to the instance by IAM. @default false */
  readonly endToEnd?: boolean;
  /** Number of sequential logins, each over a new connection. */
  readonly logins: number;
  /** Number of statements over one open connection. */
  readonly statements: number;
  /** Number of clients that log in concurrently, to measure `perSecond`. */
  readonly clients: number;
  /** How long these clients log in again and again, in milliseconds. 0 skips this measurement. */
  readonly ms: number;
}

export interface LoginTimes {
  /** Total time of each login, ms: making the token (only by IAM), connecting, one statement, disconnecting. */
  readonly logins: readonly number[];
  /** Times to make the token of each connection, ms. Empty for logins by password. */
  readonly tokens: readonly number[];
  /** Times of the statements over one open connection, ms. */
  readonly statements: readonly number[];
  /** New connections per second of all clients together; 0 if `ms` is 0. */
  readonly perSecond: number;
}

const { env } = process;
const secrets = new SecretsManagerClient();

export async function handler(job: LoginJob): Promise<LoginTimes> {
  const client = await Client.of(job);
  const logins: number[] = [];
  for (let n = 0; n < job.logins; n += 1) logins.push(await timed(() => client.logIn()));
  const statements = job.statements > 0 ? await client.runStatements(job.statements) : [];
  const perSecond = job.ms > 0 ? await loginsPerSecond(client, job) : 0;
  return { logins, tokens: client.tokens, statements, perSecond };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function loginsPerSecond(client: Client, { clients, ms }: LoginJob): Promise<number> {
  let count = 0;
  const started = performance.now();
  const logInRepeatedly = async (): Promise<void> => {
    for (; performance.now() - started < ms; count += 1) await client.logIn();
  };
  await Promise.all(Array.from({ length: clients }, logInRepeatedly));
  return (count * 1000) / (performance.now() - started);
}

class Client {
  readonly tokens: number[] = [];

  static async of(job: LoginJob): Promise<Client> {
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: env['DB_SECRET_ARN'] }));
    return new Client(job, JSON.parse(SecretString) as { username: string; password: string });
  }

  private readonly options: ConnectionOptions;
  private readonly signer: Signer;

  private constructor(
    private readonly job: LoginJob,
    private readonly secret: { readonly username: string; readonly password: string },
  ) {
    const isInstance = job.target === 'instance';
    const prefix = isInstance ? 'DB' : job.target.replace('-', '_').toUpperCase();
    const host = env[`${prefix}_HOST`] ?? '';
    const port = Number(env[`${prefix}_PORT`]);
    const ca = readFileSync(env[isInstance ? 'DB_CA_FILE' : 'PROXY_CA_FILE'] ?? '', 'utf8');
    // A proxy with a secret knows only the user of that secret. Its IAM clients log in as the same user.
    const isIamUser = job.login === 'iam' && (isInstance || job.endToEnd === true);
    const user = isIamUser ? (env['DB_USER'] ?? '') : secret.username;
    this.options = { host, port, user, ...(job.tls && { ssl: { ca, verifyIdentity: true, minVersion: 'TLSv1.2' } }) };
    this.signer = new Signer({ hostname: host, port, username: user });
  }

  /** Logs in, runs one statement and disconnects. */
  async logIn(): Promise<void> {
    const connection = await this.connect();
    await connection.query('SELECT 1');
    await connection.end();
  }

  /** Runs statements over one connection. @returns the time of each, ms */
  async runStatements(count: number): Promise<number[]> {
    const connection = await this.connect();
    const times: number[] = [];
    for (let n = 0; n < count; n += 1) times.push(await timed(() => connection.query('SELECT 1')));
    await connection.end();
    return times;
  }

  private async connect(): Promise<Connection> {
    if (this.job.login === 'password') return createConnection({ ...this.options, password: this.secret.password });
    const token = await this.makeToken();
    const authPlugins = { mysql_clear_password: () => () => Buffer.from(`${token}\0`) };
    return createConnection({ ...this.options, password: token, authPlugins });
  }

  private async makeToken(): Promise<string> {
    const started = performance.now();
    const token = await this.signer.getAuthToken();
    this.tokens.push(performance.now() - started);
    return token;
  }
}
