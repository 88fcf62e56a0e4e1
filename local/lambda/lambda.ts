import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Applied } from '../applied';
import { LogFiles } from '../log-files';
import { findFunction, layerHashes, type AppliedFunction, type VpcConfig } from './applied-function';
import { AwsError } from './aws-error';
import { Concurrency } from './concurrency';
import { Container } from './container';
import type { Deployment, Place } from './deployment';
import type { Invocation } from './invocation';
import { Pool, type Pooled } from './pool';
import { Runtimes } from './runtimes';

const MINUTE_MS = 60_000;
const IDLE_MINUTES = 10;

/** Of an event: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const EVENT_BYTES = 6 * 2 ** 20;

/** A place that is given back when the container ends. */
export interface LeasedPlace extends Place {
  release(): void;
}

export interface LambdaOptions {
  /** Where containers have their files. */
  readonly folder: string;
  /** Where each function has its log, `<name>.log`. */
  readonly logFolder: string;
  /** URL of the AWS that functions call. */
  readonly endpoint: string;
  /** Takes a bundle of certificate authorities, PEM, and gives the one to trust on this machine. */
  readonly trust: (bundle: string) => string;
  /** What is applied at this time; asked at each invocation. */
  readonly applied: () => Promise<Applied>;
  /** Path of a zip by its hash (SHA-256, base64). */
  readonly zip: (codeSha256: string) => string;
  /** Credentials of a role, as it was applied, that are good for a while, as variables of the environment. */
  readonly credentials: (
    roleArn: string,
    session: string,
    applied: Applied,
  ) => Promise<Readonly<Record<string, string>>>;
  /** A place in the network for a container; `vpc` is absent for a function outside of any. */
  readonly place: (vpc: VpcConfig | undefined) => Promise<LeasedPlace> | LeasedPlace;
  /** @default 10, as a new account has */
  readonly unreservedConcurrency?: number | undefined;
  /** A container that nobody needed for so long is ended. @default 10 */
  readonly idleMinutes?: number | undefined;
}

/** Who calls from a container. */
export interface Caller {
  readonly called: AppliedFunction;
  /** What was applied at the last invocation. To ask anew would cost each of its calls what Terraform takes to show it. */
  readonly applied: Applied;
}

/** All that a container is made of. What differs in anything needs other containers. */
interface Revision {
  readonly called: AppliedFunction;
  /** Hashes of the layers' zips. */
  readonly layers: readonly string[];
  readonly credentials: Readonly<Record<string, string>>;
}

/** Runs the functions that were applied. */
export class Lambda {
  private readonly concurrency: Concurrency;
  private readonly pools = new Map<string, { readonly revision: Revision; readonly pool: Pool }>();
  private readonly logs: LogFiles;
  private readonly callers = new Map<string, AppliedFunction>();
  private latest: Applied | undefined;
  private readonly containers = new Set<Container>();
  private readonly runtimes = new Runtimes();
  private started = 0;

  constructor(private readonly options: LambdaOptions) {
    this.concurrency = new Concurrency(options.unreservedConcurrency);
    this.logs = new LogFiles(options.logFolder);
  }

  /**
   * Invokes a function and waits for its answer. What the function throws is an answer, too.
   *
   * @param name name or ARN
   * @throws AwsError where there is no such function, the event is too large, or too many run.
   */
  async invoke(name: string, event: unknown, qualifier?: string | null): Promise<Invocation> {
    const applied = (this.latest = await this.options.applied());
    const called = findFunction(applied, name, qualifier);
    demandSize(event);
    const leave = this.concurrency.enter(called);
    try {
      const layers = layerHashes(applied, called);
      // Containers end with their credentials: new ones make a new revision.
      const credentials = await this.options.credentials(called.role, called.function_name, applied);
      return await this.poolOf({ called, layers, credentials }).invoke(event);
    } finally {
      leave();
    }
  }

  /** Starts a runtime for each memory size of the applied functions, ahead of their first calls. */
  prepare(applied: Applied): void {
    for (const { memory_size } of applied.all<AppliedFunction>('aws_lambda_function'))
      this.runtimes.prepare(memory_size);
  }

  /** The function whose container has an address, if one has. */
  callerAt(address: string): Caller | undefined {
    const called = this.callers.get(address);
    return called && this.latest && { called, applied: this.latest };
  }

  /** Ends all containers, also those that owe an answer. */
  async stop(): Promise<void> {
    await Promise.all([...this.containers].map((container) => container.stop()));
    await Promise.all([...this.pools.values()].map(({ pool }) => pool.stop()));
    await this.runtimes.stop();
    await this.logs.close();
    await rm(this.options.folder, { recursive: true, force: true });
  }

  private poolOf(revision: Revision): Pool {
    const { arn } = revision.called;
    const known = this.pools.get(arn);
    if (known && isDeepStrictEqual(known.revision, revision)) return known.pool;
    const pool = new Pool(() => this.start(revision), (this.options.idleMinutes ?? IDLE_MINUTES) * MINUTE_MS);
    this.pools.set(arn, { revision, pool });
    void known?.pool.stop();
    return pool;
  }

  private async start(revision: Revision): Promise<Pooled> {
    const { called } = revision;
    const place = await this.options.place(called.vpc_config[0]);
    this.callers.set(place.address, called);
    const leave = (): void => {
      this.callers.delete(place.address);
      place.release();
    };
    try {
      const folder = join(this.options.folder, `${called.function_name}-${this.started++}`);
      const deployment = this.deploymentOf(revision, place);
      const log = this.logs.file(called.function_name);
      const container = await Container.start(deployment, folder, (text) => log.write(text), this.runtimes);
      return this.pooled(container, leave);
    } catch (error) {
      leave();
      throw error;
    }
  }

  private pooled(container: Container, leave: () => void): Pooled {
    this.containers.add(container);
    return {
      get isAlive() {
        return container.isAlive;
      },
      invoke: (event) => container.invoke(event),
      stop: async () => {
        await container.stop();
        if (this.containers.delete(container)) leave();
      },
    };
  }

  private deploymentOf({ called, layers, credentials }: Revision, { address, hosts }: Place): Deployment {
    const { zip, trust, endpoint } = this.options;
    return {
      name: called.function_name,
      arn: called.arn,
      runtime: called.runtime,
      handler: called.handler,
      zip: zip(called.code_sha256),
      layers: layers.map(zip),
      trust,
      timeoutSeconds: called.timeout,
      memoryMib: called.memory_size,
      place: { address, hosts },
      environment: { ...called.environment[0]?.variables, ...credentials, AWS_ENDPOINT_URL: endpoint },
    };
  }
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
function demandSize(event: unknown): void {
  if (Buffer.byteLength(JSON.stringify(event)) <= EVENT_BYTES) return;
  const words = `Request must be smaller than ${EVENT_BYTES} bytes for the InvokeFunction operation`;
  throw new AwsError(413, 'RequestTooLargeException', words);
}
