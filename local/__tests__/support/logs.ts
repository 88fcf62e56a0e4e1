import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longest wait for a log line: services log a moment after the event. */
const LONGEST_WAIT_MS = 5_000;

/** The logs of the local AWS. */
export class Logs {
  private readonly marks = new Map<string, number>();

  constructor(private readonly folder: string) {}

  /** Marks the current end of the logs. */
  mark(): void {
    for (const name of existsSync(this.folder) ? readdirSync(this.folder) : []) {
      this.marks.set(name, readFileSync(join(this.folder, name), 'utf8').length);
    }
  }

  /**
   * Returns the part of a log after the mark, as soon as it matches the pattern, or after 5 seconds.
   *
   * @param name name of the log's file, without `.log`
   */
  async since(name: string, pattern: RegExp): Promise<string> {
    const deadline = Date.now() + LONGEST_WAIT_MS;
    while (!pattern.test(this.read(name)) && Date.now() < deadline) await sleep(100);
    return this.read(name);
  }

  /** Returns the line in which a function logged an error for a request, if any. */
  async errorOf(name: string, requestId: string): Promise<string | undefined> {
    const lines = (await this.since(name, new RegExp(requestId))).split('\n');
    return lines.find((line) => line.includes('"level":"error"') && line.includes(requestId));
  }

  private read(name: string): string {
    const file = join(this.folder, `${name}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8').slice(this.marks.get(`${name}.log`) ?? 0) : '';
  }
}
