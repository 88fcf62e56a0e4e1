import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ProxyName, TargetName } from '../../contract/logins';
import { routeOf, type ApiPath, type Login, type RouteName, type RouteUserName } from '../../contract/routes';
import { CA_FILES, type CaLayer } from '../compute/ca-layer';
import { LambdaFunction, type LambdaFunctionProps } from '../compute/lambda-function';
import { MYSQL_PORT, type DatabaseInstance } from '../database/database-instance';
import type { DatabaseUsers } from '../database/users';
import type { SecurityGroups } from '../network/security-groups';
import type { DatabaseProxy } from '../proxy/database-proxy';
import type { UserSecret } from '../secrets/user-secret';
import { deployedRoutes, loginUser } from '../settings/deployed-routes';
import { resourceName } from '../settings/names';
import type { Settings } from '../settings/settings';
import { AUTH_MATRIX_TIMEOUT_SECONDS, authMatrixEnvironment } from './auth-matrix';

/** A path of the API, and the function that answers on it. */
export interface Route {
  readonly path: ApiPath;
  readonly function: LambdaFunction;
}

/** What routes connect to, and as whom. */
export interface RoutesProps {
  readonly settings: Settings;
  readonly users: DatabaseUsers;
  readonly instance: DatabaseInstance;
  /** The proxies that are deployed. */
  readonly proxies: Readonly<Partial<Record<ProxyName, DatabaseProxy>>>;
  /** Secrets of the users that log in by password. */
  readonly secrets: Readonly<Partial<Record<RouteUserName, UserSecret>>>;
  readonly caLayer: CaLayer;
  /** Where the functions in the VPC run. */
  readonly subnets: readonly Subnet[];
  readonly securityGroups: SecurityGroups;
  /** What makes the tables and users: new code finds them as it expects them, and a removed function lets go first. */
  readonly bootstrap: ITerraformDependable;
}

/** The functions behind the API, one for each route that the settings deploy. `contract/routes/` declares them. */
export class Routes extends Construct {
  readonly all: readonly Route[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RoutesProps,
  ) {
    super(scope, id);
    this.all = deployedRoutes(props.settings).map((name) => {
      const { path, login } = routeOf(name);
      return { path, function: login ? this.declared(name, login) : this.authMatrix() };
    });
  }

  /** A function that logs in one way, with the rights that this needs. */
  private declared(name: RouteName, login: Login): LambdaFunction {
    const { settings, instance } = this.props;
    const target = targetOf(this.props, login.at);
    const access = accessOf(this.props, login);
    const lambda = this.lambda(name, {
      description: `GET ${routeOf(name).path}: ${login.how}`,
      ...(login.inVpc && { vpc: this.vpc() }),
      environment: {
        DB_HOST: target.host,
        DB_PORT: String(MYSQL_PORT),
        DB_NAME: settings.database.name,
        // SECURITY: the authorities of this endpoint and no others.
        DB_CA_FILE: target === instance ? CA_FILES.instance : CA_FILES.proxy,
        ...(access.secret ? { DB_SECRET_ARN: access.secret.arn } : { DB_USER: access.user }),
      },
    });
    access.grantTo(lambda);
    return lambda;
  }

  /** Tries every deployed way to log in at each call. */
  private authMatrix(): LambdaFunction {
    const { settings, instance, proxies } = this.props;
    const secret = secretOf(this.props, 'matrixPassword');
    const iamUser = settings.database.users.matrixIam.name;
    const deployed = Object.values(proxies);
    const environment = { environment: settings.name, instance, proxies: deployed, secret, iamUser };
    const lambda = this.lambda('authMatrix', {
      description: 'GET /auth-matrix: tries every way to log in',
      vpc: this.vpc(),
      environment: authMatrixEnvironment(environment),
      timeoutSeconds: AUTH_MATRIX_TIMEOUT_SECONDS,
    });
    secret.grantRead(lambda.role);
    instance.grantConnect(lambda.role, iamUser);
    // At both, so that a refusal is the proxy's own and not one of IAM.
    for (const proxy of deployed) {
      proxy.grantConnect(lambda.role, proxy.login.upstream === 'iam' ? iamUser : secret.user);
    }
    return lambda;
  }

  private vpc(): NonNullable<LambdaFunctionProps['vpc']> {
    const { subnets, securityGroups } = this.props;
    return { subnets, securityGroup: securityGroups.of('functions') };
  }

  private lambda(
    name: RouteName,
    props: Pick<LambdaFunctionProps, 'description' | 'vpc' | 'environment'> &
      Partial<Pick<LambdaFunctionProps, 'timeoutSeconds'>>,
  ): LambdaFunction {
    const { settings, caLayer } = this.props;
    const { function: route } = routeOf(name);
    return new LambdaFunction(this, route, {
      name: resourceName(settings.name, route),
      route,
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

/** What a login needs. */
export interface Access {
  /** Name of the user in the database. */
  readonly user: string;
  /** The secret with its password. @default - it logs in by IAM */
  readonly secret?: UserSecret;
  /** Gives a function the right to log in. */
  readonly grantTo: (lambda: LambdaFunction) => void;
}

/** The user of a login, and the right to log in as it. */
export function accessOf(props: RoutesProps, login: Login): Access {
  const name = loginUser(login, props.settings);
  if (login.by === 'password') {
    const secret = secretOf(props, name);
    return { user: secret.user, secret, grantTo: ({ role }) => secret.grantRead(role) };
  }
  const user = props.settings.database.users[name].name;
  return { user, grantTo: ({ role }) => targetOf(props, login.at).grantConnect(role, user) };
}

/** Where a login connects to. */
export function targetOf({ instance, proxies }: RoutesProps, at: TargetName): DatabaseInstance | DatabaseProxy {
  const target = at === 'instance' ? instance : proxies[at];
  if (target === undefined) throw new Error(`A route logs in at the ${at}, which the settings do not deploy`);
  return target;
}

function secretOf({ secrets }: RoutesProps, user: RouteUserName): UserSecret {
  const secret = secrets[user];
  if (secret === undefined) throw new Error(`A route logs in by password as ${user}, which has no secret`);
  return secret;
}
