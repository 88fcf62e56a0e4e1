import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ProxyName, TargetName } from '../../contract/logins';
import { routeOf, type ApiPath, type RouteLogin, type RouteName, type RouteUserName } from '../../contract/routes';
import { expectation } from '../auth/expectation';
import { CA_FILES, type CaLayer } from '../compute/ca-layer';
import { LambdaFunction, type LambdaFunctionProps } from '../compute/lambda-function';
import type { DatabaseInstance } from '../database/database-instance';
import { MYSQL_PORT } from '../network/allowed-connections';
import type { SecurityGroups } from '../network/security-groups';
import type { DatabaseProxy } from '../proxy/database-proxy';
import type { UserSecret } from '../secrets/user-secret';
import { deployedRoutes, loginUser } from '../settings/deployed-routes';
import { resourceName } from '../settings/names';
import type { Settings } from '../settings/settings';

/** Longer than the slowest call, 12 s: 6 s to read the secret, then two tries of 3 s. All logins run in parallel. */
const AUTH_MATRIX_TIMEOUT_SECONDS = 15;

/** A path of the API and its function. */
export interface RouteFunction {
  readonly path: ApiPath;
  readonly function: LambdaFunction;
}

/** What the routes log in to, and where their functions run. */
export interface RoutesProps {
  readonly settings: Settings;
  readonly instance: DatabaseInstance;
  /** The deployed proxies. */
  readonly proxies: Readonly<Partial<Record<ProxyName, DatabaseProxy>>>;
  /** Secrets of the users that log in by password. */
  readonly secrets: Readonly<Partial<Record<RouteUserName, UserSecret>>>;
  readonly caLayer: CaLayer;
  /** Subnets of the functions in the VPC. */
  readonly subnets: readonly Subnet[];
  readonly securityGroups: SecurityGroups;
  /** Creates tables and users. Functions are updated afterwards, so that new code finds the tables that it expects. */
  readonly bootstrap: ITerraformDependable;
}

/** The functions behind the API, one for each deployed route. `contract/routes/` declares the routes. */
export class Routes extends Construct {
  readonly all: readonly RouteFunction[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RoutesProps,
  ) {
    super(scope, id);
    this.all = deployedRoutes(props.settings).map((name) => {
      const { path, login } = routeOf(name);
      return { path, function: login ? this.addWithLogin(name, login) : this.addAuthMatrix() };
    });
  }

  /** Adds a function with one kind of login, and the permissions for it. */
  private addWithLogin(name: RouteName, login: RouteLogin): LambdaFunction {
    const { settings, instance } = this.props;
    const target = targetOf(this.props, login.at);
    const access = accessOf(this.props, login);
    const lambda = this.addFunction(name, {
      description: `GET ${routeOf(name).path}: ${login.description}`,
      ...(login.inVpc && { vpc: this.vpc() }),
      environment: {
        DB_HOST: target.host,
        DB_PORT: String(MYSQL_PORT),
        DB_NAME: settings.database.name,
        // SECURITY: the function trusts only the certificate authorities of this endpoint.
        DB_CA_FILE: target === instance ? CA_FILES.instance : CA_FILES.proxy,
        ...(access.secret ? { DB_SECRET_ARN: access.secret.arn } : { DB_USER: access.user }),
      },
    });
    access.grantTo(lambda);
    return lambda;
  }

  /** Adds the function that tries every deployed way to log in. */
  private addAuthMatrix(): LambdaFunction {
    const { settings, instance, proxies } = this.props;
    const secret = secretOf(this.props, 'matrixPassword');
    const iamUser = settings.database.users.matrixIam.name;
    const lambda = this.addFunction('authMatrix', {
      description: 'GET /auth-matrix: tries every way to log in',
      vpc: this.vpc(),
      environment: authMatrixEnvironment(this.props, secret, iamUser),
      timeoutSeconds: AUTH_MATRIX_TIMEOUT_SECONDS,
    });
    secret.grantRead(lambda.role);
    instance.grantConnect(lambda.role, iamUser);
    // The role may log in to every proxy, so that a refused login shows a decision of the proxy, not a missing permission.
    for (const proxy of Object.values(proxies)) {
      proxy.grantConnect(lambda.role, proxy.login.upstream === 'iam' ? iamUser : secret.user);
    }
    return lambda;
  }

