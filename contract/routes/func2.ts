import type { RouteDeclaration } from '../route';
import { PAGING, timestamps } from './responses';
import { TIMESTAMPS_GRANTS } from './func1';

export const func2 = {
  path: '/func2',
  function: 'func2',
  operation: {
    summary: 'Stores the time of the call and returns the newest times',
    description: 'Logs in by IAM through the IAM proxy. With a cursor it stores nothing.',
    schema: timestamps('iam-proxy'),
    parameters: PAGING,
  },
  login: {
    by: 'iam',
    at: 'iam-proxy',
    inVpc: true,
    // Without end-to-end IAM, the IAM proxy logs in to the instance with the password of func1's user.
    as: 'timestamps',
    asWithEndToEndIam: 'timestampsIam',
    description: 'by IAM through RDS Proxy',
  },
  users: {
    // A separate user, because a user of MySQL has either a password or the IAM plugin. The user of func1 must have a password: the
    // password proxy logs in to the instance with it.
    timestampsIam: {
      name: 'timestamps_iam',
      maxConnections: 100,
      purpose: "`/func2` if `proxies.iam.upstream` is `'iam'`; logs in by IAM through the IAM proxy",
      login: 'iam',
      from: 'vpc',
      grants: TIMESTAMPS_GRANTS,
    },
  },
} as const satisfies RouteDeclaration;
