/**
 * Installs the packages of the lock file where they are missing, or not those of the lock file any more. It runs before
 * there are any, so it needs none itself.
 */
import './node-version.cjs';
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** npm keeps a copy of the lock file in what it installed. */
function packagesAreThere() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(ROOT, 'package-lock.json')).mtimeMs;
}

if (!packagesAreThere()) process.exitCode = spawnSync('npm', ['ci'], { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
