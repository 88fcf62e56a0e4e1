interface Interrupted {
  /** What the change does, in a few words. */
  readonly does: string;
  /** What callers and people notice. */
  readonly notice: string;
  /** How long on AWS. */
  readonly lasts: string;
  /** AWS's page. */
  readonly page: string;
}

const RDS = 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide';

/** What some changes interrupt. */
export const INTERRUPTIONS = {
  restart: {
    does: 'restarts the instance',
    notice:
      'Logins fail and connections end; the routes answer 503. With `database.applyImmediately: false` it waits for the maintenance window.',
    lasts: 'a failover of 60 to 120 s with `database.multiAz`, some minutes without',
    page: `${RDS}/USER_ModifyInstance.Settings.html`,
  },
  backups: {
    does: 'restarts the instance from and to 0',
    notice: 'As any restart. From one number of days to another nothing is interrupted.',
    lasts: 'as a restart',
    page: `${RDS}/USER_WorkingWithAutomatedBackups.BackupRetention.html`,
  },
  address: {
    does: 'changes the address of the instance',
    notice:
      'The name of the instance resolves to another address for clients outside the VPC. Connections from inside stay.',
    lasts: 'until resolvers have forgotten the old one, seconds',
    page: `${RDS}/USER_VPC.WorkingWithRDSInstanceinaVPC.html`,
  },
  proxies: {
    does: 'replaces both proxies',
    notice: 'Logins through them fail, so `/func1` and `/func2` answer 503. Policies of people name the new ids.',
    lasts: 'until the new ones and their targets are available, some minutes; AWS names no time',
    page: `${RDS}/rds-proxy-creating.html`,
  },
  secret: {
    does: 'replaces the secret of the user',
    notice: 'Another user with another password. Its routes answer 503 until function and proxies know it.',
    lasts: 'until the deployment has made the user, about a minute',
    page: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/create_secret.html',
  },
  user: {
    does: 'makes another user',
    notice: 'Logins as the earlier one end with the deployment.',
    lasts: 'seconds, until IAM has spread the new policy',
    page: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency',
  },
  upstream: {
    does: 'changes the scheme of the IAM proxy, and makes a user',
    notice:
      'New logins of `/func2` fail between the change of the proxy and that of the function; containers that are connected do not notice.',
    lasts: 'until proxy and function are changed; AWS names no time',
    page: `${RDS}/rds-proxy-iam-migration.html`,
  },
  route: {
    does: 'adds or removes routes',
    notice: 'Such a route answers 503 while its function or its proxy is made or deleted. Other routes do not notice.',
    lasts: 'seconds for a function, some minutes for a proxy',
    page: `${RDS}/rds-proxy-creating.html`,
  },
  domain: {
    does: 'changes the name of the API',
    notice: 'The name that CloudFront gave answers throughout; the own name once the certificate is proven.',
    lasts: 'some minutes for the certificate, some more for CloudFront',
    page: 'https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html',
  },
  host: {
    does: 'stops the client host',
    notice: 'Sessions and tunnels end, and the host has another public address.',
    lasts: 'one to two minutes; AWS names no time',
    page: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-resize.html',
  },
  subscription: {
    does: 'replaces the subscription',
    notice: 'Alarms reach the new address once it has confirmed.',
    lasts: 'until somebody follows the link in the mail',
    page: 'https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html',
  },
} as const satisfies Readonly<Record<string, Interrupted>>;

export type Interruption = keyof typeof INTERRUPTIONS;
