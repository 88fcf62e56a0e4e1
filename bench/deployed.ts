import { createHash, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Applied, type LocalDeployment, resourcesOf, type Served, TerraformProgress } from '../local';
import { Uploads } from '../local/aws-api/uploads';
import { createApp } from '../modules/app';
import { bundling } from '../modules/compute/bundling';
import type { Environment } from '../modules/settings/settings';
import { startDeployment } from '../start/deployment';
import { synthesise } from '../start/synthesis';
import { Callers } from './callers';
import type { Job, LoadResult } from './load';
import { cpuMs, processTree } from './processes';

const ENVIRONMENT = 'dev';
const TIMEOUT_SECONDS = 120;
/** Time after which a proxy has noticed a closed connection. */
const SETTLE_MS = 100;
/** Kept across runs, so that a later run applies only what has changed. */
const FOLDER = join(__dirname, '..', '.local', 'bench');

/** Result of the calls of one job. */
export interface CallResult extends LoadResult {
  /** Average CPU time of one call, ms. The CPU time of the callers does not count. */
  readonly cpu: {
    /** CPU time of the process with CloudFront, API Gateway, Lambda and the RDS endpoints. */
    readonly own: number;
    /** CPU time of that process and its child processes, such as the functions and the database. */
    readonly all: number;
  };
}

/** The environment dev on the local AWS. After `serve` it has no throttle in the usage plan and no rate limit in the WAF. */
export class Deployed {
  private served: Served | undefined;
  private readonly callers = new Callers();

  /** Resumes the deployment of an earlier run, if there is one. Applies the environment if it is new or has changed. */
  static async start(): Promise<Deployed> {
    const stacks = await synthesise(join(FOLDER, 'synthesised'));
    const stack = stacks.get(ENVIRONMENT);
    if (stack === undefined) throw new Error(`environments/${ENVIRONMENT}.ts is missing. The benchmarks need it.`);
    const folder = join(FOLDER, ENVIRONMENT);
    const deployment = await startDeployment({ stack, folder, progress: progressPrinter() });
    const deployed = new Deployed(deployment, new Uploads(join(folder, 'lambda', 'uploads')));
    try {
      if (!deployment.isApplied) await deployment.apply();
      await deployment.serve();
      return deployed;
    } catch (error) {
      await deployed.stop();
      throw error;
    }
  }

  private constructor(
    private readonly deployment: LocalDeployment,
    private readonly uploads: Uploads,
  ) {}

  /**
   * Serves the deployment without rate limits, with new containers for all functions.
   *
   * @param code new zips for some functions; each key is the end of a function's name
   */
  async serve(code: Readonly<Record<string, Uint8Array>> = {}): Promise<void> {
    const replacements = Object.entries(code).map(([name, zip]) => ({ name, codeSha256: this.upload(zip) }));
    const state = structuredClone(this.deployment.state);
    const resources: readonly { type: string; values: Record<string, unknown> }[] = resourcesOf(state);
    for (const { type, values } of resources) {
      if (type === 'aws_api_gateway_usage_plan') values['throttle_settings'] = [];
      if (type === 'aws_wafv2_web_acl') values['rule'] = withoutRateLimit(values['rule']);
      if (type !== 'aws_lambda_function') continue;
      // The local Lambda replaces the containers of a function when an attribute has changed.
      values['last_modified'] = randomUUID();
      const replacement = replacements.find(({ name }) => String(values['function_name']).endsWith(name));
      if (replacement === undefined) continue;
      values['code_sha256'] = replacement.codeSha256;
      // One invocation of the new code may make many logins or calls.
      values['timeout'] = TIMEOUT_SECONDS;
    }
    this.served = await this.deployment.aws.serve(new Applied(state));
  }

