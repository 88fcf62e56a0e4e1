import type { Aws } from '../aws';

/** A scenario for each row of the table of refusals, by the row's name. It ends with the request that must be refused. */
export type Scenarios = Readonly<Record<string, (aws: Aws) => Promise<unknown>>>;
