import type { AwsClient } from '../../support/aws-client';

/** Scenarios by the action and condition of their row in `refusals/table.json`. Each ends with the request that AWS refuses. */
export type Scenarios = Readonly<Record<string, (aws: AwsClient) => Promise<unknown>>>;
