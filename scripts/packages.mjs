/**
 * Installs the packages of the lock file if they are missing or outdated. This script runs before the packages exist, so it uses none.
 *
 * `node scripts/packages.mjs <folder>` installs the packages of another folder with a lock file.
 */
import './node-version.cjs';
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OTHER_FOLDER = process.argv[2];
const FOLDER = OTHER_FOLDER ?? join(dirname(fileURLToPath(import.meta.url)), '..');

/** Returns whether the packages are installed, and not older than the lock file. */
function arePackagesCurrent() {
  // npm writes this copy of the lock file last, so it is missing after an interrupted installation.
  const installed = join(FOLDER, 'node_modules', '.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(FOLDER, 'package-lock.json')).mtimeMs;
}

if (!arePackagesCurrent()) {
  console.log(`Installing the packages of ${OTHER_FOLDER ?? 'this project (about 1,100 MB)'} with npm ci`);
  process.exitCode = spawnSync('npm', ['ci'], { cwd: FOLDER, stdio: 'inherit' }).status ?? 1;
}
