import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Construct } from 'constructs';
import type { ApiPath } from '../../contract/api';
import { MYSQL_PORT, type DatabaseInstance } from '../database/database-instance';
import type { UserSecret } from '../secrets/user-secret';
import { iamProxyUser, type DatabaseUser, type DatabaseUsers } from '../database/users';
import type { SecurityGroups } from '../network/security-groups';
import type { DatabaseProxy } from '../proxy/database-proxy';
import { resourceName } from '../settings/names';
import type { Settings } from '../settings/settings';
import { AUTH_MATRIX_TIMEOUT_SECONDS, authMatrixEnvironment } from './auth-matrix';
import { CA_FILES, type CaLayer } from '../compute/ca-layer';
import { LambdaFunction, type LambdaFunctionProps } from '../compute/lambda-function';

/** A path of the API, and the function that answers on it. */
export interface Route {
  readonly path: ApiPath;
  readonly function: LambdaFunction;
}

export interface RoutesProps {
  readonly settings: Settings;
  readonly users: DatabaseUsers;
  readonly instance: DatabaseInstance;
  /** The proxy for logins by password, and the secret it shares with its client. @default - there is no `/func1` */
  readonly passwordProxy?: { readonly proxy: DatabaseProxy; readonly secret: UserSecret };
  /** The proxy for logins by IAM. @default - there is no `/func2` */
  readonly iamProxy?: DatabaseProxy;
  /** The secret of the user that tries logins by password. @default - there is no `/auth-matrix` */
  readonly matrixSecret?: UserSecret;
  readonly caLayer: CaLayer;
  /** Where the functions in the VPC run. */
  readonly subnets: readonly Subnet[];
  readonly securityGroups: SecurityGroups;
}

type RouteName = 'func1' | 'func2' | 'items' | 'users' | 'authMatrix';

/** The settings say `authMatrix` to what is called `auth-matrix` everywhere else. */
const functionName = (name: RouteName): string => (name === 'authMatrix' ? 'auth-matrix' : name);

/** The functions behind the API, one for each way in that the settings deploy. */
export class Routes extends Construct {
  readonly all: readonly Route[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RoutesProps,
  ) {
    super(scope, id);
    this.all = [this.func1(), this.func2(), this.items(), this.publicUsers(), this.authMatrix()].filter(
      (route) => route !== undefined,
    );
  }

  /** Password → password proxy. */
  private func1(): Route | undefined {
    const { passwordProxy } = this.props;
    if (!passwordProxy) return undefined;
    const func1 = this.lambda('func1', 'GET /func1: by password through RDS Proxy', {
      vpc: this.vpc(),
      environment: { ...this.at(passwordProxy.proxy), DB_SECRET_ARN: passwordProxy.secret.arn },
    });
    passwordProxy.secret.grantRead(func1.role);
    return { path: '/func1', function: func1 };
  }

  /** IAM → IAM proxy. A proxy that logs in with the password does so as func1's user. */
  private func2(): Route | undefined {
    const { iamProxy, users } = this.props;
    const user = iamProxyUser(users);
    if (!iamProxy || !user) return undefined;
    return this.byIam('func2', '/func2', 'by IAM through RDS Proxy', iamProxy, user, this.vpc());
  }

  /** IAM → instance, from inside the VPC. */
  private items(): Route | undefined {
    const { instance, users } = this.props;
    return users.items && this.byIam('items', '/items', 'by IAM straight to RDS', instance, users.items, this.vpc());
  }

  /** IAM → instance, from outside the VPC. */
  private publicUsers(): Route | undefined {
    const { instance, users } = this.props;
    const how = 'by IAM to RDS from outside the VPC';
    return users.usersReader && this.byIam('users', '/', how, instance, users.usersReader);
  }

  /** Every way in that is deployed, tried at each call. */
  private authMatrix(): Route | undefined {
    const { matrixSecret, instance, passwordProxy, iamProxy, settings } = this.props;
    if (!matrixSecret) return undefined;
    const iamUser = settings.database.users.matrixIam.name;
    const proxies = [passwordProxy?.proxy, iamProxy].filter((proxy) => proxy !== undefined);
    const lambda = this.lambda('authMatrix', 'GET /auth-matrix: tries every way to log in', {
      vpc: this.vpc(),
      environment: authMatrixEnvironment({
        environment: settings.name,
        instance,
        proxies,
        secret: matrixSecret,
        iamUser,
      }),
      timeoutSeconds: AUTH_MATRIX_TIMEOUT_SECONDS,
    });
    matrixSecret.grantRead(lambda.role);
    instance.grantConnect(lambda.role, iamUser);
    // At both, so that a refusal is the proxy's own and not one of IAM.
    for (const proxy of proxies) {
      proxy.grantConnect(lambda.role, proxy.login.upstream === 'iam' ? iamUser : matrixSecret.user);
    }
    return { path: '/auth-matrix', function: lambda };
  }

  private byIam(
    name: RouteName,
    path: ApiPath,
    how: string,
    target: DatabaseInstance | DatabaseProxy,
    user: DatabaseUser,
    vpc?: LambdaFunctionProps['vpc'],
  ): Route {
    const lambda = this.lambda(name, `GET ${path}: ${how}`, {
      ...(vpc && { vpc }),
      environment: { ...this.at(target), DB_USER: user.name },
    });
    target.grantConnect(lambda.role, user.name);
    return { path, function: lambda };
  }

  private vpc(): NonNullable<LambdaFunctionProps['vpc']> {
    const { subnets, securityGroups } = this.props;
    return { subnets, securityGroup: securityGroups.of('functions') };
  }

  /** Where a function connects to, and which certificate authorities it trusts there: those and no others. */
  private at(target: DatabaseInstance | DatabaseProxy): Record<string, string> {
    const { instance, settings } = this.props;
    return {
      DB_HOST: target.host,
      DB_PORT: String(MYSQL_PORT),
      DB_NAME: settings.database.name,
      DB_CA_FILE: target === instance ? CA_FILES.instance : CA_FILES.proxy,
    };
  }

  private lambda(
    name: RouteName,
    description: string,
    props: Pick<LambdaFunctionProps, 'vpc' | 'environment'> & Partial<Pick<LambdaFunctionProps, 'timeoutSeconds'>>,
  ): LambdaFunction {
    const { settings, caLayer } = this.props;
    const route = functionName(name);
    return new LambdaFunction(this, route, {
      name: resourceName(settings.name, route),
      description,
      route,
      memoryMib: settings.functions[name].memoryMib,
      reservedConcurrency: settings.functions[name].reservedConcurrency,
      timeoutSeconds: settings.functions.timeoutSeconds,
      caLayer,
      logRetentionDays: settings.logRetentionDays,
      ...props,
    });
  }
}
