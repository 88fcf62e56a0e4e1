import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import { inWords } from './cli/durations';
import { diskSpaceMib } from './cli/disk-space';
import { keptFolder, type DeploymentId } from './cli/kept-folder';
import { openBrowser } from './cli/open-browser';
import { elapsed, type Phase } from './cli/phases';
import { StopRequests } from './cli/stop-requests';
import type { LocalDeployment, Ports, Served } from '../local';
import { startDeployment } from './deployment';
import { servedEndpoints, removeEndpoints, writeEndpoints } from './endpoints-file';
import { lockFolder } from './run-lock';
import { howToUse } from './screen';
import { Steps, type StepsOptions } from './steps';
import { SOURCES, synthesise } from './synthesis';
import { applySaves } from './watch/apply-saves';
import { Saves } from './watch/saves';

/** Preferred ports. If one is in use, the next free one is taken. */
const PREFERRED_PORTS: Ports = { https: 8443, http: 8080, browser: 8000 };

export interface RunOptions extends DeploymentId, Pick<StepsOptions, 'yes' | 'verbose'> {
  /** Opens the page in a browser when everything runs. */
  readonly open: boolean;
  /** Deletes the kept deployment and starts from an empty one. */
  readonly fresh: boolean;
  /** Applies saved changes while the deployment runs. In a terminal it asks before each change. */
  readonly watch: boolean;
}

/**
 * Deploys an environment on this machine and serves it until the process is stopped.
 *
 * @throws AlreadyShown if a phase fails. @throws Error with the remedy if anything else fails.
 */
export async function runUntilStopped(options: RunOptions): Promise<void> {
  const deploymentFolder = keptFolder(options);
  const unlock = lockFolder(deploymentFolder);
  const stop = new StopRequests();
  const run = new Run(options, deploymentFolder, stop);
  let saves: Saves | undefined;
  try {
    // Starts before the first synth, so that no save is missed.
    if (options.watch) saves = new Saves(SOURCES);
    await run.start();
    if (saves) await applySaves({ saves, signal: stop.signal, apply: () => run.change() });
    await stop.requested;
  } finally {
    saves?.stop();
    if (stop.signal.aborted) console.log('\nStopping');
    removeEndpoints(deploymentFolder);
    await run.end();
    unlock();
  }
}

/** One run of `npm start`: starts the deployment, changes it while it runs, and ends it. */
class Run {
  private readonly steps: Steps;
  private deployment: LocalDeployment | undefined;
  private served: Served | undefined;
  /** The usage lines on the screen. */
  private shownText = '';

  constructor(
    private readonly options: RunOptions,
    private readonly deploymentFolder: string,
    private readonly stop: StopRequests,
  ) {
    this.steps = new Steps({ ...options, deploymentFolder, signal: stop.signal });
  }

  async start(): Promise<void> {
    const { steps } = this;
    await steps.run({
      title: 'Synthesising the configuration; starting the control plane and the database',
      work: async () => {
        const { number, fresh } = this.options;
        this.deployment = await startDeployment({
          stack: this.synthesiseStack(),
          folder: this.deploymentFolder,
          ports: PREFERRED_PORTS,
          number,
          fresh,
          progress: steps.read,
          signal: this.stop.signal,
          watcher: { notice: console.error, fail: (error: Error) => this.stop.fail(error) },
        });
      },
    });
    const { deployment } = this;
    if (deployment === undefined) return;
    const isChange = deployment.wasEverApplied && !deployment.isApplied;
    if (isChange) {
      const summary = await steps.plan(deployment, 'Terraform plans the changes since the last start');
      if (!(await steps.confirm(summary, { asksAlways: false })))
        throw new Error('Nothing was applied: the change deletes data. Undo it, or allow it with npm start -- --yes.');
    }
    const title = 'Starting CloudFront, API Gateway, Lambda and RDS';
    await steps.run(isChange ? steps.applyChange(deployment) : steps.applyAll(deployment), this.serve(title));
    const url = this.showHowToUse();
    console.log(`Ready after ${inWords(elapsed())}. Ctrl-C stops everything.`);
    if (url !== undefined) console.log(`Open in a browser: ${url}`);
    if (url !== undefined && this.options.open) openBrowser(url);
    if (this.options.watch) console.log(`Watching ${SOURCES.names.join(', ')}: save a file to change the deployment.`);
  }

  /** Applies the current configuration after a confirmation. */
  async change(): Promise<void> {
    const { deployment, steps } = this;
    const began = elapsed();
    await steps.run({
      title: 'Synthesising the configuration',
      work: async () => {
        const stack = await this.synthesiseStack();
        deployment?.change(stack);
      },
    });
    if (deployment === undefined || deployment.isApplied) {
      console.log('The configuration has not changed.');
      return;
    }
    const summary = await steps.plan(deployment, 'Terraform plans the change');
    if (!(await steps.confirm(summary, { asksAlways: true }))) {
      console.log('Nothing was applied.');
      return;
    }
    await steps.run(steps.applyChange(deployment), this.serve('Serving what was applied'));
    const url = this.showHowToUse();
    const shownUrl = url === undefined ? '' : `  ${url}`;
    console.log(`Ready after ${inWords(elapsed() - began)}: ${summary.outcome}.${shownUrl}`);
  }

  async end(): Promise<void> {
    await this.deployment?.stop();
  }

  private serve(title: string): Phase {
    return {
      title,
      work: async () => {
        this.served = await this.deployment?.serve();
      },
    };
  }

  /** Synthesises the stack of the environment. @returns its folder */
  private async synthesiseStack(): Promise<string> {
    const { environment } = this.options;
    const outputFolder = `${this.deploymentFolder}.synthesised`;
    const stacks = await synthesise(outputFolder, this.stop.signal);
    const stack = stacks.get(environment);
    if (stack !== undefined) return stack;
    rmSync(outputFolder, { recursive: true });
    throw new Error(
      `--environment must name one of ${[...stacks.keys()].join(', ')}, got ${environment}. Each is a file in environments/.`,
    );
  }

  /** Prints the usage lines if they have changed. @returns URL for a browser */
  private showHowToUse(): string | undefined {
    const { deploymentFolder, deployment, served } = this;
    if (deployment === undefined) return undefined;
    writeEndpoints(deploymentFolder, servedEndpoints(deployment, served));
    const { text, url } = howToUse({ deployment, served, folder: deploymentFolder });
    const space = `${Math.ceil(diskSpaceMib(deploymentFolder))} MiB in ${relative('', deploymentFolder)}/`;
    if (text !== this.shownText) console.log(`${text}\n\nDisk space: ${space}`);
    this.shownText = text;
    return url;
  }
}
