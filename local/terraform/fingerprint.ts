import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Hashes everything that is deployed from a stack's folder: configuration and zips. */
export function fingerprint(stack: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(stack, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(stack, file);
    if (statSync(path).isFile()) hash.update(file).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}
