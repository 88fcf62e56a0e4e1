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

export interface DatabaseProxyProps extends ProxyLogin {
  readonly kind: ProxyName;
  /** Name of the proxy. */
  readonly name: string;
  /** Name of its role. */
  readonly roleName: string;
  readonly instance: DatabaseInstance;
  /** The users that may come, and with whose passwords the proxy logs in for them; none where it logs in by IAM. */
  readonly secrets: readonly UserSecret[];
  /** The users as which the proxy logs in by IAM; none where it has secrets. */
  readonly iamUsers: readonly string[];
  /** Default authentication scheme, which AWS provider 5 does not know. @default - Terraform leaves it as it is; new: NONE */
  readonly defaultAuthScheme?: 'NONE' | 'IAM_AUTH' | undefined;
  readonly subnets: readonly Subnet[];
  readonly securityGroup: SecurityGroup;
  /** Part of the instance's connections that the pool may hold, percent. */
  readonly maxConnectionsPercent: number;
  /** How long a client waits for a connection, seconds. */
  readonly borrowTimeoutSeconds: number;
  /** Days. */
  readonly logRetentionDays: number;
  /** What must be done before the proxy first logs in: its user must exist. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A proxy in front of the instance, with a pool of its own.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html
 */
export class DatabaseProxy extends Construct {
  /** The kind of login it is there for. */
  readonly kind: ProxyName;
  readonly name: string;
  readonly arn: string;
  /** Name to connect to, on port 3306. Certificates are made for it: put no CNAME in front. */
  readonly host: string;
  /** `prx-…`, the id that policies name. */
  readonly resourceId: string;
  /** What it asks of its clients. */
  readonly login: ProxyLogin;
  /** What a client needs: the proxy, its pool and its target. */
  readonly resources: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: DatabaseProxyProps) {
    super(scope, id);
    const role = new ServiceRole(this, 'role', { name: props.roleName, service: 'rds.amazonaws.com' });
    for (const secret of props.secrets) secret.grantRead(role);
    for (const user of props.iamUsers) props.instance.grantConnect(role, user);
    // RDS would make the group itself, and keep every line for ever.
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
      vpcSubnetIds: props.subnets.map(({ id: subnetId }) => subnetId),
      vpcSecurityGroupIds: [props.securityGroup.id],
      // A proxy whose scheme changes needs the users of the new one at once.
      dependsOn: [logs, ...role.permissions, ...(props.defaultAuthScheme ? props.dependsOn : [])],
    });
    this.kind = props.kind;
    this.name = proxy.name;
    this.arn = proxy.arn;
    this.host = proxy.endpoint;
    this.resourceId = arnPart(proxy.arn, 'id');
    this.login = {
      iamAuth: props.iamAuth,
      requireTls: props.requireTls,
      ...(props.upstream && { upstream: props.upstream }),
    };
    // Both know the proxy by its name, which a replaced proxy keeps, though it begins without either. Its ARN is new.
    const arn = `${proxy.terraformResourceType}.${proxy.friendlyUniqueId}.arn`;
    this.resources = [proxy, ...this.target(props, { replaceTriggeredBy: [arn] })];
  }

  /** Lets a role log in to this proxy, by IAM, as one database user. */
  grantConnect(role: ServiceRole, user: string): void {
    role.grant(`ConnectTo-${this.kind}-As-${user}`, connectStatement(this.arn, this.resourceId, user));
  }

  private target(props: DatabaseProxyProps, lifecycle: TerraformResourceLifecycle): ITerraformDependable[] {
    const group = new DbProxyDefaultTargetGroup(this, 'target-group', {
      dbProxyName: this.name,
      lifecycle,
      connectionPoolConfig: {
        maxConnectionsPercent: props.maxConnectionsPercent,
        // Terraform would send 50, and RDS refuses to keep more idle than the pool may hold.
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

/** `auth.username` stays out: RDS Proxy takes the user from the secret, and refuses to be told twice. */
function authentication(secret: UserSecret, { iamAuth }: ProxyLogin): Record<string, string> {
  return {
    authScheme: 'SECRETS',
    iamAuth,
    secretArn: secret.arn,
    // Only for clients with a password. Changing it later has no effect, so it is there from the beginning.
    ...(iamAuth === 'DISABLED' && { clientPasswordAuthType: 'MYSQL_CACHING_SHA2_PASSWORD' }),
  };
}
