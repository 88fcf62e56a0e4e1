import type { Applied } from '../../local';
import type { DbInstance } from '../../local/decisions';

interface Grant {
  readonly privileges: readonly string[];
  readonly columns?: readonly string[];
  readonly on: readonly [database: string, table: string];
}

/** A user, as the bootstrap's input declares it. */
interface Declaration {
  readonly name: string;
  readonly login: 'password' | 'iam';
  /** Host part of the MySQL account. */
  readonly host: string;
  readonly grants: readonly Grant[];
  readonly secretArn?: string;
}

export interface DeployedUser extends Omit<Declaration, 'grants'> {
  /** The grants of the user, as text. */
  readonly grants: string;
  /** Whether the user was created. RDS creates the master user, the bootstrap creates all others. */
  readonly isCreated: boolean;
  /** The applied resource that declares the user. */
  readonly source: object;
}

/** An invocation of a function by Terraform. Input and result are JSON. Only the bootstrap's input and result list users. */
interface Invocation {
  readonly input: string;
  readonly result: string | null;
}

/** Lists the users that the bootstrap's input declares, and the master user of each instance. */
export function deployedUsers(applied: Applied): DeployedUser[] {
  return [
    ...applied.all<Invocation>('aws_lambda_invocation').flatMap(declaredIn),
    ...applied.all<DbInstance>('aws_db_instance').map(masterOf),
  ];
}

function declaredIn(invocation: Invocation): DeployedUser[] {
  const { users = [] } = parse<{ users: Declaration[] }>(invocation.input);
  const { users: created = [] } = parse<{ users: string[] }>(invocation.result);
  return users.map(({ grants, ...user }) => ({
    ...user,
    grants: grants.map(describe).join(', ') || 'none, so the user may only log in',
    isCreated: created.includes(`'${user.name}'@'${user.host}'`),
    source: invocation,
  }));
}

function masterOf(instance: DbInstance): DeployedUser {
  const secretArn = instance.master_user_secret?.[0]?.secret_arn;
  return {
    name: instance.username,
    login: 'password',
    host: '%',
    ...(secretArn !== undefined && { secretArn }),
    grants: 'those that RDS gives the master user',
    isCreated: true,
    source: instance,
  };
}

function describe({ privileges, columns, on: [database, table] }: Grant): string {
  const columnList = columns ? ` (${columns.join(', ')})` : '';
  return `${privileges.join(', ')}${columnList} on ${database}.${table}`;
}

function parse<T>(json: string | null): Partial<T> {
  try {
    return (JSON.parse(json ?? '{}') ?? {}) as Partial<T>;
  } catch {
    return {};
  }
}

/**
 * Returns whether an account's host part matches an address.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/account-names.html
 *
 * @param host `%`, an address, or an address and a netmask
 */
export function admits(host: string, address: string): boolean {
  if (host === '%') return true;
  const [network = '', mask = '255.255.255.255'] = host.split('/');
  const maskBits = toNumber(mask);
  return (toNumber(address) & maskBits) === (toNumber(network) & maskBits);
}

const toNumber = (address: string): number => address.split('.').reduce((bits, byte) => (bits << 8) | Number(byte), 0);
