/**
 * Kills the processes that its parent started, if the parent ends without ending them. The parent writes lines: `+pid`
 * when a process group starts, `-pid` when it ends; `>folder` when the container in that folder starts, `<folder` when
 * it ends, so that its remaining processes are killed. The end of the input means that the parent has ended.
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

/** Kills functions' processes that left their process group. Their environment contains the container's folder. */
function endStrays(folders) {
  if (folders.size === 0 || process.platform !== 'linux') return;
  const marks = new Set([...folders].map((folder) => `LAMBDA_TASK_ROOT=${folder}/task`));
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
