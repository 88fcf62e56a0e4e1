import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Hashes the names and contents of all files in a stack's folder: the configuration and the zips. */
export function fingerprint(stack: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(stack, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(stack, file);
    if (statSync(path).isFile()) hash.update(file).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}
