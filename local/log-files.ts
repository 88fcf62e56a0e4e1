import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/** Files of lines, one for each part that has something to tell. */
export class LogFiles {
  private readonly streams = new Map<string, WriteStream>();

  constructor(readonly folder: string) {}

  /** Takes lines for `<name>.log`, each with the time in front. */
  writer(name: string): (line: string) => void {
    return (line) => this.streamOf(name).write(`${new Date().toISOString()} ${line}\n`);
  }

  async close(): Promise<void> {
    const open = [...this.streams.values()];
    this.streams.clear();
    await Promise.all(open.map((stream) => new Promise((resolve) => stream.end(resolve))));
  }

  private streamOf(name: string): WriteStream {
    const known = this.streams.get(name);
    if (known) return known;
    mkdirSync(this.folder, { recursive: true });
    const stream = createWriteStream(join(this.folder, `${name}.log`), { flags: 'a' });
    this.streams.set(name, stream);
    return stream;
  }
}
