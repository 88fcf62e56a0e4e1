/**
 * Ends what its parent started and left behind, when the parent died without a chance to end it. The parent tells by
 * lines: `+pid` started, `-pid` ended. When there are no more lines, the parent is gone.
 */
import { createInterface } from 'node:readline';

const running = new Set();
// Ctrl-C goes to every process of the terminal; the parent knows what to do.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) running.add(pid);
  else running.delete(pid);
}
for (const pid of running) {
  try {
    // The whole group that it leads: Terraform has its provider in it.
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
