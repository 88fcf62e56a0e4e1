import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Applied } from './applied';
import { ReplayFailed } from './moto/journal';
import { fingerprint } from './terraform/fingerprint';
import { readStateFile, Terraform } from './terraform/terraform';
import { resourcesOf, type TerraformPlan, type TerraformState } from './terraform/terraform-json';
import { LocalAws, type LocalAwsOptions } from './local-aws';
import type { Served } from './serving';

export interface LocalDeploymentOptions extends Pick<LocalAwsOptions, 'folder' | 'number' | 'ports' | 'watcher'> {
  /** Folder of the synthesised stack. With a promise, the kept deployment is resumed while the synthesis still runs. */
  readonly stack: string | Promise<string>;
  /** Ignores the kept deployment. @default false */
  readonly fresh?: boolean;
  /**
   * Selects the invocations to repeat after a restart, by the input of their `aws_lambda_invocation`. A killed process may have
   * left the control plane and the database with different passwords; the function that creates the users makes the passwords equal again.
   *
   * @default - none
   */
  readonly repeats?: (input: object) => boolean;
  /** Takes each line of Terraform's output, and other progress. */
  readonly progress: (line: string) => void;
  /** Stops Terraform, and slow steps before it, as Ctrl-C does. */
  readonly signal?: AbortSignal;
}

/** The attributes of `aws_lambda_invocation` that are used here. */
interface InvocationResource {
  readonly function_name: string;
  /** JSON. */
  readonly input: string;
}

/** The kept data of a deployment. */
interface Kept {
  /** Hash of the applied configuration. Absent during an apply and after an incomplete one. */
  readonly fingerprint?: string;
  readonly state: TerraformState;
}

/** A resumed deployment. */
interface Resumed {
  readonly aws: LocalAws;
  /** `undefined` if no apply was complete yet. Until then, only Terraform's state lists the created resources. */
  readonly kept: Kept | undefined;
}

/**
 * A synthesised stack on the local AWS. What was applied is kept, so a later start, or a change at run time, applies only the
 * difference.
 */
export class LocalDeployment {
  /** Terraform with a plan that is not applied yet. */
  private planned: Terraform | undefined;
  /** Hash of all files of the stack. */
  private fingerprint: string;
  /** Whether this start resumed no kept deployment. */
  readonly startedEmpty: boolean;

  /** Starts the local AWS, and resumes an applied stack. @throws Error if the stack's folder does not exist */
  static async start(options: LocalDeploymentOptions): Promise<LocalDeployment> {
    const { stack, resumed } = await resumeDuringSynthesis(options);
    const aws = resumed?.aws ?? (await LocalAws.start({ ...options, resume: false }));
    try {
      return new LocalDeployment({ ...options, stack }, aws, resumed !== undefined, resumed?.kept);
    } catch (error) {
      await aws.stop();
      throw error;
    }
  }

  private constructor(
    private options: LocalDeploymentOptions & { readonly stack: string },
    readonly aws: LocalAws,
    /** Whether a kept deployment still has to be served again, after a restart. */
    private needsResuming: boolean,
    private kept?: Kept,
  ) {
    this.fingerprint = fingerprint(options.stack);
    this.startedEmpty = !needsResuming;
  }

  /** Whether this stack, or an older version of it, was once applied completely. */
  get wasEverApplied(): boolean {
    return this.kept !== undefined;
  }

  /** Whether there is nothing to apply. */
  get isApplied(): boolean {
    return this.kept?.fingerprint === this.fingerprint;
  }

  /** Terraform's state after the last apply. @throws Error if no apply was complete yet */
  get state(): TerraformState {
    if (this.kept === undefined) throw new Error('No apply was complete yet. Apply first.');
    return this.kept.state;
  }

  /** The resources in `state`. @throws Error if no apply was complete yet */
  get applied(): Applied {
    return new Applied(this.state);
  }

  /**
   * Sets a changed stack. The applied stack stays in service; `apply` changes it.
   *
   * @param stack folder of the synthesised stack
   */
  change(stack: string): void {
    this.options = { ...this.options, stack };
    this.fingerprint = fingerprint(stack);
    this.planned = undefined;
  }

  /** Opens Terraform with the stack and its kept state. */
  openTerraform(): Promise<Terraform> {
    const { folder, ...options } = this.options;
    return Terraform.open({ ...options, folder: terraformFolderIn(folder), endpoint: this.aws.url });
  }

  /** Plans the difference between the stack and what is applied. */
  async plan(): Promise<TerraformPlan> {
    return (await this.makePlan()).plan;
  }

  /**
   * Applies the last plan; if there is none, makes a plan first. If the API is served, each applied change takes effect while
   * Terraform applies the rest.
   *
   * @throws Error with Terraform's message if the apply fails. The changes before the failure are kept, and the next apply does the
   * rest. If an earlier apply was complete, the kept changes are served.
   */
  async apply(): Promise<void> {
    const terraform = this.planned ?? (await this.makePlan()).terraform;
    // Terraform applies a plan only once.
    this.planned = undefined;
    const read = readerOf(terraform);
    // Reads a complete state before the apply. `read` returns this state while Terraform writes the next one.
    const before = await read();
    if (this.needsResuming) await this.serveAgain(before);
    // Drops the fingerprint, so that the stack does not count as applied if this process is killed during the apply.
    if (this.kept) this.keep({ state: this.kept.state });
    this.aws.follow(read);
    try {
      await terraform.apply();
      this.keep({ fingerprint: this.fingerprint, state: await terraform.show() });
    } catch (error) {
      await this.keepUnfinished(await terraform.showWhileApplying());
      throw error;
    }
  }

