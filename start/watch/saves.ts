import { existsSync, readdirSync, watch, type FSWatcher } from 'node:fs';
import { join, relative } from 'node:path';

/** Saves are reported after this time without a further save. Editors write a file in steps, and people save several files at once. */
const QUIET_MS = 300;

/** Names that are ignored: hidden files and folders, and editors' swap files, backups and Vim's test file. */
const IGNORED = /^\.|~$|\.(swp|swx|tmp)$|^4913$/;

export interface SavesOptions {
  readonly root: string;
  /** Files and folders directly in the root. A folder includes its subfolders. */
  readonly names: readonly string[];
  /** @default 300 */
  readonly quietMs?: number;
}

/**
 * Notices saved and deleted files. It watches folders instead of files: an editor may replace a file by renaming a new one, and a
 * watcher of the old file does not notice changes of the new one. The package chokidar is no alternative: version 4.0.3 misses files
 * in a folder that `git checkout` has replaced.
 */
export class Saves {
  private watchers: readonly FSWatcher[] = [];
  private readonly saved = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  /** Whether files were saved, and no further save followed for `quietMs`. */
  private isComplete = false;
  private wake: () => void = () => undefined;

  /** @throws Error with the remedy if the system refuses a watch, for example because its limit is reached. */
  constructor(private readonly options: SavesOptions) {
    this.watchAll();
  }

  /**
   * Waits until files are saved and no further save follows for `quietMs`.
   *
   * @returns the paths of the files, relative to the root; `undefined` if the signal ends the wait
   */
  async next(signal: AbortSignal): Promise<readonly string[] | undefined> {
    while (!this.isComplete && !signal.aborted) {
      // `waiting` removes the listener after each wait. Otherwise the signal would keep the listeners of all waits.
      const waiting = new AbortController();
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true, signal: waiting.signal });
      }).finally(() => waiting.abort());
    }
    if (signal.aborted) return undefined;
    const files = [...this.saved].sort();
    this.saved.clear();
    this.isComplete = false;
    // Editors delete or rename temporary files, so files that no longer exist are omitted. If no file exists, all were deleted
    // on purpose, and all are returned.
    const present = files.filter((file) => existsSync(join(this.options.root, file)));
    return present.length > 0 ? present : files;
  }

  stop(): void {
    clearTimeout(this.timer);
    for (const watcher of this.watchers) watcher.close();
  }

  /** Replaces all watchers, because folders may be new or replaced. Closes the old ones last, so that no save is missed. */
  private watchAll(): void {
    const { root, names } = this.options;
    const before = this.watchers;
    const folders = [root, ...names.flatMap((name) => foldersIn(join(root, name)))];
    this.watchers = folders.flatMap((folder) => watchFolder(folder, (name) => this.notice(folder, name)) ?? []);
    for (const watcher of before) watcher.close();
  }

  private notice(folder: string, name: string): void {
    const { root, names, quietMs = QUIET_MS } = this.options;
    if (IGNORED.test(name) || (folder === root && !names.includes(name))) return;
    this.saved.add(relative(root, join(folder, name)));
    this.isComplete = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.watchAll();
      this.isComplete = true;
      this.wake();
    }, quietMs);
  }
}

/** Lists a folder and its subfolders; empty for a file or a missing folder. */
function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && !IGNORED.test(entry.name));
    return [path, ...folders.flatMap(({ name }) => foldersIn(join(path, name)))];
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return [];
    throw error;
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Watches a folder; `undefined` if it was deleted after it was listed. */
function watchFolder(path: string, notice: (name: string) => void): FSWatcher | undefined {
  try {
    // Deleting a folder ends its watcher. The watcher of its parent reports the deletion.
    return watch(path, (_event, name) => notice(name ?? '')).on('error', () => undefined);
  } catch (error) {
    if (isMissing(error)) return undefined;
    const { code, message } = error as NodeJS.ErrnoException;
    const isLimit = code === 'ENOSPC' || code === 'EMFILE';
    const remedy = isLimit
      ? 'Raise the limit: sudo sysctl fs.inotify.max_user_watches=65536 fs.inotify.max_user_instances=512'
      : 'Start without --watch, or make the folder readable';
    throw new Error(`--watch cannot watch ${path}: ${message}. ${remedy}`, { cause: error });
  }
}
