import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parseJson } from '../json';
import { findProgram } from '../processes/find-program';
import { installCommands } from './terraform-packages';

/** The first version with write-only arguments, which keep secrets out of plan and state. */
const OLDEST: readonly [number, number] = [1, 11];

/** An installed Terraform. */
export interface TerraformProgram {
  readonly path: string;
  readonly version: string;
  /** Platform, as in the names of providers: `linux_amd64`. */
  readonly platform: string;
}

/** Finds Terraform on the PATH. @throws Error that says how to install it, if it is missing or too old, or prints no version */
export async function findTerraform(): Promise<TerraformProgram> {
  const path = findProgram(['terraform']);
  if (path === undefined) throw new Error(`terraform is not on the PATH. ${howToInstall()}`);
  const { stdout } = await promisify(execFile)(path, ['version', '-json'], {
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
  });
  // A very old Terraform prints text instead, which has neither field.
  const { terraform_version: version, platform } = Object(parseJson(stdout)) as Partial<Record<string, string>>;
  // The version is checked first, because old versions print no platform.
  if (version !== undefined && isOlder(version))
    throw new Error(`${path} is Terraform ${version}, but ${OLDEST.join('.')} or newer is needed. ${howToInstall()}`);
  if (version === undefined || platform === undefined)
    throw new Error(`${path} must print version and platform as JSON, got ${stdout.trim()}. ${howToInstall()}`);
  return { path, version, platform };
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

function howToInstall(): string {
  const commands = installCommands().map((line) => `  ${line}`);
  return [
    ...(commands.length > 0 ? ['Install the package of HashiCorp:', ...commands] : []),
    `${commands.length > 0 ? 'Or download' : 'Download'} version ${OLDEST.join('.')} or newer from https://releases.hashicorp.com/terraform/ and put the program in a folder of the PATH.`,
  ].join('\n');
}
