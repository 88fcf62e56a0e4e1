import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findMirror } from './provider-mirror';
import { findProgram } from './tools';

export interface TerraformOptions {
  /** The folder of a synthesised stack; it is copied and stays as it is. */
  readonly stack: string;
  /** Where the copy, the state and everything else that Terraform leaves is put. */
  readonly folder: string;
  /** Beside this process's own: where AWS is, and who asks. */
  readonly environment: Readonly<Record<string, string>>;
  /** Told each line that Terraform prints. */
  readonly onLine?: (line: string) => void;
}

/** A value of the applied state, as `terraform show -json` has it. */
export interface AppliedResource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Real Terraform on the unchanged configuration of a stack; only its backend is exchanged for a file. */
export class Terraform {
  private constructor(
    private readonly program: string,
    private readonly options: TerraformOptions,
    private readonly configFile: string | undefined,
  ) {}

  /**
   * Copies the stack and initialises Terraform in the copy.
   *
   * @throws Error that tells how to get Terraform, or the provider, where either is missing.
   */
  static async init(options: TerraformOptions): Promise<Terraform> {
    const program = findProgram('terraform');
    if (program === undefined) {
      throw new Error(
        'terraform is not installed. Install 1.11 or newer: https://developer.hashicorp.com/terraform/install',
      );
    }
    await rm(options.folder, { recursive: true, force: true });
    await mkdir(options.folder, { recursive: true });
    await cp(options.stack, join(options.folder, 'stack'), { recursive: true });
    const backend = { terraform: { backend: { local: { path: join(options.folder, 'terraform.tfstate') } } } };
    await writeFile(join(options.folder, 'stack', 'backend_override.tf.json'), JSON.stringify(backend));
    const terraform = new Terraform(program, options, await writeConfig(options.folder));
    await terraform.run('init', '-no-color', '-input=false');
    return terraform;
  }

  async validate(): Promise<void> {
    await this.run('validate', '-no-color');
  }

  /** @param variables of the configuration. */
  async apply(variables: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const values = Object.entries(variables).map(([name, value]) => `-var=${name}=${JSON.stringify(value)}`);
    await this.run('apply', '-no-color', '-input=false', '-auto-approve', '-parallelism=30', ...values);
  }

  async destroy(): Promise<void> {
    await this.run('destroy', '-no-color', '-input=false', '-auto-approve', '-parallelism=30');
  }

  /** The resources of the applied state. */
  async show(): Promise<AppliedResource[]> {
    const shown = JSON.parse(await this.run('show', '-json')) as {
      values?: { root_module?: { resources?: AppliedResource[] } };
    };
    return shown.values?.root_module?.resources ?? [];
  }

  /**
   * Runs a command and answers with what it printed.
   *
   * @throws Error with the end of its output where it fails.
   */
  private async run(...command: readonly string[]): Promise<string> {
    const child = spawn(this.program, command, {
      cwd: join(this.options.folder, 'stack'),
      env: {
        ...process.env,
        ...this.options.environment,
        CHECKPOINT_DISABLE: '1',
        TF_IN_AUTOMATION: '1',
        ...(this.configFile !== undefined && { TF_CLI_CONFIG_FILE: this.configFile }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (!command.includes('-json')) this.options.onLine?.(line);
      });
    }
    const [code] = (await once(child, 'close')) as [number | null];
    if (code === 0) return lines.join('\n');
    throw new Error(`terraform ${command[0] ?? ''} failed:\n${lines.slice(-40).join('\n')}`);
  }
}

/** Where there is no registry, Terraform is told of a mirror; a user's own configuration is left in force otherwise. */
async function writeConfig(folder: string): Promise<string | undefined> {
  const mirror = await findMirror();
  const path = join(folder, 'terraform.rc');
  if (mirror !== undefined) {
    await writeFile(
      path,
      `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
    );
    return path;
  }
  const own = process.env['TF_CLI_CONFIG_FILE'];
  if (own === undefined || existsSync(own)) return undefined;
  // The variable names a file that is not there: Terraform would warn with every command.
  await writeFile(path, '');
  return path;
}
