import type { GrantDeclaration, RouteDeclaration } from '../route';
import { PAGING, timestamps } from './responses';

/** Grants of the users that store the time of a call and read the stored times. */
export const TIMESTAMPS_GRANTS: readonly GrantDeclaration[] = [
  { privileges: ['SELECT', 'INSERT'], table: 'timestamps' },
];

export const func1 = {
  path: '/func1',
  function: 'func1',
  operation: {
    summary: 'Stores the time of the call and returns the newest times',
    description: 'Logs in by password through the password proxy. With a cursor it stores nothing.',
    schema: timestamps('password-proxy'),
    parameters: PAGING,
  },
  login: {
    by: 'password',
    at: 'password-proxy',
    inVpc: true,
    as: 'timestamps',
    description: 'by password through RDS Proxy',
  },
  users: {
    timestamps: {
      name: 'timestamps',
      maxConnections: 100,
      purpose:
        "`/func1`; logs in by password through the password proxy. `/func2` also logs in as this user, by IAM through the IAM proxy, unless `proxies.iam.upstream` is `'iam'`",
      login: 'password',
      from: 'vpc',
      grants: TIMESTAMPS_GRANTS,
    },
  },
} as const satisfies RouteDeclaration;
