import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

let reaper: ChildProcess | undefined;

/**
 * Makes sure that a child does not outlive this process, however it dies. Start the child with `detached`: Ctrl-C goes
 * to every process of the terminal's group, and who ends when, and how, is this process's to say.
 */
export function watchOver(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  tellReaper(`+${pid}`);
  child.once('exit', () => tellReaper(`-${pid}`));
}

function tellReaper(line: string): void {
  reaper ??= startReaper();
  reaper.stdin?.write(`${line}\n`);
}

function startReaper(): ChildProcess {
  const started = spawn(process.execPath, [join(__dirname, 'reaper.mjs')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // It waits for this process, not the other way round.
  started.unref();
  (started.stdin as unknown as { unref(): void }).unref();
  return started;
}
