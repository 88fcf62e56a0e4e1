import { connectAws, type Aws } from './aws';
import { Caller, type Reach } from './caller';
import type { Check, CheckContext, Row } from './check';
import { alarms } from './checks/alarms';
import { databaseUsers } from './checks/database-users';
import { errorCaching } from './checks/error-caching';
import { headers } from './checks/headers';
import { matrix } from './checks/matrix';
import { paging } from './checks/paging';
import { proxies } from './checks/proxies';
import { refusals } from './checks/refusals';
import { routes } from './checks/routes';
import { secrets } from './checks/secrets';
import { times } from './checks/times';
import { tls } from './checks/tls';
import { parseOutputs, type RawOutputs } from './outputs';

/** `routes` runs first, because some others read its responses. */
const API_CHECKS: readonly Check[] = [
  routes,
  databaseUsers,
  refusals,
  paging,
  matrix,
  errorCaching,
  tls,
  headers,
  times,
];

/** The last three need no deployed API: they read the outputs and AWS only. */
const CHECKS: readonly Check[] = [...API_CHECKS, alarms, proxies, secrets];

/** A deployment, on AWS or on this machine. */
export interface Deployment {
  readonly outputs: RawOutputs;
  readonly reach: Reach;
  /** URL of the local AWS. @default - AWS */
  readonly controlPlane?: string | undefined;
}

export interface VerifyOptions {
  /** Makes the requests to AWS. @default - requests to AWS itself, or to the local AWS */
  readonly aws?: Aws;
  /** Titles of the checks to run. @default - all */
  readonly titles?: readonly string[];
}

/** A row with its group. */
export interface GroupedRow extends Row {
  readonly group: string;
}

/**
 * Checks a deployment, and yields the rows of the report. The checks change nothing in the deployment, except that each route for
 * timestamps stores one timestamp. A faulty route may store a few, for example if it also stores on HEAD.
 *
 * @throws Error with the remedy if another version of this project made the outputs.
 */
export async function* verify(deployment: Deployment, { aws, titles }: VerifyOptions = {}): AsyncGenerator<GroupedRow> {
  const { outputs: rawOutputs, reach, controlPlane } = deployment;
  const outputs = parseOutputs(rawOutputs);
  const caller = new Caller(reach);
  const context: CheckContext = {
    outputs,
    rawOutputs,
    caller,
    aws: aws ?? connectAws(outputs.deployed.region, controlPlane),
    responses: new Map(),
  };
  try {
    for (const check of CHECKS) {
      const { title: group, rows } = check;
      const isWanted = titles?.includes(group) ?? true;
      const isPossible = outputs.api_url !== undefined || !API_CHECKS.includes(check);
      if (!isWanted || !isPossible) continue;
      for await (const row of rows(context)) yield { group, ...row };
    }
  } finally {
    caller.stop();
  }
}
