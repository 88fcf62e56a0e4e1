import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Applied } from '../applied';
import { LogFiles } from '../log-files';
import type { Attachment } from '../network/network';
import type { VpcConfig } from '../network/resources';
import { findFunction, layerHashes, type AppliedFunction } from './applied-function';
import { AwsError } from './aws-error';
import { Concurrency } from './concurrency';
import { Container } from './container';
import type { DeployedFunction } from './deployment';
import type { Invocation } from './invocation';
import { ContainerPool, type Pooled } from './container-pool';
import { Runtimes } from './runtimes';

/** A container is ended after this idle time. */
const IDLE_MS = 10 * 60_000;

/** Maximum size of an event: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const EVENT_BYTES = 6 * 2 ** 20;

/** An attachment that is released when the container ends. */
export interface LeasedAttachment extends Attachment {
  release(): void;
}

export interface LambdaOptions {
  /** Folder for the containers' files. */
  readonly folder: string;
  /** Folder for the functions' logs, `<name>.log`. */
  readonly logFolder: string;
  /** URL of the local AWS that functions call. */
  readonly endpoint: string;
  /** Replaces AWS's certificate authorities in the text of a layer's PEM bundle by local ones. */
  readonly trust: (bundle: string) => string;
  /** Reads the applied resources; called at each invocation. */
  readonly applied: () => Promise<Applied>;
  /** Returns the path of the zip that has a hash (SHA-256, base64). */
  readonly zipPath: (codeSha256: string) => string;
  /** Returns temporary credentials of an applied role, as environment variables. */
  readonly credentials: (roleArn: string, session: string, applied: Applied) => Promise<Record<string, string>>;
  /** Attaches a container to the network; `vpc` is absent for a function outside the VPC. */
  readonly attach: (vpc: VpcConfig | undefined) => LeasedAttachment;
}

/** A function that calls the local AWS from its container. */
export interface CallingFunction {
  readonly caller: AppliedFunction;
  /** The applied resources as of the last invocation; reading them again would slow down each call. */
  readonly applied: Applied;
}

/** What a container is made of. Any difference needs a new container. */
interface Revision {
  readonly appliedFunction: AppliedFunction;
  /** Hashes of the layers' zips. */
  readonly layers: readonly string[];
  readonly credentials: Readonly<Record<string, string>>;
  /** Host names of the databases and proxies. A container learns their addresses when it starts. */
  readonly endpoints: readonly string[];
}

/** Runs the applied functions. */
export class Lambda {
  private readonly concurrency = new Concurrency();
  private readonly pools = new Map<string, { readonly revision: Revision; readonly pool: ContainerPool }>();
  private readonly logs: LogFiles;
  /** Functions by the addresses of their containers. */
  private readonly functionByAddress = new Map<string, AppliedFunction>();
  private lastApplied: Applied | undefined;
  private readonly containers = new Set<Container>();
  private readonly runtimes = new Runtimes();
  private startCount = 0;
  private isStopping = false;

  constructor(private readonly options: LambdaOptions) {
    this.logs = new LogFiles(options.logFolder);
  }

  /**
   * Invokes a function and waits for its answer. An error that the function throws is an answer, too.
   *
   * @param name name or ARN, also partial or with a qualifier
   * @throws AwsError if there is no such function, the event is too large, or the call is throttled.
   */
  async invoke(name: string, event: unknown, qualifier?: string | null): Promise<Invocation> {
    const applied = (this.lastApplied = await this.options.applied());
    const appliedFunction = findFunction(applied, name, qualifier);
    checkSize(event);
    const endExecution = this.concurrency.enter(appliedFunction);
    try {
      const layers = layerHashes(applied, appliedFunction);
      // Renewed credentials make a new revision, so containers with the old credentials end.
      const credentials = await this.options.credentials(appliedFunction.role, appliedFunction.function_name, applied);
      return await this.poolOf({ appliedFunction, layers, credentials, endpoints: endpointsOf(applied) }).invoke(event);
    } finally {
      endExecution();
    }
  }

