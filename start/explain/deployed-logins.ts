import type { Applied } from '../../local';
import type { AppliedFunction, DbInstance, VpcConfig } from '../../local/decisions';
import { clientHostRole } from '../client-host-role';
import { deployedUsers, type DeployedUser } from './deployed-users';

/** The party that logs in: a function, the client host, or a person outside the VPC. */
export interface DatabaseClient {
  readonly kind: 'function' | 'host' | 'person';
  /** Used in messages. */
  readonly name: string;
  /** Name of the function, without the environment's prefix. @default - the client is not a function */
  readonly functionName?: string;
  /** ARN of the client's role. @default - the client is a host without a role, or a person: the deployment creates no roles for people */
  readonly role?: string | undefined;
  /** Subnets and security groups of a function in the VPC. @default - the client is not a function, or is outside the VPC */
  readonly vpc?: VpcConfig | undefined;
  /** Region for which the client signs tokens. */
  readonly region: string;
  /** ARNs of the function's layers. */
  readonly layers: readonly string[];
  /** The applied resource of the client, if any. */
  readonly source?: object | undefined;
}

/** One login: a client with a password or a token, at an endpoint. */
export interface DeployedLogin {
  readonly client: DatabaseClient;
  /** What the client sends. */
  readonly credential: 'token' | 'password';
  /** Name of the database user; `(unknown)` if no declared user has the secret. */
  readonly userName: string;
  /** @default - no such user is declared */
  readonly user?: DeployedUser | undefined;
  /** ARN of the secret from which the client reads user and password. */
  readonly secretArn?: string | undefined;
  readonly host: string;
  readonly port: number;
  /** File of certificate authorities in a layer. @default - unknown, because the file is on the client's machine */
  readonly caFile?: string | undefined;
  /** Names of a function's environment variables that set the endpoint. @default - the client is not a function */
  readonly variables?: Readonly<Record<'host' | 'port' | 'caFile', string>>;
}

interface ExpectedLogin {
  readonly login: 'password' | 'iam';
  readonly target: 'instance' | 'password-proxy' | 'iam-proxy';
  readonly tls: boolean;
  readonly expected: string;
}

/** What the environment variable AUTH_MATRIX holds. */
interface MatrixExpectation {
  readonly settings: { readonly rows: readonly { readonly proxy?: string; readonly upstream?: string }[] };
  readonly logins: readonly ExpectedLogin[];
}

/**
 * Lists the logins to explain: those of functions and those of people. The environment variables of a function define its login. People
 * log in as the database users that use IAM and belong to no function. The logins of the function `login-check` are not listed: it gets
 * them in an event, not in environment variables.
 */
export function loginsOf(applied: Applied): DeployedLogin[] {
  const users = deployedUsers(applied);
  const functions = applied.all<AppliedFunction>('aws_lambda_function');
  const byFunctions = functions.flatMap((lambda) => functionLogins(applied, lambda, users));
  const used = new Set(byFunctions.map(({ userName }) => userName));
  const usersOfPeople = users.filter(({ name, login }) => login === 'iam' && !used.has(name));
  return [...byFunctions, ...usersOfPeople.flatMap((user) => personLogins(applied, user))];
}

/** Removes the environment's prefix from a resource name. The prefix is the identifier of the database instance and a hyphen. */
function shortName(applied: Applied, name: string): string {
  const [instance] = applied.all<DbInstance>('aws_db_instance');
  const prefix = `${instance?.identifier ?? ''}-`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** Lists the logins of a function. Its environment variables name the endpoint, and the user or the user's secret. */
function functionLogins(applied: Applied, lambda: AppliedFunction, users: readonly DeployedUser[]): DeployedLogin[] {
  const variables = lambda.environment[0]?.variables ?? {};
  const { DB_HOST, DB_USER, DB_SECRET_ARN, AUTH_MATRIX } = variables;
  if (DB_HOST === undefined) return [];
  const common = { client: toClient(applied, lambda), ...endpointIn(variables, 'DB', 'DB_CA_FILE') };
  const iamUser = users.find(({ name }) => name === DB_USER);
  const byToken: DeployedLogin = { ...common, credential: 'token', userName: DB_USER ?? '', user: iamUser };
  const owner = users.find(({ secretArn }) => secretArn !== undefined && secretArn === DB_SECRET_ARN);
  const userName = owner?.name ?? '(unknown)';
  const byPassword: DeployedLogin = {
    ...common,
    credential: 'password',
    userName,
    user: owner,
    secretArn: DB_SECRET_ARN,
  };
  if (AUTH_MATRIX !== undefined) {
    const expectation = JSON.parse(AUTH_MATRIX) as MatrixExpectation;
    return expectedWithTls(expectation).map(({ login, target }) => {
      if (target === 'instance') return login === 'iam' ? byToken : byPassword;
      const proxy = proxyEndpointIn(variables, target);
      if (login === 'iam' && logsInByIam(expectation, target)) return { ...byToken, ...proxy };
      // Through a proxy with a secret, a client logs in as the user of the secret, even if it sends a token.
      return { ...byPassword, credential: login === 'iam' ? 'token' : 'password', ...proxy };
    });
  }
  if (DB_USER !== undefined) return [byToken];
  return DB_SECRET_ARN === undefined ? [] : [byPassword];
}

/** The logins of the matrix that must succeed with TLS. Only these are explained. */
const expectedWithTls = ({ logins }: MatrixExpectation): ExpectedLogin[] =>
  logins.filter(({ expected, tls }) => expected === 'o' && tls);

const logsInByIam = ({ settings }: MatrixExpectation, target: string): boolean =>
  settings.rows.some(({ proxy, upstream }) => proxy === target && upstream === 'iam');

type Endpoint = Pick<DeployedLogin, 'host' | 'port' | 'caFile' | 'variables'>;

const proxyEndpointIn = (environment: Readonly<Record<string, string>>, target: string): Endpoint =>
  endpointIn(environment, target.replace('-', '_').toUpperCase(), 'PROXY_CA_FILE');

function endpointIn(environment: Readonly<Record<string, string>>, prefix: string, caFileName: string): Endpoint {
  const names = { host: `${prefix}_HOST`, port: `${prefix}_PORT`, caFile: caFileName };
  return {
    host: environment[names.host] ?? '',
    port: Number(environment[names.port]),
    caFile: environment[names.caFile],
    variables: names,
  };
}

function toClient(applied: Applied, lambda: AppliedFunction): DatabaseClient {
  const { function_name, arn, role, layers, vpc_config } = lambda;
  return {
    kind: 'function',
    name: `the function ${function_name}`,
    functionName: shortName(applied, function_name),
    role,
    vpc: vpc_config[0],
    region: arn.split(':')[3] ?? '',
    layers: layers ?? [],
    source: lambda,
  };
}

/** Lists the logins of the people who use a database user. If a client host is deployed, they log in from there. */
function personLogins(applied: Applied, user: DeployedUser): DeployedLogin[] {
  const [host] = applied.all<object>('aws_instance');
  return applied.all<DbInstance>('aws_db_instance').map((instance) => ({
    client: {
      kind: host ? 'host' : 'person',
      name: host ? 'the client host' : 'a person in the first office listed in edge.allowlist',
      role: host && clientHostRole(applied)?.arn,
      region: instance.arn.split(':')[3] ?? '',
      layers: [],
      source: host,
    },
    credential: 'token',
    userName: user.name,
    user,
    host: instance.address ?? '',
    port: instance.port,
  }));
}
