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

  /** Returns the log since the mark, once it contains a pattern or after a timeout. */
  async since(name: string, pattern: RegExp): Promise<string> {
    const deadline = Date.now() + LONGEST_WAIT_MS;
    while (!pattern.test(this.read(name)) && Date.now() < deadline) await sleep(100);
    return this.read(name);
  }

  /** Returns the line with the error that a function logged for a request, if any. */
  async errorOf(name: string, requestId: string): Promise<string | undefined> {
    const lines = (await this.since(name, new RegExp(requestId))).split('\n');
    return lines.find((line) => line.includes('"level":"error"') && line.includes(requestId));
  }

  private read(name: string): string {
    const file = join(this.folder, `${name}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8').slice(this.marks.get(`${name}.log`) ?? 0) : '';
  }
}