  /** Starts a Node.js process for each memory size of the applied functions, so that cold starts need not wait for one. */
  prepare(applied: Applied): void {
    for (const { memory_size } of applied.all<AppliedFunction>('aws_lambda_function'))
      this.runtimes.prepare(memory_size);
  }

  /** Returns the function whose container has this address, if any. */
  callerAt(address: string): CallingFunction | undefined {
    const caller = this.functionByAddress.get(address);
    return caller && this.lastApplied && { caller, applied: this.lastApplied };
  }

  /** Ends all containers, also busy and starting ones. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all([...this.containers].map((container) => container.stop()));
    await Promise.all([...this.pools.values()].map(({ pool }) => pool.stop()));
    await this.runtimes.stop();
    await this.logs.close();
    await rm(this.options.folder, { recursive: true, force: true });
  }

  private poolOf(revision: Revision): ContainerPool {
    const { arn } = revision.appliedFunction;
    const known = this.pools.get(arn);
    if (known && isDeepStrictEqual(known.revision, revision)) return known.pool;
    const pool = new ContainerPool(() => this.start(revision), IDLE_MS);
    this.pools.set(arn, { revision, pool });
    void known?.pool.stop();
    return pool;
  }

  private async start(revision: Revision): Promise<Pooled> {
    const { appliedFunction } = revision;
    const attachment = this.options.attach(appliedFunction.vpc_config[0]);
    this.functionByAddress.set(attachment.address, appliedFunction);
    const detach = (): void => {
      this.functionByAddress.delete(attachment.address);
      attachment.release();
    };
    try {
      const folder = join(this.options.folder, `${appliedFunction.function_name}-${this.startCount++}`);
      const deployment = this.deploymentOf(revision, attachment);
      const log = this.logs.file(appliedFunction.function_name);
      const container = await Container.start(deployment, folder, (text) => log.write(text), this.runtimes);
      if (this.isStopping) {
        await container.stop();
        throw new Error('Lambda is stopping, so it runs no function.');
      }
      return this.pooled(container, detach);
    } catch (error) {
      detach();
      throw error;
    }
  }

  private pooled(container: Container, detach: () => void): Pooled {
    this.containers.add(container);
    return {
      get isAlive() {
        return container.isAlive;
      },
      invoke: (event) => container.invoke(event),
      stop: async () => {
        await container.stop();
        if (this.containers.delete(container)) detach();
      },
    };
  }

  private deploymentOf(
    { appliedFunction, layers, credentials }: Revision,
    { address, hosts }: Attachment,
  ): DeployedFunction {
    const { zipPath, trust, endpoint } = this.options;
    return {
      name: appliedFunction.function_name,
      arn: appliedFunction.arn,
      runtime: appliedFunction.runtime,
      handler: appliedFunction.handler,
      zip: zipPath(appliedFunction.code_sha256),
      layers: layers.map(zipPath),
      trust,
      timeoutSeconds: appliedFunction.timeout,
      memoryMib: appliedFunction.memory_size,
      attachment: { address, hosts },
      environment: { ...appliedFunction.environment[0]?.variables, ...credentials, AWS_ENDPOINT_URL: endpoint },
    };
  }
}

function endpointsOf(applied: Applied): string[] {
  const instances = applied.all<{ address?: string }>('aws_db_instance').map(({ address }) => address);
  const proxies = applied.all<{ endpoint?: string }>('aws_db_proxy').map(({ endpoint }) => endpoint);
  return [...instances, ...proxies].filter((name) => name !== undefined);
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
function checkSize(event: unknown): void {
  if (Buffer.byteLength(JSON.stringify(event)) <= EVENT_BYTES) return;
  const message = `Request must be smaller than ${EVENT_BYTES} bytes for the InvokeFunction operation`;
  throw new AwsError(413, 'RequestTooLargeException', message);
}
