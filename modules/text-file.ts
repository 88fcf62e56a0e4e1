import { readFileSync } from 'node:fs';

/** Reads a text file and converts CRLF to LF, so that the deployed text does not depend on how a checkout ends lines. */
export function readText(path: string): string {
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
}
