/** What the deployment asks for: the event of the function. */
export interface Definition {
  readonly database: string;
  readonly users: readonly User[];
}

/** A user as the deployment declares it. */
export interface User {
  readonly name: string;
  readonly login: 'password' | 'iam';
  /** Host part of the account. */
  readonly host: string;
  readonly maxUserConnections: number;
  readonly grants: readonly Grant[];
  /** Where the password of a password user lies. */
  readonly secretArn?: string;
}

/** Rights on a table, or with `*` on every table of a database. */
export interface Grant {
  readonly privileges: readonly string[];
  readonly columns?: readonly string[];
  readonly on: readonly [database: string, table: string];
}
