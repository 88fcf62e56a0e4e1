import type { AwsClient } from '../../support/aws-client';

/**
 * Scenarios by their name: `<action>, <when>` of their row in `local/moto/refusals/table.json`, such as `rds:CreateDBProxy, the name exists`.
 * Each ends with the request that AWS refuses.
 */
export type Scenarios = Readonly<Record<string, (aws: AwsClient) => Promise<unknown>>>;
