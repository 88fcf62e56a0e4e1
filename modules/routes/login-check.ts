import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation';
import { dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { MYSQL_PORT, type DatabaseInstance } from '../database/database-instance';
import { iamProxyUser } from '../database/users';
import type { DatabaseProxy } from '../proxy/database-proxy';
import { resourceName } from '../settings/names';
import { CA_FILES } from '../compute/ca-layer';
import { LambdaFunction } from '../compute/lambda-function';
import type { RoutesProps } from './routes';

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
    const logins = [this.func1(), this.func2(), this.items()].filter((login) => login !== undefined);
    new LambdaInvocation(this, 'invocation', {
      functionName: this.function.name,
      input: JSON.stringify({ logins }),
      triggers: { code: this.function.codeHash },
      dependsOn: [...this.function.role.permissions, ...dependsOn],
      lifecycle: { replaceTriggeredBy: dependsOn.map(dependable) },
    });
  }

  private func1(): CheckedLogin | undefined {
    const { passwordProxy } = this.props;
    if (!passwordProxy) return undefined;
    const { proxy, secret } = passwordProxy;
    secret.grantRead(this.function.role);
    return { ...login('GET /func1', 'proxy', proxy, secret.user), by: 'password', secretArn: secret.arn };
  }

  private func2(): CheckedLogin | undefined {
    const { iamProxy, users } = this.props;
    const user = iamProxyUser(users);
    if (!iamProxy || !user) return undefined;
    iamProxy.grantConnect(this.function.role, user.name);
    return { ...login('GET /func2', 'proxy', iamProxy, user.name), by: 'iam' };
  }

  private items(): CheckedLogin | undefined {
    const { instance, users } = this.props;
    if (!users.items) return undefined;
    instance.grantConnect(this.function.role, users.items.name);
    return { ...login('GET /items', 'instance', instance, users.items.name), by: 'iam' };
  }
}

const login = (
  route: string,
  at: 'instance' | 'proxy',
  { host }: DatabaseInstance | DatabaseProxy,
  user: string,
): CheckedLogin => ({ route, at, host, port: MYSQL_PORT, user });
