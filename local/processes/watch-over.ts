import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/**
 * Lines for the reaper, a separate process. Each line names a running process group or container. If this process dies, the reaper
 * kills the processes of each line.
 */
const watched = new Set<string>();
let reaper: ChildProcess | undefined;

/**
 * Ensures that a child does not outlive this process, however this process ends. Start the child with `detached`:
 * Ctrl-C must not reach it, because this process decides when and how its children end.
 */
export function watchOver(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  child.once('exit', watch(`+${pid}`, `-${pid}`));
}

/**
 * Ensures, on Linux, that the processes of a container do not outlive the container or this process. This includes daemons, which
 * leave the container's process group.
 *
 * @param folder the container's folder
 * @returns a function that makes the reaper kill these processes
 */
export function watchOverContainer(folder: string): () => void {
  return watch(`>${folder}`, `<${folder}`);
}

function watch(begin: string, end: string): () => void {
  watched.add(begin);
  sendToReaper(begin);
  return () => {
    if (watched.delete(begin)) sendToReaper(end);
  };
}

function sendToReaper(line: string): void {
  if (reaper) reaper.stdin?.write(`${line}\n`);
  else startReaper();
}

function startReaper(): void {
  const started = spawn(process.execPath, [join(__dirname, 'reaper.mjs')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  reaper = started;
  // The reaper must not keep this process alive.
  started.unref();
  (started.stdin as unknown as { unref(): void }).unref();
  // Ignores failed writes: a new reaper gets all lines again. If a reaper cannot start, the next call of
  // `sendToReaper` starts another one.
  started.stdin.on('error', () => undefined);
  started
    .on('error', () => (reaper = undefined))
    .on('exit', () => {
      reaper = undefined;
      if (watched.size > 0) startReaper();
    });
  for (const line of watched) started.stdin.write(`${line}\n`);
}
