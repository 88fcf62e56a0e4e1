import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Applied } from '../local/applied';
import { resourcesOf, type TerraformState } from '../local/control-plane/terraform-json';
import { TerraformProgress } from '../local/control-plane/terraform-progress';
import { Uploads } from '../local/control-plane/uploads';
import type { Served } from '../local/serving';
import { LocalDeployment } from '../local/local-deployment';
import { synthesise } from '../local/synthesis';
import { Callers } from './callers';
import type { Job, Load } from './load';
import { cpuMs, processesBelow } from './processes';

const ENVIRONMENT = 'dev';
const TIMEOUT_SECONDS = 120;
/** By then a proxy has noticed that a connection is closed. */
const SETTLE_MS = 100;
/** Kept from run to run, so that only the first has to apply. */
const FOLDER = join(__dirname, '..', '.local', 'bench');

/** What calls came to. */
export interface Called extends Load {
  /** CPU time of a call, ms; that of the callers does not count. */
  readonly cpu: {
    /** Of the process that is CloudFront, API Gateway, Lambda and the RDS endpoints. */
    readonly own: number;
    /** Of that, the functions and the database. */
    readonly all: number;
  };
}

/** Changes values of a resource. */
type Change = (type: string, values: Record<string, unknown>) => void;

/** The environment dev on the AWS of this machine, with a usage plan that lets everything through. */
export class Deployed {
  private served: Served | undefined;
  private readonly callers = new Callers();

  /** Takes up what an earlier run has applied, or applies it. */
  static async start(): Promise<Deployed> {
    const stacks = await synthesise(join(FOLDER, 'synthesised'));
    const stack = stacks.get(ENVIRONMENT);
    if (stack === undefined) throw new Error(`main.ts makes no stack of the environment ${ENVIRONMENT}`);
    const folder = join(FOLDER, ENVIRONMENT);
    const deployment = await LocalDeployment.start({ stack, folder, progress: progress() });
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
   * Serves everything in new containers.
   *
   * @param code zips that take the place of functions' own, by parts of the functions' names
   */
  async serve(code: Readonly<Record<string, Uint8Array>> = {}): Promise<void> {
    const replaced = Object.entries(code).map(([name, zip]) => ({ name, codeSha256: this.upload(zip) }));
    const revision = randomUUID();
    this.served = await this.deployment.aws.serve(
      changed(this.deployment.state, (type, values) => {
        if (type === 'aws_api_gateway_usage_plan') values['throttle_settings'] = [];
        if (type === 'aws_wafv2_web_acl') values['rule'] = withoutRateLimit(values['rule']);
        if (type !== 'aws_lambda_function') return;
        values['last_modified'] = revision;
        const own = replaced.find(({ name }) => String(values['function_name']).endsWith(name));
        if (own === undefined) return;
        values['code_sha256'] = own.codeSha256;
        // One invocation may be many logins or calls.
        values['timeout'] = TIMEOUT_SECONDS;
      }),
    );
  }

  /** Calls CloudFront, from the first office. @throws Error where a call is not answered 200. */
  async call(job: Omit<Job, 'port' | 'ca'>): Promise<Called> {
    if (this.served === undefined) throw new Error('Nothing is served');
    const { edge } = this.served;
    const processes = this.processes();
    const before = processes.map(cpuMs);
    const load = await this.callers.run({
      port: edge.httpsPort,
      ca: this.deployment.aws.authorities.amazon.pem,
      ...job,
    });
    const used = processes.map((pid, i) => cpuMs(pid) - (before[i] ?? 0));
    const perCall = (ms: number): number => ms / load.times.length;
    return { ...load, cpu: { own: perCall(used[0] ?? 0), all: perCall(used.reduce((sum, ms) => sum + ms, 0)) } };
  }

  /** CPU time that all processes of the deployment have used by now, ms. */
  cpuMs(): number {
    return this.processes().reduce((sum, pid) => sum + cpuMs(pid), 0);
  }

  /** Invokes a function with an event of its own. @throws Error where it fails */
  async invoke<Answer>(name: string, event: unknown): Promise<Answer> {
    const functions = this.deployment.applied.all<{ readonly function_name: string }>('aws_lambda_function');
    const found = functions.find(({ function_name }) => function_name.endsWith(`-${name}`));
    const { payload, functionError } = await this.deployment.aws.invoke(found?.function_name ?? name, event);
    if (functionError !== undefined) throw new Error(`${name} failed: ${payload}`);
    return JSON.parse(payload) as Answer;
  }

  /** Closes every connection to the database, so that the pools of the proxies are empty. */
  async closeConnections(): Promise<void> {
    const { database } = this.deployment.aws;
    const open = "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER NOT IN ('root', 'system user')";
    for (const { id } of await database.query<{ readonly id: number }>(open)) {
      // It may have ended by itself.
      await database.query('KILL CONNECTION ?', [id]).catch(() => undefined);
    }
    await sleep(SETTLE_MS);
  }

  /** How many connections the database has let in since it was started. */
  async connections(): Promise<number> {
    const statement = "SHOW GLOBAL STATUS LIKE 'Connections'";
    const [row] = await this.deployment.aws.database.query<{ readonly Value: string }>(statement);
    return Number(row?.Value);
  }

  stop(): Promise<void> {
    this.callers.stop();
    return this.deployment.stop();
  }

  /** That of `npm start`, the functions and the database; not that of the callers. */
  private processes(): number[] {
    return processesBelow(process.pid, this.callers.pid);
  }

  private upload(zip: Uint8Array): string {
    const body = Buffer.from(JSON.stringify({ ZipFile: Buffer.from(zip).toString('base64') }));
    this.uploads.keep({ method: 'PUT', path: '/2015-03-31/functions/peer/code', headers: {}, body });
    return createHash('sha256').update(zip).digest('base64');
  }
}

/** Tells the person who waits how far Terraform is. */
function progress(): (line: string) => void {
  const terraform = new TerraformProgress();
  let told = '';
  return (line) => {
    const news = terraform.read(line);
    if (news !== told) console.error((told = news));
  };
}

function changed(state: TerraformState, change: Change): Applied {
  const copy = structuredClone(state);
  for (const { type, values } of resourcesOf(copy)) change(type, values);
  return new Applied(copy);
}

/** The benchmark calls from one address, as fast as it can. */
const withoutRateLimit = (rules: unknown): unknown =>
  (rules as { statement: { rate_based_statement?: unknown[] }[] }[]).filter(
    ({ statement: [kind] }) => (kind?.rate_based_statement ?? []).length === 0,
  );
