import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Container, type Deployment, type Invocation } from '../lambda/container';
import { assumeRole, getLayers, type AppliedFunction } from './applied-function';
import type { AwsApi } from './aws-api';
import type { Uploads } from './uploads';

export interface RuntimeOptions {
  /** Where functions are unpacked. */
  readonly folder: string;
  /** URL of the AWS that functions call. */
  readonly endpoint: string;
  readonly uploads: Uploads;
  /** Answers for the DNS of the function's VPC, asked before a container starts: name → loopback address. */
  readonly hosts: (environment: Readonly<Record<string, string>>) => Promise<Readonly<Record<string, string>>>;
  /** Paths of zips that are laid over a function's own layers: what only the local AWS needs. */
  readonly overlays: readonly string[];
}

/** A container and the function it was started from. */
interface Warm {
  readonly revision: string;
  readonly container: Promise<Container>;
  /** The invocation that runs: a container takes one at a time. */
  last: Promise<unknown>;
}

/** Runs applied functions, each in a container that stays for the next call as long as the function is the same. */
export class Runtime {
  private readonly warm = new Map<string, Warm>();
  private readonly secretKeys = new Map<string, string>();
  private started = 0;

  constructor(private readonly options: RuntimeOptions) {}

  async invoke(lambda: AwsApi, applied: AppliedFunction, event: unknown): Promise<Invocation> {
    const warm = await this.warmFor(lambda, applied);
    const invocation = warm.last.then(async () => (await warm.container).invoke(event));
    warm.last = invocation.catch(() => undefined);
    return invocation;
  }

  /** The secret key of credentials that a function was given; who checks its signatures needs it. */
  secretKeyOf(accessKeyId: string): string | undefined {
    return this.secretKeys.get(accessKeyId);
  }

  async stop(): Promise<void> {
    const stopping = [...this.warm.values()].map(stop);
    this.warm.clear();
    await Promise.all(stopping);
  }

  private async warmFor(lambda: AwsApi, applied: AppliedFunction): Promise<Warm> {
    const revision = JSON.stringify(applied);
    const known = this.warm.get(applied.FunctionArn);
    if (known?.revision === revision) return known;
    const container = this.start(lambda, applied);
    const warm = { revision, container, last: container };
    this.warm.set(applied.FunctionArn, warm);
    container.catch(() => this.warm.delete(applied.FunctionArn));
    if (known) await stop(known);
    return warm;
  }

  private async start(lambda: AwsApi, applied: AppliedFunction): Promise<Container> {
    const folder = join(this.options.folder, `${applied.FunctionName}-${this.started++}`);
    mkdirSync(folder, { recursive: true });
    return Container.start(await this.deployment(lambda, applied), folder);
  }

  private async deployment(lambda: AwsApi, applied: AppliedFunction): Promise<Deployment> {
    const { uploads, endpoint, hosts, overlays } = this.options;
    const environment = { ...applied.Environment?.Variables };
    const credentials = await assumeRole({ ...lambda, service: 'sts' }, applied.Role, applied.FunctionName);
    this.secretKeys.set(credentials.AWS_ACCESS_KEY_ID, credentials.AWS_SECRET_ACCESS_KEY);
    return {
      name: applied.FunctionName,
      handler: applied.Handler,
      zip: uploads.zip(applied.CodeSha256),
      layers: [...(await getLayers(lambda, applied, uploads)), ...overlays],
      timeoutSeconds: applied.Timeout,
      memoryMib: applied.MemorySize,
      hosts: await hosts(environment),
      environment: {
        ...environment,
        ...credentials,
        AWS_REGION: lambda.region,
        AWS_ENDPOINT_URL: endpoint,
      },
    };
  }
}

async function stop(warm: Warm): Promise<void> {
  await warm.last;
  await (await warm.container.catch(() => undefined))?.stop();
}
