import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import { dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { routeOf, type RouteLogin } from '../../contract/routes';
import { MYSQL_PORT } from '../network/allowed-connections';
import { resourceName } from '../settings/names';
import { CA_FILES } from '../compute/ca-layer';
import { LambdaFunction } from '../compute/lambda-function';
import { deployedRoutes } from '../settings/deployed-routes';
import type { Settings } from '../settings/settings';
import { accessOf, targetOf, type RoutesProps } from './routes';

export interface LoginCheckProps extends RoutesProps {
  /** Resources that a login needs. If one of them changes, the check runs again. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Returns the logins of the routes in the VPC. `/auth-matrix` declares no login, because it tests its logins itself. */
export const checkedLogins = (settings: Settings): readonly { readonly path: string; readonly login: RouteLogin }[] =>
  deployedRoutes(settings).flatMap((name) => {
    const { path, login } = routeOf(name);
    return login?.inVpc ? [{ path, login }] : [];
  });

/** Seconds. Targets of new proxies take minutes to become available. Lambda's limit is 15 minutes. */
const TIMEOUT_SECONDS = 600;

/**
 * Tests the login of each route in the VPC. The test waits for the resources that a login needs. A proxy is deployed
 * some minutes before its target is AVAILABLE. Until then logins fail, and the function retries them. No resource depends on the check
 * (docs/adr/0013).
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RegisterDBProxyTargets.html
 */
export class LoginCheck extends Construct {
  readonly function: LambdaFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LoginCheckProps,
  ) {
    super(scope, id);
    const { settings, caLayer, subnets, securityGroups, instance, dependsOn } = props;
    this.function = new LambdaFunction(this, 'function', {
      name: resourceName(settings.name, 'login-check'),
      description: 'Tests the logins of the routes in the VPC when Terraform applies',
      folder: 'login-check',
      memoryMib: 256,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: { DB_CA_FILE: CA_FILES.instance, PROXY_CA_FILE: CA_FILES.proxy },
      caLayer,
      vpc: { subnets, securityGroup: securityGroups.of('functions') },
      logRetentionDays: settings.logRetentionDays,
      // Creating the instance takes minutes, in which IAM propagates the policies of the role. Without this wait Lambda may fail to
      // create the network interfaces.
      dependsOn: [instance.resource],
    });
    this.function.keepActive();
    const logins = checkedLogins(settings).map(({ path, login }) => this.grantLogin(path, login));
    new LambdaInvocation(this, 'invocation', {
      functionName: this.function.name,
      input: JSON.stringify({ logins }),
      triggers: { code: this.function.codeHash },
      dependsOn: [...this.function.role.permissions, ...dependsOn],
      lifecycle: { replaceTriggeredBy: dependsOn.map(dependable) },
    });
  }

  /** Allows the function to log in as a route does, and returns that login for the function's event. */
  private grantLogin(path: string, login: RouteLogin): object {
    const { user, secret, grantTo } = accessOf(this.props, login);
    grantTo(this.function);
    return {
      route: `GET ${path}`,
      at: login.at === 'instance' ? 'instance' : 'proxy',
      host: targetOf(this.props, login.at).host,
      port: MYSQL_PORT,
      user,
      by: login.by,
      ...(secret && { secretArn: secret.arn }),
    };
  }
}
