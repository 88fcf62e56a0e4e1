import type { Aws } from '../aws';

/** What brings about the case of each row of the table. @returns the call that is refused */
export type Scenarios = Readonly<Record<string, (aws: Aws) => Promise<unknown>>>;
