import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Logs are written a moment after what they tell of. */
const PATIENCE_TENTHS = 50;

/** The logs of the AWS of this machine. */
export class Logs {
  private readonly marks = new Map<string, number>();

  constructor(private readonly folder: string) {}

  /** From here on counts what is written. */
  mark(): void {
    for (const name of existsSync(this.folder) ? readdirSync(this.folder) : []) {
      this.marks.set(name, readFileSync(join(this.folder, name), 'utf8').length);
    }
  }

  /** What was written since the mark, as soon as it contains some words, or when it is clear that it will not. */
  async since(name: string, words: RegExp): Promise<string> {
    for (let tenths = 0; tenths < PATIENCE_TENTHS && !words.test(this.read(name)); tenths += 1) await sleep(100);
    return this.read(name);
  }

  /** The error that a function logged of a request, if it did. */
  async errorOf(name: string, requestId: string): Promise<string | undefined> {
    const lines = (await this.since(name, new RegExp(requestId))).split('\n');
    return lines.find((line) => line.includes('"level":"error"') && line.includes(requestId));
  }

  private read(name: string): string {
    const file = join(this.folder, `${name}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8').slice(this.marks.get(`${name}.log`) ?? 0) : '';
  }
}
