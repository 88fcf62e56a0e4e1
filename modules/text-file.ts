import { readFileSync } from 'node:fs';

/** A text file with the line ends of Unix, whatever the checkout has: what is deployed must not depend on the machine. */
export function readText(path: string): string {
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
}
