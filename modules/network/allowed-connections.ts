/** A part of the deployment that has its own security group. It is not an IAM role. */
export type NetworkRole =
  'functions' | 'password-proxy' | 'iam-proxy' | 'database' | 'endpoint' | 'bootstrap' | 'rotation' | 'client';

/** One allowed connection: from a role or the internet, to a role or the internet, on one TCP port. */
export interface AllowedConnection {
  readonly from: NetworkRole | { readonly cidr: string };
  readonly to: NetworkRole | { readonly cidr: string };
  readonly port: number;
  /** Why the connection is allowed. */
  readonly reason: string;
}

/** MySQL's port; RDS Proxy listens on no other. */
export const MYSQL_PORT = 3306;

const HTTPS = 443;

/** The connections that parts of the deployment may open. Only public access adds others. */
const ALLOWED: readonly AllowedConnection[] = [
  {
    from: 'functions',
    to: 'password-proxy',
    port: MYSQL_PORT,
    reason: 'func1 logs in by password, auth-matrix by password and by IAM',
  },
  {
    from: 'functions',
    to: 'iam-proxy',
    port: MYSQL_PORT,
    reason: 'func2 logs in by IAM, auth-matrix by password and by IAM',
  },
  {
    from: 'functions',
    to: 'database',
    port: MYSQL_PORT,
    reason: 'items logs in by IAM, auth-matrix by password and by IAM',
  },
  { from: 'functions', to: 'endpoint', port: HTTPS, reason: 'func1 and auth-matrix read their secrets' },
  { from: 'password-proxy', to: 'database', port: MYSQL_PORT, reason: 'the proxy pools connections' },
  { from: 'iam-proxy', to: 'database', port: MYSQL_PORT, reason: 'the proxy pools connections' },
  { from: 'bootstrap', to: 'database', port: MYSQL_PORT, reason: 'bootstrap creates users and tables' },
  { from: 'bootstrap', to: 'endpoint', port: HTTPS, reason: 'bootstrap reads the secrets' },
  { from: 'rotation', to: 'database', port: MYSQL_PORT, reason: 'rotation changes passwords and tries them' },
  { from: 'rotation', to: 'endpoint', port: HTTPS, reason: 'rotation reads and writes the secrets' },
  { from: 'client', to: 'database', port: MYSQL_PORT, reason: 'people log in by IAM' },
  { from: 'client', to: { cidr: '0.0.0.0/0' }, port: HTTPS, reason: 'Session Manager and packages' },
];

/**
 * Returns the allowed connections between the deployed roles.
 *
 * SECURITY: `publicCidrs` opens the database port to the internet. The database users' own limits then protect the database.
 * Only these can log in from outside the VPC: the master user, and users that log in by IAM and are not limited to the VPC.
 * These users need TLS, with one exception. If the password proxy does not require TLS, the master user can log in without TLS until the
 * first bootstrap. In this case, `require_secure_transport` is off.
 */
export function connectionsBetween(roles: readonly NetworkRole[], publicCidrs: readonly string[]): AllowedConnection[] {
  const isDeployed = (end: AllowedConnection['from']): boolean => typeof end !== 'string' || roles.includes(end);
  return [
    ...ALLOWED.filter(({ from, to }) => isDeployed(from) && isDeployed(to)),
    ...publicCidrs.map(
      (cidr) => ({ from: { cidr }, to: 'database', port: MYSQL_PORT, reason: 'public access' }) as const,
    ),
  ];
}
