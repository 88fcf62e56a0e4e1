import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder for the zips and source maps of a synth. Git ignores it. */
export const BUILD_FOLDER = join(__dirname, '..', '..', '.build');

/** Writes a file into the build folder atomically, so that a concurrent synth never reads a half-written file. @returns its path */
export function writeBuildFile(name: string, bytes: Uint8Array): string {
  mkdirSync(BUILD_FOLDER, { recursive: true });
  const path = join(BUILD_FOLDER, name);
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, bytes);
  renameSync(partial, path);
  return path;
}