  /** Serves what was applied. @returns the servers of the API; `undefined` if no route is deployed */
  async serve(): Promise<Served | undefined> {
    const served = await this.aws.serve(this.applied);
    await this.repeatInvocations(this.applied);
    return served;
  }

  stop(): Promise<void> {
    return this.aws.stop();
  }

  private async makePlan(): Promise<{ readonly terraform: Terraform; readonly plan: TerraformPlan }> {
    const terraform = await this.openTerraform();
    const plan = await terraform.plan();
    this.planned = terraform;
    return { terraform, plan };
  }

  /**
   * Serves functions and databases as applied before the restart, so that Terraform can invoke functions during the apply. After a
   * failed or interrupted apply some of them may not work; the apply that follows repairs them.
   */
  private async serveAgain(before: Applied): Promise<void> {
    try {
      await this.aws.update(before);
      await this.repeatInvocations(before);
    } catch (error) {
      this.options.progress(String(error));
    }
  }

  /** Keeps and serves what was applied before a failure. Does nothing if no apply was complete yet. */
  private async keepUnfinished(state: TerraformState): Promise<void> {
    if (this.kept === undefined) return;
    this.keep({ state: withOutputs(state, this.kept.state) });
    await this.aws.update(new Applied(state)).catch((error: unknown) => this.options.progress(String(error)));
  }

  private keep(kept: Kept): void {
    this.kept = kept;
    // SECURITY: the state holds the API key, although only the local one.
    const file = keptFileIn(this.options.folder);
    writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
    // A process that is killed while it writes leaves the previous file complete.
    renameSync(`${file}.new`, file);
  }

  /** Invokes the selected functions again, once after a restart: see {@link LocalDeploymentOptions.repeats}. */
  private async repeatInvocations(applied: Applied): Promise<void> {
    if (!this.needsResuming) return;
    this.needsResuming = false;
    for (const { function_name, input } of applied.all<InvocationResource>('aws_lambda_invocation')) {
      const event = JSON.parse(input) as object;
      if (this.options.repeats?.(event) !== true) continue;
      const { functionError, payload } = await this.aws.invoke(function_name, event);
      if (functionError !== undefined) throw new Error(`${function_name} failed when it was invoked again: ${payload}`);
    }
  }
}

/** What is deployed in a folder. */
interface Deployed {
  readonly state: TerraformState;
  /** Whether the last apply was complete. If not, `state` has what it created so far. */
  readonly isComplete: boolean;
}

/**
 * Reads what is deployed in a folder. It starts nothing.
 *
 * @param options `folder` of the deployment, and the synthesised stack's folder or its name
 * @returns `undefined` if nothing was created
 */
export function readDeployed({ folder, stack }: { folder: string; stack: string }): Deployed | undefined {
  const kept = readKept(folder);
  if (kept?.fingerprint !== undefined) return { state: kept.state, isComplete: true };
  // During an apply, and after a killed apply, Terraform's own state is newer than the kept state.
  const created = readStateFile({ folder: terraformFolderIn(folder), stack });
  const state = created && resourcesOf(created).length > 0 ? created : kept?.state;
  return state && { state, isComplete: false };
}

/** Returns a function that reads what is applied so far. That function returns the same object if nothing changed. */
function readerOf(terraform: Terraform): () => Promise<Applied> {
  let last: { readonly state: TerraformState; readonly applied: Applied } | undefined;
  return async () => {
    const state = await terraform.showWhileApplying();
    if (last?.state !== state) last = { state, applied: new Applied(state) };
    return last.applied;
  };
}

/** Adds the outputs of an earlier state, because `showWhileApplying` returns none. */
const withOutputs = ({ values }: TerraformState, { values: before }: TerraformState): TerraformState => ({
  ...(values && { values: { ...values, ...(before?.outputs && { outputs: before.outputs }) } }),
});

/** Folder of Terraform's configuration and state. */
const terraformFolderIn = (folder: string): string => join(folder, 'terraform');

/** File of the kept data. */
const keptFileIn = (folder: string): string => join(folder, 'applied.json');

/** Reads the kept data. @returns `undefined` if no apply was complete yet */
function readKept(folder: string): Kept | undefined {
  const file = keptFileIn(folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : undefined;
}

/**
 * Resumes the kept deployment while the stack is synthesised.
 *
 * @throws Error of the synthesis or of the resumption. If the synthesis fails, the resumed deployment is stopped first.
 */
async function resumeDuringSynthesis(
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

/**
 * Resumes the kept deployment.
 *
 * @returns `undefined` if a fresh start is requested, Terraform has never run, or moto's recorded requests cannot be replayed
 */
async function resume(options: LocalDeploymentOptions): Promise<Resumed | undefined> {
  const { folder } = options;
  const isBegun = existsSync(keptFileIn(folder)) || existsSync(terraformFolderIn(folder));
  if (options.fresh === true || !isBegun) return undefined;
  const kept = readKept(folder);
  try {
    return { aws: await LocalAws.start({ ...options, resume: true }), kept };
  } catch (error) {
    if (!(error instanceof ReplayFailed)) throw error;
    options.progress(error.message);
    return undefined;
  }
}
