import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findProgram, PYTHON_FOLDER } from '../../local';
import type { Installation } from './tool';

/** Names of the same software for each package manager. The lists for apt are alternatives, to try in order. */
export interface SystemPackages {
  readonly apt: readonly (readonly string[])[];
  readonly dnf: readonly string[];
  readonly brew: readonly string[];
}

/** Installs only the packages and their dependencies: no upgrades, no recommended packages. */
const APT_INSTALL = ['apt-get', 'install', '-y', '--no-install-recommends', '--no-upgrade'] as const;

/** Returns how to install with the package manager of this system; `undefined` if the system has none of apt, dnf and brew. */
export function bySystem({ apt, dnf, brew }: SystemPackages, megabytes: number): Installation | undefined {
  if (findProgram(['apt-get'])) {
    const [first = []] = apt;
    const command = ['apt-get', 'install', ...first].join(' ');
    return { command, megabytes, run: () => byApt(apt) };
  }
  const [manager, packages] = findProgram(['dnf']) ? (['dnf', dnf] as const) : (['brew', brew] as const);
  if (findProgram([manager]) === undefined) return undefined;
  const words = [manager, 'install', ...(manager === 'dnf' ? ['-y'] : []), ...packages];
  return {
    command: words.join(' '),
    megabytes,
    run: () => {
      run(...(manager === 'dnf' ? sudoPrefix() : []), ...words);
    },
  };
}

/** Packages that create virtual environments; on Debian they are separate from Python. */
const VENV: SystemPackages = { apt: [['python3-venv']], dnf: ['python3'], brew: ['python'] };
const VENV_MEGABYTES = 50;

/**
 * Returns how to install a package with pip into the project's virtual environment. Installs Python and its `venv` first if they are
 * missing.
 */
export function byPip(requirement: string, megabytes: number): Installation {
  const pythonInstallation = hasVenv() ? undefined : bySystem(VENV, VENV_MEGABYTES);
  const pip = `pip install '${requirement}' in .tools/`;
  return {
    command: pythonInstallation === undefined ? pip : `${pythonInstallation.command}; ${pip}`,
    megabytes: megabytes + (pythonInstallation?.megabytes ?? 0),
    run: () => {
      pythonInstallation?.run();
      if (!run(findPython(), '-m', 'venv', PYTHON_FOLDER)) return;
      run(join(PYTHON_FOLDER, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', requirement);
    },
  };
}

const findPython = (): string => findProgram(['python3', 'python']) ?? 'python3';

function hasVenv(): boolean {
  return spawnSync(findPython(), ['-c', 'import ensurepip, venv'], { stdio: 'ignore' }).status === 0;
}

function byApt(alternatives: readonly (readonly string[])[]): void {
  run(...sudoPrefix(), 'apt-get', 'update');
  for (const packages of alternatives) {
    if (run(...sudoPrefix(), 'env', 'DEBIAN_FRONTEND=noninteractive', ...APT_INSTALL, ...packages)) return;
  }
}

/** Returns the words that run a command as root. Without a terminal, sudo fails instead of asking for a password. */
function sudoPrefix(): string[] {
  if (process.getuid?.() === 0) return [];
  return process.stdin.isTTY ? ['sudo'] : ['sudo', '-n'];
}

/** Runs a command. Prints the error if it cannot start; a failing command prints its own error. @returns whether it succeeded */
function run(command = '', ...words: string[]): boolean {
  console.log(`  ${[command, ...words].join(' ')}`);
  const { status, error } = spawnSync(command, words, { stdio: ['inherit', 'inherit', 'inherit'] });
  if (error) console.error(`  ${error.message}`);
  return status === 0;
}
