/**
 * Process that calls the API during a benchmark. The class `Callers` starts it, sends it jobs, and receives from it each result or
 * the text of an error.
 */
import { HttpClient, type HttpClientOptions } from './http-client';

/** Calls of one path by one or more concurrent callers, each with its own connection. */
export interface Job extends HttpClientOptions {
  readonly path: string;
  readonly callers: number;
  /** Number of calls of each caller. @default - no limit */
  readonly calls?: number;
  /** Time in milliseconds after which no caller starts another call. @default - no limit */
  readonly ms?: number;
}

/** Result of a job. */
export interface LoadResult {
  /** Duration of each call in milliseconds. */
  readonly times: readonly number[];
  /** Time from the first call to the last answer. */
  readonly seconds: number;
}

async function run({ path, callers, calls = Infinity, ms = Infinity, ...options }: Job): Promise<LoadResult> {
  const clients = Array.from({ length: callers }, () => new HttpClient(options));
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const times: number[] = [];
    const started = performance.now();
    const callRepeatedly = async (client: HttpClient): Promise<void> => {
      for (let n = 0; n < calls && performance.now() - started < ms; n += 1) times.push(await client.call(path));
    };
    await Promise.all(clients.map(callRepeatedly));
    return { times, seconds: (performance.now() - started) / 1000 };
  } finally {
    for (const client of clients) client.close();
  }
}

process.on('message', (job: Job) => {
  run(job).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.(String(error)),
  );
});
process.on('disconnect', () => process.exit());