  /** Changes the settings of the running deployment. The next start changes them back. */
  async change(environment: Environment): Promise<void> {
    await bundling;
    const folder = join(FOLDER, 'changed');
    rmSync(folder, { recursive: true, force: true });
    createApp([environment], folder).synth();
    this.deployment.change(join(folder, 'stacks', environment.name));
    await this.deployment.apply();
  }

  /** Calls CloudFront from an address in the allowlist. @throws Error if an answer is not 200. */
  async call(job: Omit<Job, 'port' | 'ca'>): Promise<CallResult> {
    if (this.served === undefined) throw new Error('Nothing is served. Await serve() before call().');
    const { edge } = this.served;
    const processes = this.processes();
    const cpuMsBefore = processes.map(cpuMs);
    const load = await this.callers.run({
      port: edge.httpsPort,
      ca: this.deployment.aws.authorities.amazon.pem,
      ...job,
    });
    const [ownMs = 0, ...othersMs] = processes.map((pid, index) => cpuMs(pid) - (cpuMsBefore[index] ?? 0));
    const allMs = othersMs.reduce((sum, ms) => sum + ms, ownMs);
    return { ...load, cpu: { own: ownMs / load.times.length, all: allMs / load.times.length } };
  }

  /** Returns the CPU time that all processes of the deployment have used so far, ms. */
  cpuMs(): number {
    return this.processes().reduce((sum, pid) => sum + cpuMs(pid), 0);
  }

  /** Invokes a function directly with an event. @throws Error if it fails */
  async invoke<Answer>(name: string, event: unknown): Promise<Answer> {
    const functions = this.deployment.applied.all<{ readonly function_name: string }>('aws_lambda_function');
    const match = functions.find(({ function_name }) => function_name.endsWith(`-${name}`));
    const { payload, functionError } = await this.deployment.aws.invoke(match?.function_name ?? name, event);
    if (functionError !== undefined) throw new Error(`${name} failed: ${payload}`);
    return JSON.parse(payload) as Answer;
  }

  /** Closes every connection to the database except those of root, so that the pools of the proxies are empty. */
  async closeConnections(): Promise<void> {
    const { database } = this.deployment.aws;
    const statement = "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER NOT IN ('root', 'system user')";
    for (const { id } of await database.query<{ readonly id: number }>(statement)) {
      // The connection may have ended by itself.
      await database.query('KILL CONNECTION ?', [id]).catch(() => undefined);
    }
    await sleep(SETTLE_MS);
  }

  /** Returns the number of connections to the database since its start, those with a failed login included. */
  async connections(): Promise<number> {
    const statement = "SHOW GLOBAL STATUS LIKE 'Connections'";
    const [row] = await this.deployment.aws.database.query<{ readonly Value: string }>(statement);
    return Number(row?.Value);
  }

  stop(): Promise<void> {
    this.callers.stop();
    return this.deployment.stop();
  }

  /** Lists this process and its child processes, such as the functions and the database, without the callers. */
  private processes(): number[] {
    return processTree(process.pid, this.callers.pid);
  }

  private upload(zip: Uint8Array): string {
    const body = Buffer.from(JSON.stringify({ ZipFile: Buffer.from(zip).toString('base64') }));
    this.uploads.keep({ method: 'PUT', path: '/2015-03-31/functions/any-name/code', headers: {}, body });
    return createHash('sha256').update(zip).digest('base64');
  }
}

/** Returns a function that takes a line of Terraform's output, and prints the progress if it has changed. */
function progressPrinter(): (line: string) => void {
  const terraform = new TerraformProgress();
  let printed = '';
  return (line) => {
    const message = terraform.read(line);
    if (message !== printed) console.error((printed = message));
  };
}

/** Removes the rules that limit the rate: the benchmark calls from one address, as fast as possible. */
const withoutRateLimit = (rules: unknown): unknown =>
  (rules as { statement: { rate_based_statement?: unknown[] }[] }[]).filter(
    ({ statement: [kind] }) => (kind?.rate_based_statement ?? []).length === 0,
  );
