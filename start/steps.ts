import { ApplyProgress } from './cli/apply-progress';
import { ask } from './cli/ask';
import { roughly } from './cli/durations';
import { runPhases, type Phase } from './cli/phases';
import { summaryOf, type PlanSummary } from './cli/plan-summary';
import type { LocalDeployment } from '../local';

/** How often a terminal shows what is happening. */
const SHOW_MS = 1_000;

export interface StepsOptions {
  /** Folder of the deployment; beside it lies how long its last apply took. */
  readonly kept: string;
  /** Applies without asking. */
  readonly yes: boolean;
  /** Prints everything that Terraform prints. */
  readonly verbose: boolean;
  readonly signal: AbortSignal;
}

/** What is done with a deployment, as a person sees it: phases with their times, summaries, a question. */
export class Steps {
  private readonly progress: ApplyProgress;
  /** Takes Terraform's lines while it runs. */
  private show: (line: string) => void = () => undefined;

  constructor(private readonly options: StepsOptions) {
    this.progress = new ApplyProgress(`${options.kept}.apply-times.json`);
  }

  /** Takes a line that Terraform has printed. */
  readonly read = (line: string): void => {
    this.progress.read(line);
    if (this.options.verbose) this.show(line);
  };

  /** @throws AlreadyShown where a phase fails. */
  run(...phases: Phase[]): Promise<void> {
    return runPhases(phases, this.options);
  }

  /** Applies to an AWS that is empty, or on which an apply did not come to its end. */
  applyAll(deployment: LocalDeployment): Phase {
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

  applyChange(deployment: LocalDeployment): Phase {
    const title = 'Terraform applies the change';
    return { title, work: (show) => this.whileShowing(show, () => this.progress.inCounts, deployment.apply()) };
  }

  /** Plans a change and prints what it does. */
  async plan(deployment: LocalDeployment, title: string): Promise<PlanSummary> {
    let summary = summaryOf({});
    await this.run({
      title,
      work: async (show) => {
        const plan = this.whileShowing(show, () => 'planning', deployment.plan());
        summary = summaryOf(await plan.catch(failWithFreshHint));
      },
    });
    console.log(summary.text);
    return summary;
  }

  /**
   * Whether a change may be applied.
   *
   * @param asksAlways asks in a terminal, also where no data is deleted
   */
  async isConfirmed({ losses }: PlanSummary, asksAlways: boolean): Promise<boolean> {
    const { yes, signal } = this.options;
    const isHarmless = losses.length === 0;
    if (yes || (isHarmless && !asksAlways)) return true;
    if (!isHarmless) console.log(`This deletes ${losses.join(', ')}.`);
    return ask({ text: 'Apply it?', enter: isHarmless, withoutTerminal: isHarmless, signal });
  }

  /** Shows the progress of the work once a second. */
  private async whileShowing<T>(show: (line: string) => void, line: () => string, work: Promise<T>): Promise<T> {
    this.show = show;
    const timer = setInterval(() => this.options.verbose || show(line()), SHOW_MS);
    return work.finally(() => clearInterval(timer));
  }
}

/** Adds a remedy that exists on one machine only: starting without the kept deployment. */
function failWithFreshHint(error: unknown): never {
  throw new Error(`${(error as Error).message}\n\nTo start from an empty deployment: npm start -- --fresh`, {
    cause: error,
  });
}
