import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Applied } from '../applied';
import { findFunction, layerHashes, type AppliedFunction, type VpcConfig } from './applied-function';
import { Concurrency } from './concurrency';
import { Container } from './container';
import type { Deployment, Place } from './deployment';
import type { Invocation } from './invocation';
import { Pool, type Pooled } from './pool';

const MINUTE_MS = 60_000;

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
  /** What is applied at this time. */
  readonly applied: () => Promise<Applied>;
  /** Path of a zip by its hash (SHA-256, base64). */
  readonly zip: (codeSha256: string) => string;
  /** Credentials of a role, as variables of the environment. */
  readonly credentials: (roleArn: string, session: string) => Promise<Readonly<Record<string, string>>>;
  /** A place in the network for a container; `vpc` is absent for a function outside of any. */
  readonly place: (vpc: VpcConfig | undefined) => Promise<LeasedPlace> | LeasedPlace;
  /** @default 10, as a new account has */
  readonly unreservedConcurrency?: number | undefined;
  /** A container that nobody needed for so long is ended. @default 10 */
  readonly idleMinutes?: number | undefined;
}

interface Revision {
  /** All that a container is made of; another one needs other containers. */
  readonly key: string;
  readonly pool: Pool;
}

/** Runs the functions that were applied. */
export class Lambda {
  private readonly concurrency: Concurrency;
  private readonly revisions = new Map<string, Revision>();
  private readonly logs = new Map<string, WriteStream>();
  private readonly callers = new Map<string, AppliedFunction>();
  private started = 0;

  constructor(private readonly options: LambdaOptions) {
    this.concurrency = new Concurrency(options.unreservedConcurrency);
    mkdirSync(options.logFolder, { recursive: true });
  }

  /**
   * Invokes a function and waits for its answer. What the function throws is an answer, too.
   *
   * @param name name or ARN
   * @throws AwsError where there is no such function, or where too many run.
   */
  async invoke(name: string, event: unknown, qualifier?: string | null): Promise<Invocation> {
    const applied = await this.options.applied();
    const called = findFunction(applied, name, qualifier);
    const leave = this.concurrency.enter(called);
    try {
      return await this.poolOf(called, layerHashes(applied, called)).invoke(event);
    } finally {
      leave();
    }
  }

  /** The function whose container has an address, if one has. */
  callerAt(address: string): AppliedFunction | undefined {
    return this.callers.get(address);
  }

  /** Ends all containers, the busy ones when they have answered. */
  async stop(): Promise<void> {
    await Promise.all([...this.revisions.values()].map(({ pool }) => pool.stop()));
    await Promise.all([...this.logs.values()].map((log) => new Promise((resolve) => log.end(resolve))));
    await rm(this.options.folder, { recursive: true, force: true });
  }

  private poolOf(called: AppliedFunction, hashes: readonly string[]): Pool {
    const key = JSON.stringify([called, hashes]);
    const known = this.revisions.get(called.arn);
    if (known?.key === key) return known.pool;
    const pool = new Pool(() => this.start(called, hashes), (this.options.idleMinutes ?? 10) * MINUTE_MS);
    this.revisions.set(called.arn, { key, pool });
    void known?.pool.stop();
    return pool;
  }

  private async start(called: AppliedFunction, hashes: readonly string[]): Promise<Pooled> {
    const place = await this.options.place(called.vpc_config[0]);
    const leave = (): void => {
      this.callers.delete(place.address);
      place.release();
    };
    this.callers.set(place.address, called);
    try {
      const folder = join(this.options.folder, `${called.function_name}-${this.started++}`);
      const deployment = await this.deploymentOf(called, hashes, place);
      const container = await Container.start(deployment, folder, (text) => this.logOf(called).write(text));
      return {
        get isAlive() {
          return container.isAlive;
        },
        invoke: (event) => container.invoke(event),
        stop: () => container.stop().finally(leave),
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  private async deploymentOf(called: AppliedFunction, hashes: readonly string[], place: Place): Promise<Deployment> {
    const { zip, trust, endpoint, credentials } = this.options;
    return {
      name: called.function_name,
      arn: called.arn,
      runtime: called.runtime,
      handler: called.handler,
      zip: zip(called.code_sha256),
      layers: hashes.map(zip),
      trust,
      timeoutSeconds: called.timeout,
      memoryMib: called.memory_size,
      place: { address: place.address, hosts: place.hosts },
      environment: {
        ...called.environment[0]?.variables,
        ...(await credentials(called.role, called.function_name)),
        AWS_ENDPOINT_URL: endpoint,
      },
    };
  }

  private logOf({ function_name: name }: AppliedFunction): WriteStream {
    const log = this.logs.get(name) ?? createWriteStream(join(this.options.logFolder, `${name}.log`), { flags: 'a' });
    this.logs.set(name, log);
    return log;
  }
}
