import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

/** A function as it is deployed. */
export interface Deployment {
  readonly name: string;
  /** Path of the function's zip. */
  readonly zip: string;
  /** Paths of the zips of its layers, laid over one another in this order. */
  readonly layers: readonly string[];
  /** `file.export`. */
  readonly handler: string;
  /** Everything the function finds in its environment, its role's credentials too. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMib: number;
  /** Names that its DNS answers, and their addresses. */
  readonly hosts: Readonly<Record<string, string>>;
}

/** How an invocation ended. */
export interface Invocation {
  /** JSON. */
  readonly payload: string;
  /** Lambda's word for a handler that threw, crashed or ran out of time. */
  readonly functionError?: 'Unhandled';
  /** What the function wrote meanwhile. */
  readonly log: string;
}

interface Answer {
  readonly ready?: boolean;
  readonly id?: string;
  readonly payload?: unknown;
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
}

/**
 * One running copy of a function: a process of its own with the files of its zip and its layers, and with nothing in
 * its environment but what the deployment put there.
 */
export class Container {
  private log = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly deployment: Deployment,
    private readonly initError: Answer['error'],
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.log += chunk.toString('utf8');
      });
    }
  }

  /** Unpacks the function into a folder, which it has for itself, and loads its handler. */
  static async start(deployment: Deployment, folder: string): Promise<Container> {
    const [task, opt] = [join(folder, 'task'), join(folder, 'opt')];
    await rm(folder, { recursive: true, force: true });
    await unpack(deployment.zip, task);
    for (const layer of deployment.layers) await unpack(layer, opt);
    const { handler, hosts } = deployment;
    const child = fork(join(__dirname, 'runtime.mjs'), [JSON.stringify({ task, handler, hosts })], {
      cwd: task,
      env: environmentOf(deployment, task, opt),
      execArgv: [`--max-old-space-size=${deployment.memoryMib}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const container = new Container(child, deployment, undefined);
    const { error } = await nextAnswer(child);
    return error ? Object.assign(container, { initError: error }) : container;
  }

  /** Handles one event. Events come one at a time, as with Lambda. */
  async invoke(event: unknown): Promise<Invocation> {
    this.log = '';
    if (this.initError) return this.failed(this.initError);
    const { timeoutSeconds } = this.deployment;
    const id = randomUUID();
    this.child.send({ id, event, deadline: Date.now() + timeoutSeconds * 1000 });
    const timer = setTimeout(() => this.child.kill('SIGKILL'), timeoutSeconds * 1000);
    const { payload, error } = await nextAnswer(this.child);
    clearTimeout(timer);
    await this.logged(`END RequestId: ${id}\n`);
    if (error) return this.failed(this.child.killed ? timedOut(timeoutSeconds) : error);
    return { payload: JSON.stringify(payload), log: this.log };
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  /** Waits until the function's own process has written a line, or ended. */
  private async logged(line: string): Promise<void> {
    while (!this.log.includes(line) && this.child.stdout?.readableEnded === false) {
      await Promise.race([once(this.child.stdout, 'data'), once(this.child.stdout, 'end')]);
    }
  }

  private failed(error: NonNullable<Answer['error']>): Invocation {
    return { payload: JSON.stringify(error), functionError: 'Unhandled', log: this.log };
  }
}

const timedOut = (seconds: number): NonNullable<Answer['error']> => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `Task timed out after ${seconds.toFixed(2)} seconds`,
});

/** The child's next message, or that it ended without one. */
function nextAnswer(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve) => {
    const message = (answer: unknown): void => {
      child.off('exit', exit);
      resolve(answer as Answer);
    };
    const exit = (): void => {
      child.off('message', message);
      resolve({ error: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited without answering' } });
    };
    child.once('message', message).once('exit', exit);
  });
}

async function unpack(zip: string, folder: string): Promise<void> {
  for (const [path, bytes] of Object.entries(unzipSync(await readFile(zip)))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** Layers lie in /opt with Lambda. Here they lie in the container's folder, and variables that point there do, too. */
function environmentOf({ name, memoryMib, environment }: Deployment, task: string, opt: string): NodeJS.ProcessEnv {
  const mapped = Object.entries(environment).map(
    ([key, value]) => [key, value.replace(/^\/opt\//, `${opt}/`)] as const,
  );
  return {
    ...Object.fromEntries<string>(mapped),
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMib),
    LAMBDA_TASK_ROOT: task,
    TZ: ':UTC',
  };
}
