import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProviderSource } from './cli-configuration';
import { adaptToOlderProvider, asNewerProviderReads, isVersionMissing, needsNewerProvider } from './older-provider';
import { readStateFile, withDeployedCode } from './state-file';
import type { TerraformPlan, TerraformState } from './terraform-json';
import { localEnvironment, runTerraform } from './terraform-process';
import { findTerraform } from './terraform-program';

/** A backend in a file of this kind takes the place of any other, a `cloud` block too. */
const BACKEND_FILE = 'backend_override.tf.json';
const STATE_FILE = 'terraform.tfstate';
const LOCAL_BACKEND = { terraform: { backend: { local: { path: STATE_FILE } } } };

const PLAN_FILE = 'tfplan';

const NOTHING: TerraformState = {};

/** How often, and how soon after, a state is read that is being written. */
const READINGS = 10;
const READ_AGAIN_MS = 50;

/** A file that was written so recently may be written again without a change of its time. */
const RECENT_MS = 50;

export interface TerraformOptions {
  /** Folder of a synthesised stack. It is copied and never written to. */
  readonly stack: string;
  /** Folder of this run: configuration, state and plan go below it. */
  readonly folder: string;
  /** URL of the local AWS. */
  readonly endpoint: string;
  /** Takes each line that Terraform prints. @default - nobody watches */
  readonly progress?: (line: string) => void;
  /** Stops Terraform as Ctrl-C does. @default - it runs to its end */
  readonly signal?: AbortSignal;
}

/** The real Terraform on a synthesised stack, against a local AWS. A user's state and credentials stay untouched. */
export class Terraform {
  /**
   * Copies the stack, keeps its state in the copy wherever its own backend is, and installs the provider.
   *
   * @throws Error telling what to do where Terraform or the AWS provider is missing.
   */
  static async open(options: TerraformOptions): Promise<Terraform> {
    const { path, platform, version } = await findTerraform();
    const folder = join(options.folder, basename(options.stack));
    mkdirSync(folder, { recursive: true });
    cpSync(options.stack, folder, { recursive: true, dereference: true });
    writeFileSync(join(folder, BACKEND_FILE), JSON.stringify(LOCAL_BACKEND));

    const provider = await findProviderSource({ platform, folder: options.folder });
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

  /** The provider may have to be a newer one than that of the last start, and where there is none it has to be an older one. */
  private async init(): Promise<void> {
    const command = ['init', '-input=false'] as const;
    if (!needsNewerProvider(this.folder)) {
      await this.run(...command);
      return;
    }
    try {
      await this.run(...command, '-upgrade');
    } catch (error) {
      if (!isVersionMissing(error)) throw error;
      this.options.progress?.(
        'The AWS provider in reach is older than the configuration asks for: see local/README.md',
      );
      adaptToOlderProvider(this.folder);
      await this.run(...command, '-upgrade');
    }
  }

  async validate(): Promise<void> {
    await this.run('validate');
  }

  /** What applying would change now. */
  async plan(): Promise<TerraformPlan> {
    this.correctState();
    await this.run('plan', '-input=false', `-out=${PLAN_FILE}`);
    return JSON.parse(await this.read('show', '-json', PLAN_FILE)) as TerraformPlan;
  }

  /** Applies what the last `plan` told. */
  async apply(): Promise<void> {
    await this.run('apply', '-input=false', PLAN_FILE);
  }

  /** What is deployed, as the provider read it from AWS. */
  async show(): Promise<TerraformState> {
    return asNewerProviderReads(JSON.parse(await this.read('show', '-json')) as TerraformState);
  }

  /**
   * The resources of AWS that are deployed by now, while Terraform applies: the same object as long as nothing changes. Terraform
   * empties the file of its state before it writes it, on a busy machine for some seconds. Until the file is whole again the
   * last whole state stays in force.
   */
  async showMeanwhile(): Promise<TerraformState> {
    const file = join(this.folder, STATE_FILE);
    // Before Terraform has made the first resource there is no file.
    if (!existsSync(file)) return this.latest?.state ?? NOTHING;
    for (let reading = 1; reading < READINGS; reading += 1) {
      const version = await versionOf(file);
      if (version !== undefined && this.latest?.version === version) return this.latest.state;
      const state = readStateFile(await readFile(file, 'utf8').catch(() => ''));
      if (state === undefined) {
        await sleep(READ_AGAIN_MS);
        continue;
      }
      this.latest = { version, state: asNewerProviderReads(state) };
      return this.latest.state;
    }
    return this.latest?.state ?? this.show();
  }

  async destroy(): Promise<void> {
    await this.run('destroy', '-input=false', '-auto-approve');
  }

  /** Repairs the state after a failed update of a function: see {@link withDeployedCode}. */
  private correctState(): void {
    const file = join(this.folder, STATE_FILE);
    if (!existsSync(file)) return;
    const { text, functions } = withDeployedCode(readFileSync(file, 'utf8'));
    if (functions.length === 0) return;
    writeFileSync(file, text);
    this.options.progress?.(`An earlier apply did not upload the code of ${functions.join(', ')}. This one does.`);
  }

  /** For the screen: each line is told as it comes. */
  private run(command: string, ...options: string[]): Promise<string> {
    return this.start([command, '-no-color', ...options], this.options.progress);
  }

  private read(command: string, ...options: string[]): Promise<string> {
    return this.start([command, ...options]);
  }

  private start(words: readonly string[], onLine?: (line: string) => void): Promise<string> {
    return runTerraform({
      program: this.program,
      arguments: words,
      folder: this.folder,
      environment: this.environment,
      onLine,
      signal: this.options.signal,
    });
  }
}

/** Differs whenever the content does; `undefined` where that cannot be told. */
async function versionOf(file: string): Promise<string | undefined> {
  const written = await stat(file, { bigint: true }).catch(() => undefined);
  if (written === undefined || Date.now() - Number(written.mtimeMs) < RECENT_MS) return undefined;
  return `${written.mtimeNs} ${written.size}`;
}
