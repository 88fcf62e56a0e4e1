import { readFileSync } from 'node:fs';

/** Reads a text file and converts its line ends to LF, so that the deployment is the same for every checkout. */
export function readText(path: string): string {
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
}
