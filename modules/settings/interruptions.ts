interface Interrupted {
  /** What the change does, without a subject. */
  readonly does: string;
  /** What the API's callers and other users of the deployment notice. */
  readonly notice: string;
  /** Duration on AWS. */
  readonly lasts: string;
  readonly page: string;
}

const RDS = 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide';

/** The interruptions that changed settings can cause. */
export const INTERRUPTIONS = {
  restart: {
    does: 'restarts the instance',
    notice:
      'Logins fail, connections end, and the routes answer 503. With `database.applyImmediately: false` the restart waits for the maintenance window.',
    lasts: '60 to 120 s with `database.multiAz` (a failover); several minutes without',
    page: `${RDS}/USER_ModifyInstance.Settings.html`,
  },
  upgrade: {
    does: 'upgrades MySQL',
    notice: 'The same as a restart. Automatic minor upgrades cause the same interruption, in the maintenance window.',
    lasts: 'several minutes, even with `database.multiAz`',
    page: `${RDS}/USER_UpgradeDBInstance.MySQL.html`,
  },
  backups: {
    does: 'restarts the instance if backups are turned on or off',
    notice:
      'The same as any restart. A change of `database.backupRetentionDays` between two values above 0 interrupts nothing.',
    lasts: 'as long as a restart',
    page: `${RDS}/USER_WorkingWithAutomatedBackups.BackupRetention.html`,
  },
  address: {
    does: 'changes the address of the instance',
    notice:
      'For clients outside the VPC, the name of the instance resolves to another address. Connections from inside stay open.',
    lasts: 'seconds, until DNS caches drop the old address',
    page: `${RDS}/USER_VPC.WorkingWithRDSInstanceinaVPC.html`,
  },
  secret: {
    does: 'replaces the MySQL user and its secret',
    notice:
      'A new user with a new password replaces the old user. Meanwhile, the routes that logged in as the old user return errors.',
    lasts: 'about a minute, until functions and proxies have changed to the new user',
    page: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/create_secret.html',
  },
  user: {
    does: 'replaces the MySQL user, but no AWS resource',
    notice: 'Logins as the new user may fail at first. Logins as the old user fail from the end of the deployment on.',
    lasts: 'seconds, until IAM has propagated the new policy',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency',
  },
  upstream: {
    does: 'changes the user of `/func2` and how the IAM proxy logs in',
    notice:
      'New logins of `/func2` fail for a time: the IAM policies change before the function gets the new user. Open connections keep working.',
    lasts: 'until policies, proxy and function have changed; AWS states no time',
    page: `${RDS}/rds-proxy-iam-migration.html`,
  },
  route: {
    does: 'adds or removes routes',
    notice: 'A route answers 503 while its function or proxy is created or deleted. Other routes are not affected.',
    lasts: 'seconds for a function, several minutes for a proxy',
    page: `${RDS}/rds-proxy-creating.html`,
  },
  domain: {
    does: 'changes the domain of the API',
    notice:
      'CloudFront’s own name answers throughout. The new domain answers after its certificate is validated. The old domain stops answering in the same deployment.',
    lasts: 'several minutes for the certificate, and several for CloudFront',
    page: 'https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html',
  },
  host: {
    does: 'stops the client host',
    notice: 'Sessions and tunnels end, and the host gets another public address.',
    lasts: 'one to two minutes; AWS states no time',
    page: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-resize.html',
  },
  subscription: {
    does: 'replaces the subscription',
    notice: 'Alarms reach the new address once its owner has confirmed the subscription.',
    lasts: 'until the subscription is confirmed',
    page: 'https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html',
  },
} as const satisfies Readonly<Record<string, Interrupted>>;

export type Interruption = keyof typeof INTERRUPTIONS;
