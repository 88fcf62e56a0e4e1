/** `npm run tools`: installs what the tests and `npm start` need beside Node's packages, where it is missing. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findAwsCli } from '../local/control-plane/aws-cli';
import { findProgram } from '../local/control-plane/find-program';
import { findMoto, MOTO_REQUIREMENT, PYTHON_FOLDER } from '../local/control-plane/moto-program';
import { findTerraform } from '../local/control-plane/terraform-program';
import { findMariaDb } from '../local/database/mariadb-program';
import { findChromium } from './chromium-program';

interface Tool {
  readonly name: string;
  /** What is here, in words. Throws where it is missing, telling how to get it. */
  readonly find: () => string | Promise<string>;
  /** @default - only a person can install it */
  readonly install?: () => void;
}

const AWS_CLI_REQUIREMENT = 'awscli==1.*';

const tools: readonly Tool[] = [
  { name: 'Terraform', find: async () => describe(await findTerraform()) },
  { name: 'MariaDB', find: () => findMariaDb(), install: () => installPackage('mariadb-server', 'mariadb') },
  { name: 'Chromium', find: () => findChromium(), install: () => installPackage('chromium', 'chromium') },
  { name: 'moto', find: async () => describe(await findMoto()), install: () => installPython(MOTO_REQUIREMENT) },
  { name: 'AWS CLI', find: () => findAwsCli(), install: () => installPython(AWS_CLI_REQUIREMENT) },
];

const describe = ({ version, ...found }: { version: string; path?: string; python?: string }): string =>
  `${version}, ${found.path ?? found.python ?? ''}`;

/** By the system's package manager, which asks nothing. */
function installPackage(linux: string, homebrew: string): void {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (findProgram(['apt-get'])) {
    run(...sudo, 'apt-get', 'update');
    run(...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-y', linux);
  } else if (findProgram(['dnf'])) {
    run(...sudo, 'dnf', 'install', '-y', linux);
  } else if (findProgram(['brew'])) {
    run('brew', 'install', homebrew);
  }
}

/** By pip, in a folder of the project. */
function installPython(requirement: string): void {
  const python = findProgram(['python3', 'python']);
  if (python === undefined) return;
  run(python, '-m', 'venv', PYTHON_FOLDER);
  run(join(PYTHON_FOLDER, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', requirement);
}

/** A failure is told by the command itself; what is still missing afterwards is told by the tool's own search. */
function run(command = '', ...words: string[]): void {
  console.log(`  ${[command, ...words].join(' ')}`);
  spawnSync(command, words, { stdio: ['ignore', 'inherit', 'inherit'] });
}

async function provide({ name, find, install }: Tool): Promise<string> {
  try {
    return await find();
  } catch (error) {
    if (install === undefined) throw error;
    console.log(`${name} is missing; installing it`);
    install();
    return find();
  }
}

async function provideAll(): Promise<void> {
  for (const tool of tools) {
    try {
      console.log(`${tool.name}: ${await provide(tool)}`);
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    }
  }
}

void provideAll();
