import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Lists a process and all its descendants, but neither the excluded process nor its descendants. */
export function processTree(root: number, excluded?: number): number[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [root];
  // The loop also visits the children that it adds.
  for (const parent of tree) {
    tree.push(...all.flatMap(([pid = 0, ppid]) => (ppid === parent && pid !== excluded ? [pid] : [])));
  }
  return tree;
}

/** Returns the memory of a process in KiB, with its share of shared memory; 0 if the process has ended. */
export function memoryKib(pid: number): number {
  // https://www.kernel.org/doc/html/latest/filesystems/proc.html: Pss
  return Number(/^Pss:\s+(\d+)/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0);
}

/** Returns the CPU time of a process so far, in steps of 10 ms; 0 if the process has ended. */
export function cpuMs(pid: number): number {
  // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: utime and stime, in ticks of 10 ms.
  // The name of the program precedes them, in parentheses, and may contain spaces.
  const fields = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
  return (user + system) * 10;
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
