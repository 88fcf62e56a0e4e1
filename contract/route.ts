import type { OpenAPIV3 } from 'openapi-types';
import type { ProxyName } from './logins';
import type { Schema } from './schemas';

/** What one route of the API needs. Its function, role, database users, grants, settings, alarms and documentation follow. */
export interface RouteDeclaration {
  readonly path: `/${string}`;
  /** Folder in `functions/` that has the handler. */
  readonly function: string;
  readonly operation: OperationDeclaration;
  /** How its function logs in to the database. @default - `modules/routes/routes.ts` sets it up by hand */
  readonly login?: LoginDeclaration;
  /** The users in the database that exist for this route, by their names in the settings. */
  readonly users: Readonly<Record<string, UserDeclaration>>;
}

/** How callers use the route. */
export interface OperationDeclaration {
  readonly summary: string;
  readonly description: string;
  /** Of the JSON in the answer. */
  readonly schema: Schema;
  readonly parameters?: readonly OpenAPIV3.ParameterObject[];
  /** Whether callers that prefer HTML get a page. @default false */
  readonly page?: boolean;
}

export interface LoginDeclaration {
  readonly by: 'password' | 'iam';
  readonly at: 'instance' | ProxyName;
  /** Whether the function runs in the VPC. One outside reaches only the instance, at its public address. */
  readonly inVpc: boolean;
  /** Name in the settings of the user that it logs in as. */
  readonly as: string;
  /** The same where the proxy logs in to the instance by IAM. @default - the same user */
  readonly asEndToEnd?: string;
  /** Completes the description of the function. */
  readonly how: string;
}

/** A user in the database. */
export interface UserDeclaration {
  /** Default of its name. */
  readonly name: string;
  /** Default of its connections at a time. */
  readonly maxConnections: number;
  /** Completes "User of …" in the reference of the settings. */
  readonly purpose: string;
  /** The proxy logs in with the password of a user that comes through one, unless it logs in by IAM. */
  readonly login: 'password' | 'iam';
  /** SECURITY: a password user never gets `anywhere`, so a stolen password does not work outside the VPC. */
  readonly from: 'vpc' | 'anywhere';
  readonly grants: readonly GrantDeclaration[];
}

export interface GrantDeclaration {
  readonly privileges: readonly ('SELECT' | 'INSERT')[];
  /** @default - every column */
  readonly columns?: readonly string[];
  readonly table: string;
  /** @default - the database of the settings */
  readonly database?: string;
}
