import { existsSync, readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import { join, relative } from 'node:path';

/** Editors write a file in steps, and people save several files at once: a change begins when nothing was saved for so long. */
const QUIET_MS = 300;

/** What editors keep beside a file: swap files, backups, and the file by which Vim tests a folder. */
const BESIDE = /^\.|~$|\.(swp|swx|tmp)$|^4913$/;

export interface SavesOptions {
  readonly root: string;
  /** Files and folders below the root; of a folder, everything in it. */
  readonly names: readonly string[];
  /** @default 300 */
  readonly quietMs?: number;
}

/**
 * Notices saved files. It watches folders, not files: an editor may write a new file and rename it, and Node.js loses sight of a
 * file that is replaced.
 */
export class Saves {
  private watchers: readonly FSWatcher[] = [];
  private readonly saved = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private isQuiet = false;
  private tell: () => void = () => undefined;

  /** @throws Error with the remedy where the system watches no more folders. */
  constructor(private readonly options: SavesOptions) {
    this.watchAll();
  }

  /**
   * Waits until files were saved, and none for a moment.
   *
   * @returns their paths below the root; `undefined` where the signal ends the wait
   */
  async next(signal: AbortSignal): Promise<readonly string[] | undefined> {
    while (!this.isQuiet && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.tell = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    if (signal.aborted) return undefined;
    const files = [...this.saved].sort();
    this.saved.clear();
    this.isQuiet = false;
    // What an editor has written and renamed is there no more, and has no name that a person knows.
    const present = files.filter((file) => existsSync(join(this.options.root, file)));
    return present.length > 0 ? present : files;
  }

  stop(): void {
    clearTimeout(this.timer);
    for (const watcher of this.watchers) watcher.close();
  }

  /** Replaces all watchers: a folder may be new, or have been replaced. The old watchers end last, so that no save is missed. */
  private watchAll(): void {
    const { root, names } = this.options;
    const before = this.watchers;
    const folders = [root, ...names.flatMap((name) => foldersIn(join(root, name)))];
    this.watchers = folders.map((folder) => open(folder, (name) => this.notice(folder, name)));
    for (const watcher of before) watcher.close();
  }

  private notice(folder: string, name: string): void {
    const { root, names, quietMs = QUIET_MS } = this.options;
    if (BESIDE.test(name) || (folder === root && !names.includes(name))) return;
    this.saved.add(relative(root, join(folder, name)));
    this.isQuiet = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.watchAll();
      this.isQuiet = true;
      this.tell();
    }, quietMs);
  }
}

/** A folder and those in it. Nothing where it is a file, or not there. */
function foldersIn(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return [path, ...readdirSync(path).flatMap((name) => (BESIDE.test(name) ? [] : foldersIn(join(path, name))))];
}

function open(path: string, notice: (name: string) => void): FSWatcher {
  try {
    // A folder that is deleted ends its watcher; the folder above it notices.
    return watch(path, (_event, name) => notice(name ?? '')).on('error', () => undefined);
  } catch (error) {
    throw new Error(
      `--watch cannot watch ${path}: ${(error as Error).message}. Raise the limit: sudo sysctl fs.inotify.max_user_watches=65536 fs.inotify.max_user_instances=512`,
      { cause: error },
    );
  }
}
