import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Applied } from './applied';
import { replay } from './moto/journal';
import { AwsApiServer } from './aws-api/server';
import { startMoto, type Moto } from './moto/moto';
import type { JournalFile } from './moto/moto-link';
import { secretReader } from './aws-api/secret-reader';
import { keepRunning } from './database/keep-running';
import { MariaDb } from './database/mariadb';
import type { Invocation } from './lambda/invocation';
import { LogFiles } from './log-files';
import { Claim } from './network/claim';
import { Network } from './network/network';
import { howItEnded, type Watcher } from './processes/server-exit';
import { Authorities } from './certificates/authorities';
import { RdsEndpoints } from './rds/endpoints/endpoints';
import { Serving, type Served } from './serving';

export interface LocalAwsOptions {
  /** Root folder of everything kept: database, zips, logs, and the journal of the control plane. */
  readonly folder: string;
  /** Whether to resume what the folder holds. Otherwise the folder is emptied. */
  readonly resume: boolean;
  /** Aborts the replay of the journal. The start then fails. */
  readonly signal?: AbortSignal;
  /** Preferred ports. If one is in use, the next free one is taken. @default - any free ports */
  readonly ports?: Ports;
  /** N in the loopback addresses, 127.N.x.y. Deployments with different numbers run side by side. @default - a free number */
  readonly number?: number | undefined;
  /**
   * Receives a report of each server that ends unexpectedly. The database is then started again.
   *
   * @default - no reports, and no new start of the database
   */
  readonly watcher?: Watcher;
}

/** Ports on localhost. */
export interface Ports {
  /** CloudFront. */
  readonly https: number;
  /** CloudFront without TLS. */
  readonly http: number;
  /** The reverse proxy for browsers. */
  readonly browser: number;
}

/** Time until the target of a new proxy is available. AWS takes minutes; here it is short, because a start waits for it. */
const TARGET_SECONDS = 1;

/** Interval for reading what Terraform has applied. */
const FOLLOW_MS = 250;

/**
 * The local AWS: a control plane for Terraform, and services that serve what was applied. The services learn
 * what is deployed only from Terraform's state.
 */
export class LocalAws {
  /** Decides which connections succeed. */
  readonly network: Network;
  database!: MariaDb;
  endpoints!: RdsEndpoints;

  private applied: () => Promise<Applied> = () => Promise.resolve(new Applied({}));
  private awsApi!: AwsApiServer;
  private serving!: Serving;
  private following: NodeJS.Timeout | undefined;
  private readonly logs: LogFiles;
  private readonly stopping = new AbortController();
  /** The started parts. They stop in reverse order. */
  private readonly parts: { stop(): unknown }[] = [];

  private constructor(
    private readonly options: LocalAwsOptions,
    /** Local certificate authorities, which replace Amazon's. */
    readonly authorities: Authorities,
    private readonly claim: Claim,
  ) {
    this.network = new Network(claim.number);
    this.logs = new LogFiles(join(options.folder, 'logs'));
  }

  /**
   * @throws Error that says what to install if a program is missing, or which part did not start and why.
   * @throws ReplayFailed if the folder's journal cannot be replayed.
   */
  static async start(options: LocalAwsOptions): Promise<LocalAws> {
    const { number, ports, folder, resume } = options;
    const claim = await Claim.take({ number, ports: { ...ports } });
    if (!resume) rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const aws = new LocalAws(options, await Authorities.create(), claim);
    try {
      await aws.begin();
      return aws;
    } catch (error) {
      await aws.stop();
      throw error;
    }
  }

  /** URL of the control plane, for Terraform, the AWS CLI and the functions. */
  get url(): string {
    return this.awsApi.url;
  }

  /** Invokes an applied function. @throws AwsError if Lambda refuses the call, for example because the function does not exist */
  invoke(functionName: string, event: unknown): Promise<Invocation> {
    return this.awsApi.lambda.invoke(functionName, event);
  }

  /**
   * Serves what is applied so far, while Terraform applies, until `update` or `serve` is called.
   *
   * @param read returns the applied resources; the same object if nothing changed
   */
  follow(read: () => Promise<Applied>): void {
    clearInterval(this.following);
    let last: Applied | undefined;
    const readAndServe = async (): Promise<Applied> => {
      const applied = await read();
      // If `update` or `serve` was called during the read, `this.applied` returns newer resources.
      if (this.applied !== readAndServe) return this.applied();
      if (applied !== last) {
        await this.endpoints.follow(applied);
        await this.serving.follow(applied);
      }
      last = applied;
      return applied;
    };
    this.applied = readAndServe;
    if (this.serving.isServing) this.following = this.poll(readAndServe);
  }

