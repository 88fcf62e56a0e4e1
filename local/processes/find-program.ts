import { delimiter } from 'node:path';
import which from 'which';

/** Folders of server programs on Unix, which a normal user's PATH may lack. */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

/**
 * Returns the path of the first installed program; `undefined` if none is installed. Names are searched on the PATH and in
 * `SERVER_FOLDERS`; paths are used directly.
 */
export function findProgram(
  names: readonly string[],
  searchPath: string = process.env['PATH'] ?? '',
): string | undefined {
  // SECURITY: removes empty entries, because the package `which` reads an empty entry as the current folder.
  const folders = [...searchPath.split(delimiter).filter((folder) => folder !== ''), ...SERVER_FOLDERS];
  const options = { path: folders.join(delimiter), nothrow: true } as const;
  return names.map((name) => which.sync(name, options)).find((path) => path !== null);
}
