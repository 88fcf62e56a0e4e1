import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import { ApplyProgress } from './cli/apply-progress';
import { ask } from './cli/ask';
import { inWords, roughly } from './cli/durations';
import { diskSpaceMib } from './cli/disk-space';
import { keptIn, type Named } from './cli/kept-folder';
import { openBrowser } from './cli/open-browser';
import { elapsed, runPhases, type Phase } from './cli/phases';
import { summaryOf, type PlanSummary } from './cli/plan-summary';
import { StopRequests } from './cli/stop-requests';
import type { Ports } from './local-aws';
import type { Served } from './serving';
import { LocalDeployment } from './local-deployment';
import { endpointsOf, removeEndpoints, writeEndpoints } from './endpoints-file';
import { lockFolder } from './run-lock';
import { howToUse } from './screen';
import { synthesise } from './synthesis';

/** Where a second deployment finds one in use it takes the next free one. */
const PREFERRED_PORTS: Ports = { https: 8443, http: 8080, browser: 8000 };

/** How often a terminal shows what is happening. */
const SHOW_MS = 1_000;

export interface RunOptions extends Named {
  /** Opens the page in a browser when everything runs. */
  readonly open: boolean;
  /** Applies a change that deletes data without asking. */
  readonly yes: boolean;
  /** Ignores the kept deployment and starts from an empty one. */
  readonly fresh: boolean;
  /** Prints everything that Terraform prints. */
  readonly verbose: boolean;
}

/**
 * Deploys an environment on this machine and serves it until the process is told to stop.
 *
 * @throws Error with the remedy.
 */
export async function runUntilStopped(options: RunOptions): Promise<void> {
  const kept = keptIn(options);
  const unlock = lockFolder(kept);
  const stop = new StopRequests();
  const run = new Run(options, kept, stop);
  try {
    await run.start();
    await stop.requested;
  } finally {
    if (stop.signal.aborted) console.log('\nStopping');
    removeEndpoints(kept);
    await run.end();
    unlock();
  }
}

/** One start, as a person sees it. */
class Run {
  private readonly progress: ApplyProgress;
  /** Takes Terraform's lines while it runs. */
  private show: (line: string) => void = () => undefined;
  private deployment: LocalDeployment | undefined;
  private served: Served | undefined;

  constructor(
    private readonly options: RunOptions,
    private readonly kept: string,
    private readonly stop: StopRequests,
  ) {
    this.progress = new ApplyProgress(`${kept}.apply-times.json`);
  }

  async start(): Promise<void> {
    await this.run({
      title: 'Synthesising the configuration; starting the control plane and the database',
      work: async () => {
        this.deployment = await this.open();
      },
    });
    const { deployment } = this;
    if (deployment === undefined) return;
    const isChange = deployment.wasApplied && !deployment.isApplied;
    if (isChange) await this.planChange(deployment);
    await this.run(isChange ? this.applyChange(deployment) : this.applyAll(deployment), {
      title: 'Starting CloudFront, API Gateway, Lambda and RDS',
      work: async () => {
        this.served = await deployment.serve();
      },
    });
    showReady(this.options, this.kept, deployment, this.served);
  }

  async end(): Promise<void> {
    await this.deployment?.stop();
  }

  private open(): Promise<LocalDeployment> {
    const { number, fresh } = this.options;
    return LocalDeployment.start({
      stack: stackOf(this.options, this.kept),
      folder: this.kept,
      ports: PREFERRED_PORTS,
      number,
      fresh,
      progress: (line) => {
        this.progress.read(line);
        if (this.options.verbose) this.show(line);
      },
      signal: this.stop.signal,
      watcher: { notice: console.error, fail: (error: Error) => this.stop.fail(error) },
    });
  }

  private applyAll(deployment: LocalDeployment): Phase {
    return {
      title: `Terraform applies the configuration, about ${roughly(this.progress.remaining)}`,
      skip: () => deployment.isApplied && 'nothing to do, this configuration is applied already',
      work: async (show) => {
        this.progress.begin();
        await this.whileShowing(show, () => String(this.progress), deployment.apply());
        this.progress.keep();
      },
    };
  }

  /** Prints what the change does, and asks for confirmation if it deletes data. */
  private async planChange(deployment: LocalDeployment): Promise<void> {
    const summary = await this.planned(deployment);
    console.log(summary.text);
    if (summary.losses.length === 0 || this.options.yes) return;
    console.log(`This deletes ${summary.losses.join(', ')}.`);
    const text = 'Apply it?';
    if (await ask({ text, enter: false, withoutTerminal: false })) return;
    throw new Error('Nothing was applied. Undo the change, or run npm start -- --yes to delete the data.');
  }

  private async planned(deployment: LocalDeployment): Promise<PlanSummary> {
    let summary: PlanSummary | undefined;
    await this.run({
      title: 'Terraform plans what has changed since the last start',
      work: async (show) => {
        const plan = this.whileShowing(show, () => 'planning', deployment.plan());
        summary = summaryOf(await plan.catch(failWithFreshHint));
      },
    });
    return summary ?? summaryOf({});
  }

  private applyChange(deployment: LocalDeployment): Phase {
    const title = 'Terraform applies the change';
    return { title, work: (show) => this.whileShowing(show, () => this.progress.inCounts, deployment.apply()) };
  }

  /** Shows the progress of the work once a second. */
  private async whileShowing<T>(show: (line: string) => void, line: () => string, work: Promise<T>): Promise<T> {
    this.show = show;
    const timer = setInterval(() => this.options.verbose || show(line()), SHOW_MS);
    return work.finally(() => clearInterval(timer));
  }

  private run(...phases: Phase[]): Promise<void> {
    return runPhases(phases, { signal: this.stop.signal, verbose: this.options.verbose });
  }
}

/** Adds a remedy that exists on one machine only: starting without the kept deployment. */
function failWithFreshHint(error: unknown): never {
  throw new Error(`${(error as Error).message}\n\nTo start from an empty deployment: npm start -- --fresh`, {
    cause: error,
  });
}

async function stackOf({ environment }: RunOptions, kept: string): Promise<string> {
  const synthesised = `${kept}.synthesised`;
  const stacks = await synthesise(synthesised);
  const stack = stacks.get(environment);
  if (stack !== undefined) return stack;
  rmSync(synthesised, { recursive: true });
  throw new Error(
    `--environment must name one of ${[...stacks.keys()].join(', ')}, got ${environment}. Each is a file in environments/.`,
  );
}

/** The last line is what a person looks at first. */
function showReady({ open }: RunOptions, kept: string, deployment: LocalDeployment, served: Served | undefined): void {
  writeEndpoints(kept, endpointsOf(deployment, served));
  const { text, url } = howToUse({ deployment, served, folder: kept });
  const space = `${Math.ceil(diskSpaceMib(kept))} MiB in ${relative('', kept)}/`;
  console.log(`${text}\n\nDisk space: ${space}\nReady after ${inWords(elapsed())}. Ctrl-C stops everything.`);
  if (url !== undefined) console.log(`Open in a browser: ${url}`);
  if (url !== undefined && open) openBrowser(url);
}
