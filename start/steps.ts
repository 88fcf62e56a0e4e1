import { ApplyProgress } from './cli/apply-progress';
import { ask } from './cli/ask';
import { roughly } from './cli/durations';
import { runPhases, type Phase, type PhasesOptions } from './cli/phases';
import { planSummary, type PlanSummary } from './cli/plan-summary';
import type { LocalDeployment } from '../local';

/** Interval for updates in a terminal. */
const SHOW_MS = 1_000;

/** Options of {@link Steps}. With the inherited `verbose`, the phases print all of Terraform's output. */
export interface StepsOptions extends PhasesOptions {
  /** Folder of the deployment. */
  readonly deploymentFolder: string;
  /** Applies without asking. */
  readonly yes: boolean;
}

/** The visible steps of a deployment: phases with their durations, summaries, a question. */
export class Steps {
  private readonly progress: ApplyProgress;
  /** Current receiver of Terraform's lines. */
  private show: (line: string) => void = () => undefined;

  constructor(private readonly options: StepsOptions) {
    this.progress = new ApplyProgress(`${options.deploymentFolder}.apply-times.json`);
  }

  /** Takes a line of Terraform's output. */
  readonly read = (line: string): void => {
    this.progress.read(line);
    if (this.options.verbose) this.show(line);
  };

  /** @throws AlreadyShown if a phase fails */
  run(...phases: Phase[]): Promise<void> {
    return runPhases(phases, this.options);
  }

  /** Returns the phase that applies the configuration to an empty local AWS, or completes an interrupted apply. */
  applyAll(deployment: LocalDeployment): Phase {
    return {
      title: `Terraform applies the configuration, about ${roughly(this.progress.remaining)}`,
      skip: deployment.isApplied && 'nothing to do, this configuration is already applied',
      work: async (show) => {
        this.progress.begin();
        await this.whileShowing(show, () => String(this.progress), deployment.apply());
        // An apply that completes an interrupted one is shorter.
        if (deployment.startedEmpty) this.progress.keep();
      },
    };
  }

  applyChange(deployment: LocalDeployment): Phase {
    const title = 'Terraform applies the change';
    return { title, work: (show) => this.whileShowing(show, () => this.progress.counts, deployment.apply()) };
  }

  /** Plans a change and prints the summary of the plan. */
  async plan(deployment: LocalDeployment, title: string): Promise<PlanSummary> {
    let summary = planSummary({});
    await this.run({
      title,
      work: async (show) => {
        const plan = this.whileShowing(show, () => 'planning', deployment.plan());
        summary = planSummary(await plan.catch(failWithFreshHint));
      },
    });
    console.log(summary.text);
    return summary;
  }

  /** Asks whether to apply a change. @param options.asksAlways asks in a terminal even if no data is deleted */
  async confirm({ losses }: PlanSummary, { asksAlways }: { readonly asksAlways: boolean }): Promise<boolean> {
    const { yes, signal } = this.options;
    const isHarmless = losses.length === 0;
    if (yes || (isHarmless && !asksAlways)) return true;
    if (!isHarmless) console.log(`This deletes ${losses.join(', ')}.`);
    return ask({ text: 'Apply it?', byDefault: isHarmless, signal });
  }

  /** Shows the progress once per second. With `verbose`, Terraform's lines show it instead. */
  private async whileShowing<T>(show: (line: string) => void, progress: () => string, work: Promise<T>): Promise<T> {
    this.show = show;
    const timer = setInterval(() => {
      if (!this.options.verbose) show(progress());
    }, SHOW_MS);
    return work.finally(() => clearInterval(timer));
  }
}

/** Rethrows Terraform's error with the command that starts from an empty deployment. */
function failWithFreshHint(error: unknown): never {
  throw new Error(`${(error as Error).message}\n\nTo start from an empty deployment: npm start -- --fresh`, {
    cause: error,
  });
}
