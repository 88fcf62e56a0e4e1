import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes per block of `stat`: https://man7.org/linux/man-pages/man3/stat.3type.html */
const BLOCK_BYTES = 512;
const MIB = 2 ** 20;

/** Returns the allocated disk space of a folder in MiB, without holes in files and without the targets of symbolic links. */
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
