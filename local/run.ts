import { rmSync } from 'node:fs';
import { relative } from 'node:path';
import { ApplyProgress } from './cli/apply-progress';
import { inWords, roughly } from './cli/durations';
import { diskSpaceMib } from './cli/disk-space';
import { keptIn, type Named } from './cli/kept-folder';
import { openBrowser } from './cli/open-browser';
import { elapsed, runPhases, type Phase } from './cli/phases';
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
  /** Prints everything that Terraform prints. */
  readonly verbose: boolean;
}

/** What the phases make. */
interface Context {
  deployment?: LocalDeployment;
  served?: Served | undefined;
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
  const context: Context = {};
  try {
    await runPhases(phasesOf({ ...options, kept }, stop, context), { signal: stop.signal, verbose: options.verbose });
    showReady(options, kept, context);
    await stop.requested;
  } finally {
    if (stop.signal.aborted) console.log('\nStopping');
    removeEndpoints(kept);
    await context.deployment?.stop();
    unlock();
  }
}

function phasesOf(options: RunOptions & { readonly kept: string }, stop: StopRequests, context: Context): Phase[] {
  const { kept, number, verbose } = options;
  const apply = new ApplyProgress(`${kept}.apply-times.json`);
  let show: (line: string) => void = () => undefined;
  const progress = (line: string): void => {
    apply.read(line);
    if (verbose) show(line);
  };
  const deployment = (): LocalDeployment => {
    if (context.deployment === undefined) throw new Error('The control plane does not run');
    return context.deployment;
  };
  return [
    {
      title: 'Synthesising the configuration; starting the control plane and the database',
      work: async () => {
        const watcher = { notice: console.error, fail: (error: Error) => stop.fail(error) };
        const running = { folder: kept, ports: PREFERRED_PORTS, number, progress, signal: stop.signal, watcher };
        context.deployment = await LocalDeployment.start({ stack: stackOf(options), ...running });
      },
    },
    {
      title: `Terraform applies the configuration, about ${roughly(apply.remaining)}`,
      skip: () => deployment().isApplied && 'nothing to do, this configuration is applied already',
      work: async (showLine) => {
        show = showLine;
        apply.begin();
        const timer = setInterval(() => verbose || show(String(apply)), SHOW_MS);
        await deployment()
          .apply()
          .finally(() => clearInterval(timer));
        apply.keep();
      },
    },
    {
      title: 'Starting CloudFront, API Gateway, Lambda and RDS',
      work: async () => {
        context.served = await deployment().serve();
      },
    },
  ];
}

async function stackOf({ environment, kept }: RunOptions & { readonly kept: string }): Promise<string> {
  const synthesised = `${kept}.synthesised`;
  const stacks = await synthesise(synthesised);
  const stack = stacks.get(environment);
  if (stack !== undefined) return stack;
  rmSync(synthesised, { recursive: true });
  throw new Error(
    `--environment must name one of ${[...stacks.keys()].join(', ')}, got ${environment}. Each is an object in environments/ that environments/index.ts lists.`,
  );
}

/** The last line is what a person looks at first. */
function showReady({ open }: RunOptions, kept: string, { deployment, served }: Context): void {
  if (deployment === undefined) return;
  writeEndpoints(kept, endpointsOf(deployment, served));
  const { text, url } = howToUse({ deployment, served, folder: kept });
  const space = `${Math.ceil(diskSpaceMib(kept))} MiB in ${relative('', kept)}/`;
  console.log(`${text}\n\nDisk space: ${space}\nReady after ${inWords(elapsed())}. Ctrl-C stops everything.`);
  if (url !== undefined) console.log(`Open in a browser: ${url}`);
  if (url !== undefined && open) openBrowser(url);
}
