import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DbProxy } from '@cdktf/provider-aws/lib/db-proxy';
import { DbProxyDefaultTargetGroup } from '@cdktf/provider-aws/lib/db-proxy-default-target-group';
import { DbProxyTarget } from '@cdktf/provider-aws/lib/db-proxy-target';
import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import type { ITerraformDependable, TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';
import type { ProxyLogin, ProxyName } from '../../contract/logins';
import type { DatabaseInstance } from '../database/database-instance';
import type { UserSecret } from '../secrets/user-secret';
import { arnPart, connectStatement } from '../iam/connect';
import { ServiceRole } from '../iam/service-role';
import { PROXY_ZONES } from '../settings/rules/network';

export interface DatabaseProxyProps extends ProxyLogin {
  readonly kind: ProxyName;
  readonly name: string;
  readonly instance: DatabaseInstance;
  /** Secrets of the allowed users. The proxy logs in with their passwords. Empty if it logs in by IAM. */
  readonly secrets: readonly UserSecret[];
  /** The proxy logs in by IAM as these users. Empty if it has secrets. */
  readonly iamUsers: readonly string[];
  /** Default authentication scheme; needs AWS provider 6.15. @default - an existing proxy keeps its scheme, a new one gets NONE */
  readonly defaultAuthScheme?: 'NONE' | 'IAM_AUTH' | undefined;
  /** One subnet for each zone; the proxy uses the first two. */
  readonly subnets: readonly Subnet[];
  readonly securityGroup: SecurityGroup;
  /** Percentage of the instance's connections that the pool may hold. */
  readonly maxConnectionsPercent: number;
  /** Seconds that a client waits at most for a connection. */
  readonly borrowTimeoutSeconds: number;
  readonly logRetentionDays: number;
  /** Resources to apply before the proxy first logs in: its users must exist. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A proxy in front of the instance, with its own connection pool.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html
 */
export class DatabaseProxy extends Construct {
  /** Which of the two proxies this is, named after the kind of login that it accepts. */
  readonly kind: ProxyName;
  readonly name: string;
  readonly arn: string;
  /** Host name to connect to, on port 3306. A CNAME does not work, because the certificate is not valid for it. */
  readonly host: string;
  /** Resource id for policies, `prx-…`. */
  readonly resourceId: string;
  /** How clients log in to the proxy, and how the proxy logs in to the instance. */
  readonly login: ProxyLogin;
  /** Resources that a client needs: the proxy, its pool and its target. */
  readonly resources: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: DatabaseProxyProps) {
    super(scope, id);
    const role = new ServiceRole(this, 'role', { name: `${props.name}-proxy`, service: 'rds.amazonaws.com' });
    for (const secret of props.secrets) secret.grantRead(role);
    for (const user of props.iamUsers) props.instance.grantConnect(role, user);
    // Otherwise RDS creates the group itself, without expiry.
    const logs = new CloudwatchLogGroup(this, 'logs', {
      name: `/aws/rds/proxy/${props.name}`,
      retentionInDays: props.logRetentionDays,
    });

    const proxy = new DbProxy(this, 'proxy', {
      name: props.name,
      engineFamily: 'MYSQL',
      requireTls: props.requireTls,
      roleArn: role.arn,
      ...(props.secrets.length > 0 && { auth: props.secrets.map((secret) => authentication(secret, props)) }),
      ...(props.defaultAuthScheme && { defaultAuthScheme: props.defaultAuthScheme }),
      vpcSubnetIds: props.subnets.slice(0, PROXY_ZONES).map(({ id: subnetId }) => subnetId),
      vpcSecurityGroupIds: [props.securityGroup.id],
      dependsOn: [
        logs,
        ...role.permissions,
        // RDS Proxy needs the service-linked role of RDS, which the first instance of an account creates.
        // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html
        props.instance.resource,
        // A proxy with a changed scheme logs in as other users. These must exist before the change.
        ...(props.defaultAuthScheme ? props.dependsOn : []),
      ],
    });
    this.kind = props.kind;
    this.name = proxy.name;
    this.arn = proxy.arn;
    this.host = proxy.endpoint;
    this.resourceId = arnPart(proxy.arn, 'id');
    this.login = props;
    // Pool settings and target must be replaced together with the proxy. They refer to it by name, which stays the same, so Terraform
    // would see no change. The ARN, which does change, triggers their replacement.
    const arn = `${proxy.terraformResourceType}.${proxy.friendlyUniqueId}.arn`;
    this.resources = [proxy, ...this.addTarget(props, { replaceTriggeredBy: [arn] })];
  }

  /** Allows a role to log in to this proxy by IAM as one database user. */
  grantConnect(role: ServiceRole, user: string): void {
    role.grant(`ConnectTo-${this.kind}-As-${user}`, connectStatement(this.arn, this.resourceId, user));
  }

  private addTarget(props: DatabaseProxyProps, lifecycle: TerraformResourceLifecycle): ITerraformDependable[] {
    const group = new DbProxyDefaultTargetGroup(this, 'target-group', {
      dbProxyName: this.name,
      lifecycle,
      connectionPoolConfig: {
        maxConnectionsPercent: props.maxConnectionsPercent,
        // Terraform's default is 50, and RDS refuses more idle connections than the pool may hold.
        maxIdleConnectionsPercent: Math.floor(props.maxConnectionsPercent / 2),
        connectionBorrowTimeout: props.borrowTimeoutSeconds,
      },
    });
    const target = new DbProxyTarget(this, 'target', {
      dbProxyName: this.name,
      targetGroupName: group.name,
      dbInstanceIdentifier: props.instance.identifier,
      dependsOn: props.dependsOn,
      lifecycle,
    });
    return [group, target];
  }
}

/** Makes the `auth` block of a secret. It omits `username`: RDS Proxy reads that from the secret and rejects the argument. */
function authentication(secret: UserSecret, { iamAuth }: ProxyLogin): Record<string, string> {
  return {
    authScheme: 'SECRETS',
    iamAuth,
    secretArn: secret.arn,
    // Only for clients with a password. A later change of this argument has no effect, so it is set from the beginning.
    ...(iamAuth === 'DISABLED' && { clientPasswordAuthType: 'MYSQL_CACHING_SHA2_PASSWORD' }),
  };
}
