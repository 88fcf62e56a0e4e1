import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import type { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import type { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { connectStatement } from '../iam/connect';
import type { ServiceRole } from '../iam/service-role';
import { MYSQL_PORT } from '../network/allowed-connections';
import { DB_MEMORY_GIB } from '../settings/machine-types';
import type { Settings } from '../settings/settings';
import { TerraformData } from './terraform-data';

/** Settings of the database that the instance takes unchanged. */
type InstanceSettings = Omit<Settings['database'], 'name' | 'users' | 'publicAccess' | 'passwordRotation'>;

export interface DatabaseInstanceProps extends InstanceSettings {
  readonly name: string;
  readonly publiclyAccessible: boolean;
  /** Whether the server refuses connections without TLS, including those of the proxies. */
  readonly requireSecureTransport: boolean;
  readonly subnets: readonly Subnet[];
  readonly securityGroup: SecurityGroup;
  readonly logRetentionDays: number;
  /** Resources to create before the instance: for a public one, the route to the internet. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Smallest gp3 storage, in GiB, that RDS for MySQL stripes over four volumes. */
const STRIPED_GIB = 400;

/**
 * The baseline performance of striped storage, in IOPS and MiB per second. Without these values, RDS would refuse a growth
 * to 400 GiB, because the provider would request it with the IOPS of the smaller storage. For smaller storage RDS accepts neither value.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
 * https://github.com/hashicorp/terraform-provider-aws/issues/28382
 */
const STRIPED_PERFORMANCE = { iops: 12_000, storageThroughput: 500 };

/** Family of the parameter group, for every version of MySQL 8.4. */
const PARAMETER_FAMILY = 'mysql8.4';

/** The MySQL instance. RDS generates and rotates its master password in Secrets Manager. */
export class DatabaseInstance extends Construct {
  readonly identifier: string;
  readonly arn: string;
  /** Host name to connect to. Certificates and tokens are valid only for this name, so a CNAME does not work. */
  readonly host: string;
  /** Id of the instance in policies for `rds-db:connect`: `db-…`. */
  readonly resourceId: string;
  readonly masterUser = 'admin';
  readonly masterSecretArn: string;
  /** For `dependsOn` of resources that must wait until the instance exists. */
  readonly resource: ITerraformDependable;

  constructor(
    scope: Construct,
    id: string,
    readonly props: DatabaseInstanceProps,
  ) {
    super(scope, id);
    const subnetGroup = new DbSubnetGroup(this, 'subnets', {
      name: props.name,
      description: `Database subnets of ${props.name}`,
      subnetIds: props.subnets.map(({ id: subnetId }) => subnetId),
    });
    const instance = new DbInstance(this, 'instance', {
      identifier: props.name,
      engine: 'mysql',
      engineVersion: props.engineVersion,
      instanceClass: props.instanceClass,
      parameterGroupName: this.parameterGroup(props).name,

      storageType: 'gp3',
      allocatedStorage: props.allocatedStorageGib,
      ...(props.allocatedStorageGib >= STRIPED_GIB && STRIPED_PERFORMANCE),
      storageEncrypted: true,

      username: this.masterUser,
      manageMasterUserPassword: true,
      iamDatabaseAuthenticationEnabled: props.iamAuthentication,

      port: MYSQL_PORT,
      dbSubnetGroupName: subnetGroup.name,
      vpcSecurityGroupIds: [props.securityGroup.id],
      publiclyAccessible: props.publiclyAccessible,
      multiAz: props.multiAz,

      backupRetentionPeriod: props.backupRetentionDays,
      copyTagsToSnapshot: true,
      deletionProtection: props.deletionProtection,
      // Without preventDestroy, Terraform deletes the API, functions and proxies before RDS refuses to delete the instance.
      ...(props.deletionProtection && { lifecycle: { preventDestroy: true } }),
      skipFinalSnapshot: !props.finalSnapshot,
      ...(props.finalSnapshot && { finalSnapshotIdentifier: this.finalSnapshotName(props.name) }),

      enabledCloudwatchLogsExports: exportedLogs(props),
      ...(props.backupWindow !== undefined && { backupWindow: props.backupWindow }),
      ...(props.maintenanceWindow !== undefined && { maintenanceWindow: props.maintenanceWindow }),
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html
      applyImmediately: props.applyImmediately,
      // Off for a complete version such as 8.4.5. Otherwise RDS would upgrade the instance, and each later deployment would request
      // a downgrade.
      autoMinorVersionUpgrade: !/^\d+\.\d+\.\d+$/.test(props.engineVersion),
      dependsOn: [...this.logGroups(props), ...props.dependsOn],
    });
    this.resource = instance;
    this.identifier = instance.identifier;
    this.arn = instance.arn;
    this.host = instance.address;
    this.resourceId = instance.resourceId;
    this.masterSecretArn = instance.masterUserSecret.get(0).secretArn;
  }

  /** Allows a role to log in to the instance by IAM as one database user. */
  grantConnect(role: ServiceRole, user: string): void {
    role.grant(`ConnectAs-${user}`, connectStatement(this.arn, this.resourceId, user));
  }

  /** Allows a role to read the master user's password. SECURITY: with it the role can do anything in the database. */
  grantReadMasterSecret(role: ServiceRole): void {
    role.grant('ReadMasterSecret', {
      actions: ['secretsmanager:GetSecretValue'],
      resources: [this.masterSecretArn],
    });
  }

  /**
   * Returns a different snapshot name each time the environment is created, because RDS refuses the name of an existing snapshot.
   * The random id stays in the state, so no plan changes the name.
   */
  private finalSnapshotName(name: string): string {
    const snapshotSuffix = new TerraformData(this, 'life');
    return `${name}-final-${Fn.element(Fn.split('-', snapshotSuffix.id), 0)}`;
  }

  private parameterGroup(props: DatabaseInstanceProps): DbParameterGroup {
    const { name, requireSecureTransport, maxConnections } = props;
    return new DbParameterGroup(this, 'parameters', {
      // If the family changes, the instance needs the new group before the old one is deleted.
      name: `${name}-${PARAMETER_FAMILY.replace('.', '-')}`,
      lifecycle: { createBeforeDestroy: true },
      family: PARAMETER_FAMILY,
      description: `Parameters of ${name}`,
      parameter: [
        // Always explicit, because RDS has its own default, which differs between versions.
        { name: 'require_secure_transport', value: requireSecureTransport ? '1' : '0' },
        // Explicit, because the rules of the settings use this number, and so does the alarm on connections.
        { name: 'max_connections', value: String(maxConnections) },
        // Explicit, because on a class of 2 GiB the size that RDS sets leaves too little memory for IAM logins.
        { name: 'innodb_buffer_pool_size', value: bufferPool(props) },
        // Seconds. Lambda does not close the connections of a container that it ends; by default MySQL keeps them for eight hours. The
        // functions replace a connection that was idle for five minutes, so they never use one that this limit has closed.
        // https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_wait_timeout
        { name: 'wait_timeout', value: '600' },
        { name: 'character_set_server', value: 'utf8mb4' },
        { name: 'collation_server', value: 'utf8mb4_0900_ai_ci' },
        { name: 'slow_query_log', value: '1' },
        // Seconds.
        { name: 'long_query_time', value: '1' },
        // RDS exports a log to CloudWatch only if MySQL writes it to a file.
        { name: 'log_output', value: 'FILE' },
      ],
    });
  }

  /**
   * Creates the log groups before the instance; otherwise RDS creates them, and their logs never expire. If a setting
   * turns an export off, createBeforeDestroy makes Terraform change the instance before it deletes the group. In the other
   * order, RDS would still export the log and create the group again.
   */
  private logGroups(props: DatabaseInstanceProps): CloudwatchLogGroup[] {
    return exportedLogs(props).map(
      (log) =>
        new CloudwatchLogGroup(this, `${log}-logs`, {
          name: `/aws/rds/instance/${props.name}/${log}`,
          retentionInDays: props.logRetentionDays,
          lifecycle: { createBeforeDestroy: true },
        }),
    );
  }
}

/**
 * Returns the size of InnoDB's buffer pool: as RDS for MySQL 8.4 sets it, or less for IAM logins. These need 300 to 1000 MiB outside
 * the pool. On a class of 2 GiB, a pool of half the memory leaves too little, and IAM logins time out.
 *
 * On a class of 1 GiB, or of 2 GiB with IAM logins, the pool gets an eighth of the memory. For 1 GiB this is 128 MiB, the value that RDS
 * sets. For 2 GiB it is not verified that such a pool leaves enough memory for many logins at once.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.CommonDBATasks.Config.Size.8.4.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 *
 * @returns bytes, or a formula of RDS
 */
function bufferPool({ iamAuthentication, instanceClass }: DatabaseInstanceProps): string {
  const memoryGib = DB_MEMORY_GIB.get(instanceClass) ?? Infinity;
  if (memoryGib > 4) return '{DBInstanceClassMemory*3/4}';
  const getsAnEighth = memoryGib <= 1 || (iamAuthentication && memoryGib <= 2);
  return getsAnEighth ? String((memoryGib * 2 ** 30) / 8) : '{DBInstanceClassMemory*1/2}';
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.MySQLDB.PublishtoCloudWatchLogs.html */
function exportedLogs({ iamAuthentication }: DatabaseInstanceProps): string[] {
  return ['error', 'slowquery', ...(iamAuthentication ? ['iam-db-auth-error'] : [])];
}