  /** Makes the applied functions and databases available. Serves the API only if it was served before. */
  async update(applied: Applied): Promise<void> {
    clearInterval(this.following);
    this.applied = () => Promise.resolve(applied);
    await this.endpoints.update(applied);
    await this.serving.follow(applied);
  }

  /** Serves what was applied, in place of what was served before, as {@link Serving.serve} does. */
  async serve(applied: Applied): Promise<Served | undefined> {
    await this.update(applied);
    const served = await this.serving.serve(applied);
    this.awsApi.lambda.prepare(applied);
    return served;
  }

  async stop(): Promise<void> {
    clearInterval(this.following);
    this.stopping.abort();
    for (const part of this.parts.splice(0).reverse()) await part.stop();
    this.claim.stop();
    await this.logs.close();
  }

  /** Reads the applied resources at intervals, so that changes take effect before a function is invoked. */
  private poll(read: () => Promise<unknown>): NodeJS.Timeout {
    const log = this.logs.writer('rds');
    let isReading = false;
    return setInterval(() => {
      if (isReading) return;
      isReading = true;
      void read()
        .catch((error: unknown) => log(String(error)))
        .finally(() => (isReading = false));
    }, FOLLOW_MS);
  }

  private async begin(): Promise<void> {
    const { folder, resume, signal, watcher } = this.options;
    const journal = join(folder, 'journal.jsonl');
    const starting = [startMoto(folder), this.openDatabase()] as const;
    // If one of the two fails to start, `stop` still stops the other.
    for (const part of await Promise.allSettled(starting)) if (part.status === 'fulfilled') this.parts.push(part.value);
    const [moto, database] = await Promise.all(starting);
    if (resume) await replay(journal, moto.socket, signal);
    this.database = database;
    void this.watchMoto(moto);
    if (watcher) {
      const kept = keepRunning(database, watcher, this.stopping.signal);
      // First in the list, so awaited last: `kept` ends only after the database has stopped.
      this.parts.unshift({ stop: () => kept });
    }
    this.awsApi = await this.startAwsApi(moto, { path: journal, replayed: resume });
    this.endpoints = new RdsEndpoints({
      network: this.network,
      database,
      authorities: { instance: this.authorities.instance, proxy: this.authorities.amazon },
      // Reads secrets through the AWS API. A read can change moto's random numbers, so the journal must record it for a later replay.
      readSecret: secretReader(this.awsApi.url),
      credentialsOf: (accessKeyId) => this.awsApi.issued.of(accessKeyId),
      assumeRole: (roleArn, session) => this.awsApi.issued.forService(roleArn, session),
      log: this.logs.writer('rds'),
    });
    if (!resume) this.endpoints.makeTargetsAvailableAfter(TARGET_SECONDS);
    this.serving = new Serving({
      authority: this.authorities.amazon,
      claim: this.claim,
      network: this.network,
      invoke: (functionArn, event) => this.awsApi.lambda.invoke(functionArn, event),
      logs: this.logs,
    });
    this.parts.push(this.awsApi, this.endpoints, this.serving);
  }

  /** Reports an unexpected end of moto. Its state is then lost; a later start restores the state from the journal. */
  private async watchMoto({ exited }: Moto): Promise<void> {
    const exit = await exited;
    if (exit.isStopped) return;
    const message = `The control plane (moto) ended: ${howItEnded(exit)}. Start again: everything applied is kept.`;
    this.options.watcher?.fail(new Error(message));
  }

  private async openDatabase(): Promise<MariaDb> {
    return MariaDb.open(join(this.options.folder, 'database'), await this.authorities.instance.issue('localhost'));
  }

  private startAwsApi(moto: Moto, journal: JournalFile): Promise<AwsApiServer> {
    return AwsApiServer.start({
      upstream: moto.socket,
      folder: join(this.options.folder, 'lambda'),
      logFolder: this.logs.folder,
      trust: (bundle) => this.authorities.withLocalAuthorities(bundle),
      applied: () => this.applied(),
      attach: (vpc) => {
        const attachment = this.network.attach(vpc);
        return { ...attachment, release: () => this.network.detach(attachment.address) };
      },
      targetHealthOf: (proxyName) => this.endpoints.targetHealthOf(proxyName),
      judgeSecretsManager: (address) => this.network.judgeSecretsManager(address),
      journal,
      log: this.logs.writer('lambda'),
    });
  }
}
