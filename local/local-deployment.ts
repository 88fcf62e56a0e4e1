import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Applied } from './applied';
import { ReplayFailed } from './control-plane/journal';
import { Terraform } from './control-plane/terraform';
import type { TerraformPlan, TerraformState } from './control-plane/terraform-json';
import { LocalAws, type LocalAwsOptions } from './local-aws';
import type { Served } from './serving';
import { fingerprint } from './synthesis';

export interface LocalDeploymentOptions extends Pick<LocalAwsOptions, 'folder' | 'number' | 'ports' | 'watcher'> {
  /** Folder of the synthesised stack. While it is still being made, what was applied before is taken up already. */
  readonly stack: string | Promise<string>;
  /** Ignores what is kept. @default false */
  readonly fresh?: boolean;
  /** Takes each line that Terraform prints, and what else a person may want to know. */
  readonly progress: (line: string) => void;
  /** Stops Terraform, and what takes long before it, as Ctrl-C does. */
  readonly signal?: AbortSignal;
}

interface Invocation {
  readonly function_name: string;
  /** JSON. */
  readonly input: string;
}

/** What is kept of a deployment that was applied to its end. */
interface Kept {
  /** Of the configuration. */
  readonly fingerprint: string;
  readonly state: TerraformState;
}

/** What was applied before, running again. */
interface Resumed {
  readonly aws: LocalAws;
  /** `undefined` where an apply did not come to its end; Terraform knows what it had done by then. */
  readonly kept: Kept | undefined;
}

/** A synthesised stack on the AWS of this machine. What was applied is kept, so a later start applies the difference. */
export class LocalDeployment {
  private terraform: Terraform | undefined;
  /** Of the stack. Computing it reads every file of the stack. */
  private readonly fingerprint: string;

  /** Starts the AWS of this machine; as it was, where a stack was applied to it before. */
  static async start(options: LocalDeploymentOptions): Promise<LocalDeployment> {
    const { stack, resumed } = await resumeBesideSynthesis(options);
    const aws = resumed?.aws ?? (await LocalAws.start({ ...options, resume: false }));
    return new LocalDeployment({ ...options, stack }, aws, resumed !== undefined, resumed?.kept);
  }

  private constructor(
    private readonly options: LocalDeploymentOptions & { readonly stack: string },
    readonly aws: LocalAws,
    private isResumed: boolean,
    private kept?: Kept,
  ) {
    this.fingerprint = fingerprint(options.stack);
  }

  /** Whether an earlier start has applied this stack or an older version of it. */
  get wasApplied(): boolean {
    return this.kept !== undefined;
  }

  /** Whether there is nothing to apply. */
  get isApplied(): boolean {
    return this.kept?.fingerprint === this.fingerprint;
  }

  /** What was applied, as Terraform tells it. @throws Error before that. */
  get state(): TerraformState {
    if (this.kept === undefined) throw new Error('Nothing is applied yet. Apply first.');
    return this.kept.state;
  }

  /** What was applied. @throws Error before that. */
  get applied(): Applied {
    return new Applied(this.state);
  }

  /** Terraform on the stack and its state, where that is kept. */
  openTerraform(): Promise<Terraform> {
    const { folder, ...options } = this.options;
    return Terraform.open({ ...options, folder: terraformIn(folder), endpoint: this.aws.url });
  }

  /** Plans the difference between the stack and what was applied. */
  async plan(): Promise<TerraformPlan> {
    const terraform = (this.terraform = await this.openTerraform());
    if (this.isResumed) await this.takeUp(new Applied(await terraform.showMeanwhile()));
    this.aws.follow(async () => new Applied(await terraform.showMeanwhile()));
    return terraform.plan();
  }

  /** Applies what was planned. @throws Error with Terraform's words where it fails. */
  async apply(): Promise<void> {
    const { folder } = this.options;
    if (this.terraform === undefined) await this.plan();
    const terraform = this.terraform ?? (await this.openTerraform());
    await terraform.apply();
    this.kept = { fingerprint: this.fingerprint, state: await terraform.show() };
    // SECURITY: the state holds the API key, if only that of this machine.
    writeFileSync(keptIn(folder), JSON.stringify(this.kept), { mode: 0o600 });
  }

  /** Serves what was applied. @returns where; `undefined` where no route is deployed. */
  async serve(): Promise<Served | undefined> {
    const served = await this.aws.serve(this.applied);
    await this.repeatBootstrap(this.applied);
    return served;
  }

  stop(): Promise<void> {
    return this.aws.stop();
  }

  /**
   * Serves functions and databases as they were, so that Terraform can invoke functions while it applies the difference. After an
   * interrupted apply some may not work; this apply repairs them.
   */
  private async takeUp(before: Applied): Promise<void> {
    await this.aws.takeUp(before);
    await this.repeatBootstrap(before).catch((error: unknown) => this.options.progress(String(error)));
  }

  /**
   * A process that was killed may have left the control plane and the database with different passwords. What made the users
   * brings the two together again.
   */
  private async repeatBootstrap(applied: Applied): Promise<void> {
    if (!this.isResumed) return;
    this.isResumed = false;
    for (const { function_name, input } of applied.all<Invocation>('aws_lambda_invocation')) {
      const event = JSON.parse(input) as object;
      if (!('users' in event)) continue;
      const { functionError, payload } = await this.aws.invoke(function_name, event);
      if (functionError !== undefined) throw new Error(`${function_name} failed when it was invoked again: ${payload}`);
    }
  }
}

/** Where Terraform has its configuration and its state. */
const terraformIn = (folder: string): string => join(folder, 'terraform');

const keptIn = (folder: string): string => join(folder, 'applied.json');

/** @throws Error of whichever fails; then the other is stopped, too. */
async function resumeBesideSynthesis(
  options: LocalDeploymentOptions,
): Promise<{ readonly stack: string; readonly resumed: Resumed | undefined }> {
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(options.signal ? [options.signal] : [])]);
  const resuming = resume({ ...options, signal });
  try {
    const [stack, resumed] = await Promise.all([options.stack, resuming]);
    return { stack, resumed };
  } catch (error) {
    failed.abort(error);
    await resuming.then((resumed) => resumed?.aws.stop()).catch(() => undefined);
    throw error;
  }
}

/** `undefined` where nothing was applied, or where the control plane does not come back as it was: moto has changed. */
async function resume(options: LocalDeploymentOptions): Promise<Resumed | undefined> {
  const { folder } = options;
  const file = keptIn(folder);
  const isApplied = existsSync(file);
  const isBegun = isApplied || existsSync(terraformIn(folder));
  if (options.fresh === true || !isBegun) return undefined;
  const kept = isApplied ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : undefined;
  try {
    return { aws: await LocalAws.start({ ...options, resume: true }), kept };
  } catch (error) {
    if (!(error instanceof ReplayFailed)) throw error;
    options.progress(error.message);
    return undefined;
  }
}
