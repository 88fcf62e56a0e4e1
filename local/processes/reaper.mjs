/**
 * The reaper: a program that kills the other processes of its parent after the parent has ended. The end of the input means that the
 * parent has ended. The parent writes these lines:
 * - `+pid`: a process group has started. `-pid`: that group has ended.
 * - `>folder`: the container in that folder has started. `<folder`: it has ended; now kill its remaining processes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const groups = new Set();
const folders = new Set();
// A signal to all processes, for example by a service manager, must not end this process before the parent.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const pidOrFolder = line.slice(1);
  if (line.startsWith('+')) groups.add(pidOrFolder);
  else if (line.startsWith('-')) groups.delete(pidOrFolder);
  else if (line.startsWith('>')) folders.add(pidOrFolder);
  else if (folders.delete(pidOrFolder)) endStrays(new Set([pidOrFolder]));
}
// Kills whole groups: Terraform's group contains its provider.
for (const pid of groups) kill(-Number(pid));
endStrays(folders);

/** Kills the remaining processes of these containers, in any process group. A process's environment names its container's folder. */
function endStrays(containerFolders) {
  if (containerFolders.size === 0 || process.platform !== 'linux') return;
  const marks = new Set([...containerFolders].map((folder) => `LAMBDA_TASK_ROOT=${folder}/task`));
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (environmentOf(pid).some((variable) => marks.has(variable))) kill(Number(pid));
  }
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // The process has ended, or belongs to another user.
    return [];
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has already ended.
  }
}