  private vpc(): NonNullable<LambdaFunctionProps['vpc']> {
    const { subnets, securityGroups } = this.props;
    return { subnets, securityGroup: securityGroups.of('functions') };
  }

  private addFunction(
    name: RouteName,
    props: Pick<LambdaFunctionProps, 'description' | 'vpc' | 'environment'> &
      Partial<Pick<LambdaFunctionProps, 'timeoutSeconds'>>,
  ): LambdaFunction {
    const { settings, caLayer } = this.props;
    const { function: folder } = routeOf(name);
    return new LambdaFunction(this, folder, {
      name: resourceName(settings.name, folder),
      folder,
      memoryMib: settings.functions[name].memoryMib,
      reservedConcurrency: settings.functions[name].reservedConcurrency,
      timeoutSeconds: settings.functions.timeoutSeconds,
      caLayer,
      logRetentionDays: settings.logRetentionDays,
      dependsOn: [this.props.bootstrap],
      ...props,
    });
  }
}

/** Returns the environment of the function `auth-matrix`: endpoints, users and expected outcomes. */
function authMatrixEnvironment(
  { settings, instance, proxies }: RoutesProps,
  secret: UserSecret,
  iamUser: string,
): Record<string, string> {
  const { iamAuthentication, requireSecureTransport } = instance.props;
  const deployed = Object.values(proxies);
  const expected = expectation({
    environment: settings.name,
    iamAuthentication,
    requireSecureTransport,
    proxies: Object.fromEntries(deployed.map(({ kind, login }) => [kind, login])),
  });
  const endpoints = deployed.flatMap(({ kind, host }) => {
    const prefix = kind.replace('-', '_').toUpperCase();
    return Object.entries({ [`${prefix}_HOST`]: host, [`${prefix}_PORT`]: String(MYSQL_PORT) });
  });
  return {
    DB_HOST: instance.host,
    DB_PORT: String(MYSQL_PORT),
    DB_CA_FILE: CA_FILES.instance,
    PROXY_CA_FILE: CA_FILES.proxy,
    ...Object.fromEntries(endpoints),
    DB_SECRET_ARN: secret.arn,
    DB_USER: iamUser,
    AUTH_MATRIX: JSON.stringify(expected),
  };
}

/** A database user, and what a function needs to log in as this user. */
export interface Access {
  readonly user: string;
  /** The secret with the user's password. @default - the user logs in by IAM */
  readonly secret?: UserSecret;
  /** Allows a function to log in. */
  readonly grantTo: (lambda: LambdaFunction) => void;
}

/** Returns the user of a login, with the permission to log in as that user. */
export function accessOf(props: RoutesProps, login: RouteLogin): Access {
  const name = loginUser(login, props.settings);
  if (login.by === 'password') {
    const secret = secretOf(props, name);
    return { user: secret.user, secret, grantTo: ({ role }) => secret.grantRead(role) };
  }
  const user = props.settings.database.users[name].name;
  return { user, grantTo: ({ role }) => targetOf(props, login.at).grantConnect(role, user) };
}

/** Returns the endpoint of a login. */
export function targetOf({ instance, proxies }: RoutesProps, at: TargetName): DatabaseInstance | DatabaseProxy {
  const target = at === 'instance' ? instance : proxies[at];
  if (target === undefined) throw new Error(`A route logs in to the ${at}, but the settings do not deploy it`);
  return target;
}

function secretOf({ secrets }: RoutesProps, user: RouteUserName): UserSecret {
  const secret = secrets[user];
  if (secret === undefined) throw new Error(`A route logs in by password as the user '${user}', who has no secret`);
  return secret;
}
