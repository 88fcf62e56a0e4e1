/**
 * Installs the missing clients of `npm run test:clients`: Debian packages with apt-get, npm packages into this folder.
 * Reports and skips clients that cannot be installed.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findProgram } from '../../processes/find-program';
import { clients, FOLDER, isInstalled, whyMissing } from './catalogue';

const ROOT = join(FOLDER, '..', '..', '..');

function run(command = '', ...args: string[]): void {
  console.log(`  ${[command, ...args].join(' ')}`);
  spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Returns the output of a command, in English. */
function outputOf(command: string, ...args: string[]): string {
  return spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).stdout;
}

function installPackages(wanted: readonly string[]): void {
  if (!findProgram(['apt-get'])) return;
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const install = ['install', '--no-install-recommends'];
  run(...sudo, 'apt-get', 'update', '--quiet');
  // If apt-get does not know one of the packages, it installs none of them.
  const known = wanted.filter((name) => outputOf('apt-cache', 'policy', name).match(/Candidate: (?!\(none\))/));
  for (const name of wanted) if (!known.includes(name)) console.log(`  apt-get knows no package ${name}`);
  if (known.length === 0) return;
  const [size = ''] =
    /^Need to get[^]*?space will be used/m.exec(outputOf('apt-get', ...install, '--assume-no', ...known)) ?? [];
  console.log(`  ${known.join(', ')}. ${size.replace(/\n/g, ' ')}`);
  run(...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...install, '--yes', '--quiet', ...known);
}

const missing = clients.filter((client) => !isInstalled(client));
const packages = [...new Set(missing.flatMap((client) => client.packages ?? []))];
if (packages.length > 0) installPackages(packages);
run(process.execPath, join('scripts', 'packages.mjs'), FOLDER);
for (const client of clients) {
  console.log(`${client.name}: ${isInstalled(client) ? client.source : `not installed, ${whyMissing(client)}`}`);
}
