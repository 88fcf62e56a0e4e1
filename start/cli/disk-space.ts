import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Of `stat`: https://man7.org/linux/man-pages/man3/stat.3type.html */
const BLOCK_BYTES = 512;
const MIB = 2 ** 20;

/** MiB of disk that a folder takes, as `du` counts: holes in files and what links lead to do not count. */
export function diskSpaceMib(folder: string): number {
  return bytesOf(folder) / MIB;
}

function bytesOf(path: string): number {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  const own = stat.blocks * BLOCK_BYTES;
  if (!stat.isDirectory()) return own;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), own);
}
