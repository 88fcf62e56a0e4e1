import { appendFileSync, mkdirSync } from 'node:fs';
import { mkdir, open, rename, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const MIB = 2 ** 20;

/** Text waits this long, so that one write holds several lines: a request logs five, and each write takes 0.05 ms. */
const BATCH_MS = 25;

/** Logs with unwritten text. */
const unwritten = new Set<LogFile>();

// Node.js also emits `exit` after an uncaught exception, but not if a signal without a handler kills the process.
process.on('exit', () => {
  for (const log of unwritten) log.flush();
});

/** Path of the file with the older lines of a log. */
export const previousLog = (path: string): string => path.replace(/\.log$/, '.old.log');

export interface LogLimits {
  /** A file that reaches this size is renamed to `<name>.old.log`. An earlier `<name>.old.log` is overwritten. @default 16 MiB */
  readonly fileBytes?: number;
  /** Limit of unwritten text, in characters. Text beyond it is lost, and the log says how much. @default 4 × 2^20 */
  readonly waitingCharacters?: number;
}

/**
 * Appends text to a file, in batches. A full disk or a deleted folder loses log lines, but never stops the process. Writes the
 * waiting lines when the process exits.
 */
export class LogFile {
  private waitingText = '';
  private lostCharacters = 0;
  private bytes = 0;
  private file: FileHandle | undefined;
  private writing: Promise<void> | undefined;
  private endWait: () => void = () => undefined;
  private hasFailed = false;
  private readonly limits: Required<LogLimits>;

  constructor(
    private readonly path: string,
    limits: LogLimits = {},
  ) {
    this.limits = { fileBytes: 16 * MIB, waitingCharacters: 4 * MIB, ...limits };
  }

  write(text: string): void {
    if (this.waitingText.length + text.length > this.limits.waitingCharacters) this.lostCharacters += text.length;
    else this.waitingText += text;
    unwritten.add(this);
    this.writing ??= this.drain().finally(() => (this.writing = undefined));
  }

  /** Writes all waiting text and closes the file. A later `write` opens it again. */
  async close(): Promise<void> {
    this.endWait();
    await this.writing;
    await this.file?.close();
    this.file = undefined;
  }

  /** Writes the waiting text synchronously, when the process exits. */
  flush(): void {
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      appendFileSync(this.path, this.take());
    } catch (error) {
      this.fail(error);
    }
  }

  private async drain(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, BATCH_MS);
      this.endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    while (this.waitingText !== '' || this.lostCharacters > 0) {
      try {
        await this.append();
      } catch (error) {
        // Text that cannot be written is dropped; otherwise this loop would never end.
        this.take();
        this.fail(error);
      }
    }
  }

  /** Returns and clears the waiting text, with a line about lost text. */
  private take(): string {
    const text =
      this.waitingText +
      (this.lostCharacters > 0 ? `${this.lostCharacters} characters were lost: the disk is too slow.\n` : '');
    this.waitingText = '';
    this.lostCharacters = 0;
    unwritten.delete(this);
    return text;
  }

  private async append(): Promise<void> {
    const file = (this.file ??= await this.open());
    // The text is taken only when the file is open. If the process exits before that, `flush` writes the text.
    const { bytesWritten } = await file.write(this.take());
    this.bytes += bytesWritten;
    if (this.bytes < this.limits.fileBytes) return;
    await file.close();
    this.file = undefined;
    await rename(this.path, previousLog(this.path));
  }

  private async open(): Promise<FileHandle> {
    await mkdir(dirname(this.path), { recursive: true });
    const file = await open(this.path, 'a');
    this.bytes = (await file.stat()).size;
    return file;
  }

  /** Reports the first error only. */
  private fail(error: unknown): void {
    if (!this.hasFailed) console.error(`The log ${this.path} cannot be written: ${String(error)}`);
    this.hasFailed = true;
  }
}

/** The logs in a folder, one file for each component. */
export class LogFiles {
  private readonly files = new Map<string, LogFile>();

  constructor(readonly folder: string) {}

  /** Returns the log `<name>.log`, which stores text as it is, without the time. */
  file(name: string): LogFile {
    const file = this.files.get(name) ?? new LogFile(join(this.folder, `${name}.log`));
    this.files.set(name, file);
    return file;
  }

  /** Returns a function that appends lines to `<name>.log`, each with the time in front. */
  writer(name: string): (line: string) => void {
    return (line) => this.file(name).write(`${new Date().toISOString()} ${line}\n`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.files.values()].map((file) => file.close()));
  }
}
