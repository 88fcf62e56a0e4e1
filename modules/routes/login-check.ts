import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import { dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { routeOf, type RouteName } from '../../contract/routes';
import { MYSQL_PORT } from '../database/database-instance';
import { resourceName } from '../settings/names';
import { CA_FILES } from '../compute/ca-layer';
import { LambdaFunction } from '../compute/lambda-function';
import { deployedRoutes } from '../settings/deployed-routes';
import { accessOf, targetOf, type RoutesProps } from './routes';

export interface LoginCheckProps extends RoutesProps {
  /** What must stand before a login can work. Whenever one of these is changed the check is repeated. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** A login, as the function reads it in its event. */
type CheckedLogin = Readonly<Record<string, string | number>>;

/** Targets of new proxies take minutes. Lambda ends an invocation after 15. */
const TIMEOUT_SECONDS = 600;

/**
 * Ends the deployment with a login in each way that a route in the VPC uses: RDS registers the target of a proxy and does
 * not wait until it is AVAILABLE. Nothing waits for the check (docs/adr/0013).
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
    const { settings, caLayer, subnets, securityGroups, dependsOn } = props;
    this.function = new LambdaFunction(this, 'function', {
      name: resourceName(settings.name, 'login-check'),
      description: 'Logs in in every deployed way when Terraform applies',
      route: 'login-check',
      memoryMib: 256,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: { DB_CA_FILE: CA_FILES.instance, PROXY_CA_FILE: CA_FILES.proxy },
      caLayer,
      vpc: { subnets, securityGroup: securityGroups.of('functions') },
      logRetentionDays: settings.logRetentionDays,
    });
    this.function.keepActive();
    const logins = deployedRoutes(settings).flatMap((name) => this.loginOf(name));
    new LambdaInvocation(this, 'invocation', {
      functionName: this.function.name,
      input: JSON.stringify({ logins }),
      triggers: { code: this.function.codeHash },
      dependsOn: [...this.function.role.permissions, ...dependsOn],
      lifecycle: { replaceTriggeredBy: dependsOn.map(dependable) },
    });
  }

  /** The login of a route; none where its function runs outside the VPC, or checks its logins itself. */
  private loginOf(name: RouteName): readonly CheckedLogin[] {
    const { path, login } = routeOf(name);
    if (!login?.inVpc) return [];
    const { user, secret, grantTo } = accessOf(this.props, login);
    grantTo(this.function);
    return [
      {
        route: `GET ${path}`,
        at: login.at === 'instance' ? 'instance' : 'proxy',
        host: targetOf(this.props, login.at).host,
        port: MYSQL_PORT,
        user,
        by: login.by,
        ...(secret && { secretArn: secret.arn }),
      },
    ];
  }
}
