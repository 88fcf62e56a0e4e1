import { join } from 'node:path';
import { Listr, type ListrTask } from 'listr2';
import { findMoto } from './control-plane/moto-program';
import { TerraformProgress } from './control-plane/terraform-progress';
import { findTerraform } from './control-plane/terraform-program';
import { findMariaDb } from './database/mariadb-program';
import { demandPort } from './processes/free-port';
import type { Served } from './local-aws';
import { LocalDeployment } from './local-deployment';
import { lockFolder } from './run-lock';
import { howToUse } from './screen';
import { synthesise } from './synthesis';

/** The ports on the screen. MySQL's is taken as well, so it runs once on a machine anyway. */
const PORTS = { https: 8443, http: 8080 };

/** Everything that listens at a port which is known beforehand: CloudFront, the instance, the proxies. */
const LISTENERS: readonly (readonly [string, number])[] = [
  ['127.0.0.1', PORTS.https],
  ['127.0.0.1', PORTS.http],
  ['127.0.1.1', 3306],
  ['127.0.1.2', 3306],
  ['127.0.1.3', 3306],
];

const ONE_REQUEST_MS = 1_000;

export interface RunOptions {
  /** Name of the environment. */
  readonly environment: string;
  /** Everything that is kept lies below it. */
  readonly folder: string;
  /** Whether everything is told that Terraform prints. */
  readonly verbose: boolean;
}

/** What the steps hand on. */
interface Context {
  deployment: LocalDeployment;
  served: Served | undefined;
}

/**
 * Deploys an environment on this machine and serves it until the process is told to stop.
 *
 * @throws Error that a person can act on.
 */
export async function runUntilStopped(options: RunOptions): Promise<void> {
  const unlock = lockFolder(options.folder);
  const { signal, asked } = listenForStop();
  const context: Partial<Context> = {};
  try {
    await steps(options, signal)
      .run(context as Context)
      .catch(alreadyTold);
    console.log(howToUse({ ...(context as Context), folder: join(options.folder, options.environment) }));
    await asked;
  } finally {
    if (signal.aborted) console.log('\nStopping');
    await context.deployment?.stop();
    unlock();
  }
}

/** A failure that is on the screen, where the list of steps has put it. */
export class AlreadyTold extends Error {}

function alreadyTold(cause: unknown): never {
  throw new AlreadyTold(undefined, { cause });
}

/** Ctrl-C, and what a service manager or a closing terminal sends. */
function listenForStop(): { readonly signal: AbortSignal; readonly asked: Promise<void> } {
  const stopping = new AbortController();
  let first = Infinity;
  const asked = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        // Whoever asks twice does not want to wait; what still runs is ended from outside. One Ctrl-C may come twice: from
        // the terminal, and handed on by tsx.
        if (Date.now() - first > ONE_REQUEST_MS) process.exit(130);
        first = Math.min(first, Date.now());
        stopping.abort(new Error('Stopped before everything ran.'));
        resolve();
      });
    }
  });
  return { signal: stopping.signal, asked };
}

function steps(
  { environment, folder, verbose }: RunOptions,
  signal: AbortSignal,
): Listr<Context, 'default', 'verbose'> {
  let tell: (line: string) => void = () => undefined;
  const terraform = new TerraformProgress();
  let told = '';
  const progress = (line: string): void => {
    const news = verbose ? line : terraform.read(line);
    if (news !== told) tell((told = news));
  };
  const all: Step[] = [
    {
      title: 'Tools and ports',
      task: demandAll,
    },
    {
      title: 'The configuration, as cdktf synth makes it; control plane and database',
      task: async (context) => {
        const stack = stackOf(environment, folder);
        const kept = { folder: join(folder, environment), ports: PORTS };
        context.deployment = await LocalDeployment.start({ stack, ...kept, progress, signal });
      },
    },
    {
      title: 'Terraform',
      skip: ({ deployment }) => deployment.isApplied && 'Terraform has applied this very configuration before',
      task: async ({ deployment }, task) => {
        tell = (line) => (task.output = line);
        await deployment.apply();
      },
    },
    {
      title: 'CloudFront, API Gateway, Lambda, RDS',
      task: async (context) => {
        context.served = await context.deployment.serve();
      },
    },
  ];
  return new Listr<Context, 'default', 'verbose'>(
    all.map((step) => stoppable(step, signal)),
    { registerSignalListeners: false, fallbackRenderer: 'verbose' },
  );
}

type Step = ListrTask<Context> & Required<Pick<ListrTask<Context>, 'task'>>;

/** No step begins after Ctrl-C. */
function stoppable(step: Step, signal: AbortSignal): Step {
  return {
    ...step,
    task: async (context, task) => {
      signal.throwIfAborted();
      try {
        await step.task(context, task);
      } catch (error) {
        // Ctrl-C ends what the step has started, too: that it failed is no news then.
        signal.throwIfAborted();
        throw error;
      }
    },
  };
}

/** @throws Error that tells of everything that is missing, not only of the first. */
async function demandAll(): Promise<void> {
  const searches = await Promise.allSettled<unknown>([
    findTerraform(),
    findMoto(),
    ...(['mariadbd', 'mariadb-install-db'] as const).map((program) => Promise.resolve(program).then(findMariaDb)),
    ...LISTENERS.map(([address, port]) => demandPort(address, port)),
  ]);
  const missing = searches.flatMap((search) =>
    search.status === 'rejected' ? [(search.reason as Error).message] : [],
  );
  if (missing.length > 0) throw new Error(missing.join('\n'));
}

async function stackOf(environment: string, folder: string): Promise<string> {
  const stacks = await synthesise(join(folder, 'synthesised'));
  const stack = stacks.get(environment);
  if (stack !== undefined) return stack;
  throw new Error(
    `--environment must name one of ${[...stacks.keys()].join(', ')}, got ${environment}. Each is an object in environments/ that environments/index.ts lists.`,
  );
}
