import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../processes/find-program';

/** Folder in which `npm run tools` installs Python packages. */
export const PYTHON_FOLDER = join(__dirname, '..', '..', '.tools', 'python');

/** Returns the path of a program in {@link PYTHON_FOLDER}. */
export const inPythonFolder = (program: string): string => join(PYTHON_FOLDER, 'bin', program);

/** Requirement for pip: the versions of moto with which the local AWS is tested. */
export const MOTO_REQUIREMENT = 'moto[server]==5.2.*';

const MAJOR_VERSION = 5;

/**
 * Python program that prints moto's version. It fails without moto or without flask_cors, which moto's server needs. It imports
 * neither, because that would take a second.
 */
const PRINT_VERSION =
  'from importlib import metadata, util; assert util.find_spec("flask_cors"); print(metadata.version("moto"))';

/** A Python with moto 5 and its server. */
export interface MotoProgram {
  readonly python: string;
  readonly version: string;
}

/**
 * Finds a Python with moto 5 and its server. Tries the project's own Python, the interpreter of `moto_server` on the PATH, and
 * `python3` or `python` on the PATH.
 *
 * @throws Error that says how to install moto, if no Python has it.
 */
export async function findMoto(): Promise<MotoProgram> {
  const otherVersions: string[] = [];
  for (const python of pythons()) {
    const version = await motoVersionIn(python);
    if (version?.startsWith(`${MAJOR_VERSION}.`) === true) return { python, version };
    if (version !== undefined) otherVersions.push(version);
  }
  const problem =
    otherVersions.length > 0 ? `but only ${otherVersions.join(', ')} is installed` : 'but is not installed';
  throw new Error(
    `moto ${MAJOR_VERSION} with its server is needed, ${problem}. Run \`npm run tools\`, which installs ${MOTO_REQUIREMENT} with pip in ${PYTHON_FOLDER}.`,
  );
}

function pythons(): string[] {
  const script = findProgram(['moto_server']);
  const candidates = [
    findProgram([inPythonFolder('python')]),
    script && interpreterOf(script),
    findProgram(['python3', 'python']),
  ];
  return [...new Set(candidates.filter((python) => python !== undefined))];
}

/** Reads the interpreter from a script's `#!` line. It differs from `python3` if pipx or a virtual environment has moto. */
function interpreterOf(script: string): string | undefined {
  return /^#!\s*(\S*python\S*)\s*$/m.exec(readFileSync(script, 'latin1').slice(0, 512))?.[1];
}

async function motoVersionIn(python: string): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(python, ['-c', PRINT_VERSION])).stdout.trim();
  } catch {
    return undefined;
  }
}
