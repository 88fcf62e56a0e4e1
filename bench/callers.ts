import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Job, LoadResult } from './load';

/** Callers in a separate process, so that they neither block the process of the deployment nor count as its CPU time. */
export class Callers {
  private readonly child = fork(join(__dirname, 'load.ts'));
  private readonly ended = once(this.child, 'exit');

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Runs a job. Await it before the next. @throws Error if a call fails, an answer is not 200 or the process ends. */
  async run(job: Job): Promise<LoadResult> {
    this.child.send(job);
    const [response] = (await Promise.race([once(this.child, 'message'), this.ended])) as [
      LoadResult | string | number | null,
    ];
    if (typeof response === 'string') throw new Error(response);
    if (response === null || typeof response === 'number')
      throw new Error(`bench/load.ts ended with status ${response}`);
    return response;
  }

  stop(): void {
    this.child.disconnect();
  }
}
