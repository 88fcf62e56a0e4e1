/**
 * Ends the processes that its parent started, once the parent has died without ending them. The parent writes lines:
 * `+pid` when a process group starts, `-pid` when it ends; `>folder` when the container of a function starts there,
 * `<folder` when it ends. The end of the input means that the parent is gone.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const groups = new Set();
const folders = new Set();
// Ctrl-C goes to every process of the terminal; the parent knows what to do.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const what = line.slice(1);
  if (line.startsWith('+')) groups.add(what);
  else if (line.startsWith('-')) groups.delete(what);
  else if (line.startsWith('>')) folders.add(what);
  else if (folders.delete(what)) endStrays(new Set([what]));
}
// The whole group: Terraform has its provider in it.
for (const pid of groups) kill(-Number(pid));
endStrays(folders);

/** Ends processes of functions that left their process group. They carry the container's folder in their environment. */
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
    // It has ended, or is another user's.
    return [];
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
