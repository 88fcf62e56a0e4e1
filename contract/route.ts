import type { OpenAPIV3 } from 'openapi-types';
import type { Schema } from './schemas';

/** Declares one route of the API. Its function, role, database users, grants, settings, alarms and documentation derive from it. */
export interface RouteDeclaration {
  readonly path: `/${string}`;
  /** Folder of its handler in `functions/`. */
  readonly function: string;
  readonly operation: OperationDeclaration;
  /** How its function logs in to the database. Only `/auth-matrix` omits this: its function tries every deployed way. */
  readonly login?: LoginDeclaration;
  /** The database users of this route, by their keys in `database.users`. */
  readonly users: Readonly<Record<string, UserDeclaration>>;
}

/** How callers use the route. */
export interface OperationDeclaration {
  readonly summary: string;
  readonly description: string;
  /** Schema of the JSON answer. */
  readonly schema: Schema;
  /**
   * Query parameters: for a paged route those of `PAGING`, then its own. None is required, because the verification calls each route
   * without its own parameters. @default - none
   */
  readonly parameters?: readonly OpenAPIV3.ParameterObject[];
  /** Whether callers that prefer HTML get a page. @default false */
  readonly page?: boolean;
}

interface LoginFields {
  /** Key in `database.users` of the user that the function logs in as. */
  readonly as: string;
  /** Last part of the function's description, for example `by IAM straight to RDS`. */
  readonly description: string;
}

/** A login straight to the instance. */
interface InstanceLogin extends LoginFields {
  readonly at: 'instance';
  /** How the function logs in. The user in `as` must have the same kind of login. */
  readonly by: 'password' | 'iam';
  /** Whether the function runs in the VPC. From outside it reaches only the public address of the instance. */
  readonly inVpc: boolean;
}

/** A login through the password proxy, which logs in to the instance with the password of the user in `as`. */
interface PasswordProxyLogin extends LoginFields {
  readonly at: 'password-proxy';
  readonly by: 'password';
  readonly inVpc: true;
}

/** A login through the IAM proxy. By default, the proxy logs in to the instance with the password of the user in `as`. */
interface IamProxyLogin extends LoginFields {
  readonly at: 'iam-proxy';
  readonly by: 'iam';
  readonly inVpc: true;
  /** A user without a password. It replaces `as` if the proxy logs in to the instance by IAM. */
  readonly asWithEndToEndIam: string;
}

/** How a function logs in to the database. Combinations that would always fail at AWS do not compile. */
export type LoginDeclaration = InstanceLogin | PasswordProxyLogin | IamProxyLogin;

/** A user in the database. */
export interface UserDeclaration {
  /** Default of the user's name in MySQL. */
  readonly name: string;
  /** Default of the user's maximum number of connections. */
  readonly maxConnections: number;
  /** Completes "User of …" in the reference of the settings. */
  readonly purpose: string;
  /** How the user logs in to the instance. */
  readonly login: 'password' | 'iam';
  /** Where the user may log in from. SECURITY: for a password user always the VPC, so a stolen password works only there. */
  readonly from: 'vpc' | 'anywhere';
  readonly grants: readonly GrantDeclaration[];
}

/** Privileges that a route's user can have. None of them can change a table's definition: only migrations change it. */
export const PRIVILEGES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;

export interface GrantDeclaration {
  readonly privileges: readonly (typeof PRIVILEGES)[number][];
  /** Columns to which the privileges are limited. @default - every column */
  readonly columns?: readonly string[];
  readonly table: string;
  /** @default - the database of the settings */
  readonly database?: string;
}
