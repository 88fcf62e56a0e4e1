import { setTimeout as sleep } from 'node:timers/promises';
import { resourceName } from '../../../modules/settings/names';
import type { RunningDeployment } from './running-deployment';
import { allFeatures } from '../../support/stack';
import { AcknowledgedRows, type RowsTally } from './acknowledged-rows';

export const ROUTES = ['/func1', '/func2', '/items'];

const CALLERS = 4;
/** Pause of each caller between two calls, so that all callers together stay below the limits of the usage plan and the web ACL. */
const PAUSE_MS = 250;
/** Timeout of each wait. */
const TIMEOUT_MS = 90_000;
/** Number of consecutive answers with 200 after which all routes count as recovered. */
const RECOVERED_ANSWERS = 4 * ROUTES.length;

/** The status if the connection failed or the answer does not conform to the API's document. */
const NO_STATUS = 0;

/** The outcome of one request, also of one that got no answer. */
export interface LoadAnswer {
  readonly path: string;
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The body of an answer other than 200, or the error of a request without a status. */
  readonly error: string | undefined;
  /** The error that the function logged. @default - none */
  readonly log?: string | undefined;
}

/** Results of a load. */
export interface Tally extends RowsTally {
  readonly requests: number;
  /** All answers other than 200. */
  readonly failures: readonly LoadAnswer[];
}

/** Several clients that call the API concurrently until they are stopped. */
export class Load {
  readonly answers: LoadAnswer[] = [];
  private isPaused = false;
  private isOver = false;
  private inFlight = 0;
  /** Number of completed calls of each caller. */
  private readonly callCounts = new Array<number>(CALLERS).fill(0);
  private readonly callers: Promise<void>[];

  private constructor(
    private readonly running: RunningDeployment,
    private readonly rows: AcknowledgedRows,
    private readonly routes: readonly string[],
  ) {
    this.callers = Array.from({ length: CALLERS }, (_, caller) => this.callInTurn(caller));
  }

  /** @param routes paths to call in turn. @default - `/func1`, `/func2` and `/items` */
  static async start(running: RunningDeployment, routes: readonly string[] = ROUTES): Promise<Load> {
    return new Load(running, await AcknowledgedRows.before(running.deployment.aws.database), routes);
  }

  /** Waits for a number of answers, and until each caller has completed a request that it started after the wait began. */
  waitForAnswers(count: number): Promise<void> {
    const wanted = this.answers.length + count;
    const before = [...this.callCounts];
    // Two more requests of each caller: the first may have been in flight when the wait began.
    const hasCalled = (calls: number, caller: number): boolean => calls >= (before[caller] ?? 0) + 2;
    return this.until(`${count} more answers`, () => this.answers.length >= wanted && this.callCounts.every(hasCalled));
  }

  /** Waits until this many requests have failed since the load started. */
  waitForFailures(count: number): Promise<void> {
    const isFailure = ({ status }: LoadAnswer): boolean => status !== 200;
    return this.until(`${count} failures`, () => this.answers.filter(isFailure).length >= count);
  }

  /** Waits until the latest answers are all 200. With the default routes, these are about four answers per route. */
  waitForRecovery(): Promise<void> {
    return this.until('recovery', () => {
      const latest = this.answers.slice(-RECOVERED_ANSWERS);
      return latest.length === RECOVERED_ANSWERS && latest.every(({ status }) => status === 200);
    });
  }

  /** Runs work while no request is in flight, so that every container is frozen. An error of the work ends the load. */
  async whilePaused(work: () => Promise<void> | void): Promise<void> {
    this.isPaused = true;
    await this.until('the end of all calls', () => this.inFlight === 0);
    try {
      await work();
    } catch (error) {
      // Callers that wait for the end of the pause would keep the test run alive.
      this.isOver = true;
      throw error;
    }
    this.isPaused = false;
  }

  /** Stops the callers and prints a row of the table in docs/faults.md. @param title the row's first cell: what was done during the load */
  async end(title: string): Promise<Tally> {
    this.isOver = true;
    await Promise.all(this.callers);
    const failures = await this.failures();
    const rows = await this.rows.compare();
    const failed = failures.length === 0 ? '0' : `${failures.length} (${statusesOf(failures)})`;
    const line = [title, this.answers.length, failed, rows.lost, rows.doubled];
    process.stderr.write(`| ${line.join(' | ')} |\n`);
    return { requests: this.answers.length, failures, ...rows };
  }

  /** Calls the routes in turn until the load is over. @param caller index of the caller, which determines the route of its first call */
  private async callInTurn(caller: number): Promise<void> {
    for (let turn = caller; !this.isOver; turn += 1) {
      if (!this.isPaused) {
        await this.callOnce(this.routes[turn % this.routes.length] ?? '/');
        this.callCounts[caller] = (this.callCounts[caller] ?? 0) + 1;
      }
      await sleep(PAUSE_MS);
    }
  }

  private async callOnce(path: string): Promise<void> {
    this.inFlight += 1;
    try {
      const { status, headers, text } = await this.running.get(`${path}?limit=1`);
      const error = status === 200 ? undefined : text;
      this.answers.push({ path, status, retryAfter: headers['retry-after'], error });
      const { recorded } = (status === 200 ? JSON.parse(text) : {}) as { readonly recorded?: string };
      if (recorded !== undefined) this.rows.acknowledge(recorded);
    } catch (error) {
      this.answers.push({ path, status: NO_STATUS, retryAfter: undefined, error: String(error) });
    } finally {
      this.inFlight -= 1;
    }
  }

  /** Returns all answers other than 200, with the errors that the functions logged. */
  private failures(): Promise<LoadAnswer[]> {
    const failed = this.answers.filter(({ status }) => status !== 200);
    return Promise.all(
      failed.map(async (answer) => {
        const log = await this.running.logs.errorOf(
          resourceName(allFeatures.name, answer.path.slice(1)),
          requestIdOf(answer),
        );
        return { ...answer, log };
      }),
    );
  }

  private async until(event: string, hasHappened: () => boolean): Promise<void> {
    const deadline = Date.now() + TIMEOUT_MS;
    while (!hasHappened()) {
      if (Date.now() > deadline) {
        this.isOver = true;
        const latest = JSON.stringify(this.answers.slice(-RECOVERED_ANSWERS));
        throw new Error(`Waited ${TIMEOUT_MS} ms for ${event}. The latest answers: ${latest}`);
      }
      await sleep(20);
    }
  }
}

/** Reads the request id in the body of an error from a function or API Gateway. Returns `none` if there is no id. */
const requestIdOf = ({ error = '' }: LoadAnswer): string => /"requestId":"([^"]+)"/.exec(error)?.[1] ?? 'none';

/** Counts answers by status: `503: 12, 502: 1`. */
function statusesOf(answers: readonly LoadAnswer[]): string {
  const statuses = [...new Set(answers.map(({ status }) => status))];
  const countOf = (counted: number): number => answers.filter(({ status }) => status === counted).length;
  return statuses.map((status) => `${status}: ${countOf(status)}`).join(', ');
}
