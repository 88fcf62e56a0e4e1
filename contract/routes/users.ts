import type { RouteDeclaration } from '../route';
import { object } from '../schemas';
import { text } from './responses';

export const users = {
  path: '/',
  function: 'users',
  operation: {
    summary: 'Returns the names of the database users',
    description: 'Logs in by IAM to the public address of the instance, from outside the VPC.',
    schema: object({ users: { type: 'array', items: text('Name of a database user', 'analyst') } }),
  },
  login: {
    by: 'iam',
    at: 'instance',
    inVpc: false,
    as: 'usersReader',
    description: 'by IAM to RDS from outside the VPC',
  },
  users: {
    usersReader: {
      name: 'users_reader',
      maxConnections: 20,
      purpose: '`/`; logs in by IAM',
      login: 'iam',
      from: 'anywhere',
      grants: [{ privileges: ['SELECT'], columns: ['User'], database: 'mysql', table: 'user' }],
    },
  },
} as const satisfies RouteDeclaration;
