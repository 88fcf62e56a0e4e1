import { ROUTE_NAMES, routeOf } from '../../../contract/routes';
import { eachOf, group, integer } from '../fields';

const sizing = group({
  memoryMib: integer(128, 10_240, 'Lambda supports no other size. CPU grows with memory.')
    .default(512)
    .describe('Memory in MiB. New accounts allow at most 3008.'),
  reservedConcurrency: integer(
    1,
    10_000,
    'With 0, Lambda would refuse every call of the function. To reserve no executions, omit the setting.',
  )
    .optional()
    .describe('Reserved concurrent executions. If omitted, the function shares the unreserved ones of the account.'),
});

export const functions = group({
  timeoutSeconds: integer(
    9,
    29,
    'A function waits up to 3 s for the database and 5 s for a statement. API Gateway times out after 29 s.',
  )
    .default(10)
    .describe('Timeout of each route’s function, in seconds. The function of `/auth-matrix` always has 15.'),
  accountConcurrency: integer(
    10,
    1_000_000,
    'No account has a lower quota. Look up the account’s quota under Service Quotas, Lambda, Concurrent executions.',
  )
    .default(10)
    .describe('Concurrent executions that Lambda allows in this account and region. New accounts have 10.'),
  ...eachOf(ROUTE_NAMES, (name) => sizing.describe(`\`GET ${routeOf(name).path}\`.`)),
});
