import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProviderSource } from './cli-configuration';
import { adaptToOlderProvider, toNewerProviderState, isVersionMissing, needsNewerProvider } from './older-provider';
import { parseStateFile, withDeployedCode } from './state-file';
import type { TerraformPlan, TerraformState } from './terraform-json';
import { localEnvironment, runTerraform } from './terraform-process';
import { findTerraform } from './terraform-program';

/** A backend in an override file replaces any other, including a `cloud` block. */
const BACKEND_FILE = 'backend_override.tf.json';
const STATE_FILE = 'terraform.tfstate';
const LOCAL_BACKEND = { terraform: { backend: { local: { path: STATE_FILE } } } };

const PLAN_FILE = 'tfplan';

const EMPTY_STATE: TerraformState = {};

/** Maximum number of attempts to read a state file that is being written, and the pause between attempts. */
const READ_ATTEMPTS = 10;
const READ_PAUSE_MS = 50;

/** Two writes within this time may leave a file with the same modification time. */
const RECENT_MS = 50;

export interface TerraformOptions {
  /** Folder of a synthesised stack. It is copied and never written to. */
  readonly stack: string;
  /** Folder of this run, for configuration, state and plan. */
  readonly folder: string;
  /** URL of the local AWS. */
  readonly endpoint: string;
  /** Takes each line of Terraform's output. @default - the output is discarded */
  readonly progress?: (line: string) => void;
  /** Stops Terraform as Ctrl-C does. @default - it runs to its end */
  readonly signal?: AbortSignal;
}

/** Runs the real Terraform on a synthesised stack and a local AWS. It never uses the user's own state and credentials. */
export class Terraform {
  /**
   * Copies the stack, configures a local backend in the copy, and installs the provider.
   *
   * @throws Error with the remedy if Terraform or the AWS provider is missing.
   */
  static async open(options: TerraformOptions): Promise<Terraform> {
    const { path, platform, version } = await findTerraform();
    const folder = runFolderOf(options);
    mkdirSync(folder, { recursive: true });
    cpSync(options.stack, folder, { recursive: true, dereference: true });
    writeFileSync(join(folder, BACKEND_FILE), JSON.stringify(LOCAL_BACKEND));

    const provider = await findProviderSource(platform, options.folder);
    options.progress?.(`Terraform ${version}, AWS provider from ${provider.description}`);
    const environment = { ...localEnvironment(options.endpoint), ...provider.environment };
    const terraform = new Terraform(path, folder, environment, options);
    await terraform.init();
    return terraform;
  }

  private latest: { readonly version: string | undefined; readonly state: TerraformState } | undefined;

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly options: Pick<TerraformOptions, 'progress' | 'signal'>,
  ) {}

  /** Installs the provider. Adapts a configuration that needs provider 6.15 if only an older one is available. */
  private async init(): Promise<void> {
    const command = ['init', '-input=false'] as const;
    if (!needsNewerProvider(this.folder)) {
      await this.run(...command);
      return;
    }
    try {
      // Without -upgrade, Terraform accepts only the provider version in the lock file of an earlier run.
      await this.run(...command, '-upgrade');
    } catch (error) {
      if (!isVersionMissing(error)) throw error;
      this.options.progress?.(
        'The available AWS provider is older than the configuration requires: see local/README.md',
      );
      adaptToOlderProvider(this.folder);
      await this.run(...command, '-upgrade');
    }
  }

  /** Plans the changes that {@link apply} makes. */
  async plan(): Promise<TerraformPlan> {
    this.correctState();
    await this.run('plan', '-input=false', `-out=${PLAN_FILE}`);
    return JSON.parse(await this.execute(['show', '-json', PLAN_FILE])) as TerraformPlan;
  }

  /** Applies the last plan. */
  async apply(): Promise<void> {
    await this.run('apply', '-input=false', PLAN_FILE);
  }

  /** Returns the deployed resources, as the provider read them from AWS. */
  async show(): Promise<TerraformState> {
    return toNewerProviderState(JSON.parse(await this.execute(['show', '-json'])) as TerraformState);
  }

  /**
   * Returns the AWS resources deployed so far, while Terraform applies. For {@link RECENT_MS} after a write, each call
   * reads the state file. Afterwards, each call returns the same object until the next write. To write a new state, Terraform first empties
   * the file, and a busy machine needs some seconds to fill it. Until then, this method returns the last complete state.
   */
  async showWhileApplying(): Promise<TerraformState> {
    const file = join(this.folder, STATE_FILE);
    // There is no file before Terraform has created the first resource.
    if (!existsSync(file)) return this.latest?.state ?? EMPTY_STATE;
    for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
      const version = await versionOf(file);
      if (version !== undefined && this.latest?.version === version) return this.latest.state;
      const state = parseStateFile(await readFile(file, 'utf8').catch(() => ''));
      if (state === undefined) {
        await sleep(READ_PAUSE_MS);
        continue;
      }
      this.latest = { version, state: toNewerProviderState(state) };
      return this.latest.state;
    }
    return this.latest?.state ?? this.show();
  }

  /** Destroys the resources in the state. Does not refresh the state first, because only this Terraform changes the resources. */
  async destroy(): Promise<void> {
    await this.run('destroy', '-input=false', '-auto-approve', '-refresh=false');
  }

  /** Repairs the state after a failed update of a function: see {@link withDeployedCode}. */
  private correctState(): void {
    const file = join(this.folder, STATE_FILE);
    if (!existsSync(file)) return;
    const { text, functions } = withDeployedCode(readFileSync(file, 'utf8'));
    if (functions.length === 0) return;
    writeFileSync(file, text);
    this.options.progress?.(
      `An earlier apply did not upload the code of ${functions.join(', ')}. The next apply uploads it.`,
    );
  }

  /** Runs a command and passes each line of its output to `progress`. */
  private run(command: string, ...options: string[]): Promise<string> {
    return this.execute([command, '-no-color', ...options], this.options.progress);
  }

  private execute(commandLine: readonly string[], onLine?: (line: string) => void): Promise<string> {
    return runTerraform({
      program: this.program,
      arguments: commandLine,
      folder: this.folder,
      environment: this.environment,
      onLine,
      signal: this.options.signal,
    });
  }
}

/**
 * Reads the AWS resources in Terraform's state, also after an unfinished apply. It needs no Terraform.
 *
 * @returns `undefined` if there is no state file, or while Terraform writes it
 */
export function readStateFile(options: Pick<TerraformOptions, 'stack' | 'folder'>): TerraformState | undefined {
  const file = join(runFolderOf(options), STATE_FILE);
  const state = existsSync(file) ? parseStateFile(readFileSync(file, 'utf8')) : undefined;
  return state && toNewerProviderState(state);
}

/** Folder of the copied stack, with Terraform's state. */
const runFolderOf = ({ stack, folder }: Pick<TerraformOptions, 'stack' | 'folder'>): string =>
  join(folder, basename(stack));

/**
 * Returns a text that changes with each write of a file; `undefined` if the file is missing. Also `undefined` just after a write,
 * because the next write may leave the same modification time.
 */
async function versionOf(file: string): Promise<string | undefined> {
  const written = await stat(file, { bigint: true }).catch(() => undefined);
  if (written === undefined || Date.now() - Number(written.mtimeMs) < RECENT_MS) return undefined;
  return `${written.mtimeNs} ${written.size}`;
}
