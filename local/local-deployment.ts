import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Applied } from './applied';
import { ReplayFailed } from './moto/journal';
import { fingerprint } from './terraform/fingerprint';
import { Terraform } from './terraform/terraform';
import type { TerraformPlan, TerraformState } from './terraform/terraform-json';
import { LocalAws, type LocalAwsOptions } from './local-aws';
import type { Served } from './serving';

export interface LocalDeploymentOptions extends Pick<LocalAwsOptions, 'folder' | 'number' | 'ports' | 'watcher'> {
  /** Folder of the synthesised stack. While it is still being made, what was applied before is taken up already. */
  readonly stack: string | Promise<string>;
  /** Ignores what is kept. @default false */
  readonly fresh?: boolean;
  /**
   * Selects, by their input, the `aws_lambda_invocation` resources to invoke again after a restart. A killed process may have
   * left the control plane and the database with different passwords; the function that sets them up makes them equal.
   *
   * @default - none
   */
  readonly repeats?: (input: object) => boolean;
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

/** What is kept of a deployment. */
interface Kept {
  /** Of the configuration. Absent while it is applied, and where that did not come to its end: then none is in force. */
  readonly fingerprint?: string;
  readonly state: TerraformState;
}

/** What was applied before, running again. */
interface Resumed {
  readonly aws: LocalAws;
  /** `undefined` where the first apply did not come to its end; Terraform knows what it had done by then. */
  readonly kept: Kept | undefined;
}

/**
 * A synthesised stack on the AWS of this machine. What was applied is kept, so a later start applies the difference, and so
 * does a change while it serves.
 */
export class LocalDeployment {
  private terraform: Terraform | undefined;
  /** Of the stack. Computing it reads every file of the stack. */
  private fingerprint: string;

  /** Starts the AWS of this machine; as it was, where a stack was applied to it before. */
  static async start(options: LocalDeploymentOptions): Promise<LocalDeployment> {
    const { stack, resumed } = await resumeBesideSynthesis(options);
    const aws = resumed?.aws ?? (await LocalAws.start({ ...options, resume: false }));
    return new LocalDeployment({ ...options, stack }, aws, resumed !== undefined, resumed?.kept);
  }

  private constructor(
    private options: LocalDeploymentOptions & { readonly stack: string },
    readonly aws: LocalAws,
    private isResumed: boolean,
    private kept?: Kept,
  ) {
    this.fingerprint = fingerprint(options.stack);
  }

  /** Whether this stack or an older version of it was applied before, to its end or not. */
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

  /**
   * Takes a changed stack. What was applied is served on, and while the change is planned and applied, too.
   *
   * @param stack folder of the synthesised stack
   */
  change(stack: string): void {
    this.options = { ...this.options, stack };
    this.fingerprint = fingerprint(stack);
    this.terraform = undefined;
  }

  /** Terraform on the stack and its state, where that is kept. */
  openTerraform(): Promise<Terraform> {
    const { folder, ...options } = this.options;
    return Terraform.open({ ...options, folder: terraformIn(folder), endpoint: this.aws.url });
  }

  /** Plans the difference between the stack and what was applied. */
  async plan(): Promise<TerraformPlan> {
    this.terraform = await this.openTerraform();
    return this.terraform.plan();
  }

  /**
   * Applies what was planned. What is served follows while Terraform applies.
   *
   * @throws Error with Terraform's words where it fails. What it has done by then is kept and served; the next apply repairs it.
   */
  async apply(): Promise<void> {
    if (this.terraform === undefined) await this.plan();
    const terraform = this.terraform ?? (await this.openTerraform());
    const read = readerOf(terraform);
    // Before Terraform writes: so there is a whole state from the beginning.
    const before = await read();
    if (this.isResumed) await this.takeUp(before);
    if (this.kept) this.keep({ state: this.kept.state });
    this.aws.follow(read);
    try {
      await terraform.apply();
      this.keep({ fingerprint: this.fingerprint, state: await terraform.show() });
    } catch (error) {
      await this.keepUnfinished(await terraform.showMeanwhile());
      throw error;
    }
  }

  /** Serves what was applied. @returns where; `undefined` where no route is deployed. */
  async serve(): Promise<Served | undefined> {
    const served = await this.aws.serve(this.applied);
    await this.repeatInvocations(this.applied);
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
    await this.repeatInvocations(before).catch((error: unknown) => this.options.progress(String(error)));
  }

  /** What was applied before a failure is in force, so it is served. */
  private async keepUnfinished(state: TerraformState): Promise<void> {
    if (this.kept === undefined) return;
    this.keep({ state: withOutputs(state, this.kept.state) });
    await this.aws.takeUp(new Applied(state)).catch((error: unknown) => this.options.progress(String(error)));
  }

  private keep(kept: Kept): void {
    this.kept = kept;
    // SECURITY: the state holds the API key, if only that of this machine.
    writeFileSync(keptIn(this.options.folder), JSON.stringify(kept), { mode: 0o600 });
  }

  /** After a restart, once: see {@link LocalDeploymentOptions.repeats}. */
  private async repeatInvocations(applied: Applied): Promise<void> {
    if (!this.isResumed) return;
    this.isResumed = false;
    for (const { function_name, input } of applied.all<Invocation>('aws_lambda_invocation')) {
      const event = JSON.parse(input) as object;
      if (this.options.repeats?.(event) !== true) continue;
      const { functionError, payload } = await this.aws.invoke(function_name, event);
      if (functionError !== undefined) throw new Error(`${function_name} failed when it was invoked again: ${payload}`);
    }
  }
}

/** Reads what is applied by now; gives the same object as long as nothing changes. */
function readerOf(terraform: Terraform): () => Promise<Applied> {
  let last: { readonly state: TerraformState; readonly applied: Applied } | undefined;
  return async () => {
    const state = await terraform.showMeanwhile();
    if (last?.state !== state) last = { state, applied: new Applied(state) };
    return last.applied;
  };
}

/** A state's file has no outputs that could be read: those of an earlier state take their place. */
const withOutputs = ({ values }: TerraformState, { values: before }: TerraformState): TerraformState => ({
  ...(values && { values: { ...values, ...(before?.outputs && { outputs: before.outputs }) } }),
});

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
