import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** Process ids of the children that run. */
const watched = new Set<number>();
let reaper: ChildProcess | undefined;

/**
 * Makes sure that a child does not outlive this process, however it dies. Start the child with `detached`: Ctrl-C goes
 * to every process of the terminal's group, and who ends when, and how, is this process's to say.
 */
export function watchOver(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  watched.add(pid);
  tellReaper(`+${pid}`);
  child.once('exit', () => {
    watched.delete(pid);
    tellReaper(`-${pid}`);
  });
}

function tellReaper(line: string): void {
  if (reaper) reaper.stdin?.write(`${line}\n`);
  else startReaper();
}

function startReaper(): void {
  const started = spawn(process.execPath, [join(__dirname, 'reaper.mjs')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  reaper = started;
  // It waits for this process, not the other way round.
  started.unref();
  (started.stdin as unknown as { unref(): void }).unref();
  // What a dead reaper was not told, its successor is. One that cannot be started is tried again with the next child.
  started.stdin.on('error', () => undefined);
  started
    .on('error', () => (reaper = undefined))
    .on('exit', () => (watched.size > 0 ? startReaper() : (reaper = undefined)));
  for (const pid of watched) started.stdin.write(`+${pid}\n`);
}
