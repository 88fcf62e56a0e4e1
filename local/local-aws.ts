import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Applied } from './applied';
import { replay } from './moto/journal';
import { startLambdaFront, type LambdaFront } from './aws-api/aws-front';
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
import { RdsEndpoints } from './rds/endpoints';
import { Serving, type Served } from './serving';

export interface LocalAwsOptions {
  /** What is kept lies below it: database, zips, logs, the journal of what was asked of the control plane. */
  readonly folder: string;
  /** Whether what the folder holds is taken up again; otherwise it is emptied. */
  readonly resume: boolean;
  /** Ends the start early. */
  readonly signal?: AbortSignal;
  /** Preferred ports; where one is in use the next free one is taken. @default - any free ones */
  readonly ports?: Ports;
  /** Second number of its loopback addresses: deployments with different ones run side by side. @default - a free one */
  readonly number?: number | undefined;
  /** @default - a server that ends by itself is noticed by those who call it */
  readonly watcher?: Watcher;
}

/** Ports of this machine's own addresses. */
export interface Ports {
  /** Of CloudFront. */
  readonly https: number;
  /** Of CloudFront, for callers without TLS. */
  readonly http: number;
  /** Of the reverse proxy for browsers. */
  readonly browser: number;
}

/** How long the target of a new proxy takes here; the start waits for it. AWS takes minutes. */
const TARGET_SECONDS = 1;

/** How often is looked at what Terraform has applied. */
const FOLLOW_MS = 250;

const ANY_PORTS: Ports = { https: 0, http: 0, browser: 0 };

/**
 * The AWS of one machine: a control plane that Terraform applies to, and services that serve what was applied. All they
 * know of the deployment is Terraform's state.
 */
export class LocalAws {
  /** Authorities that sign here in the places of Amazon's. */
  readonly authorities: Authorities;
  /** Who reaches whom. */
  readonly network: Network;
  database!: MariaDb;
  endpoints!: RdsEndpoints;

  private applied: () => Promise<Applied> = () => Promise.resolve(new Applied({}));
  private front!: LambdaFront;
  private serving!: Serving;
  private following: NodeJS.Timeout | undefined;
  private readonly logs: LogFiles;
  private readonly stopping = new AbortController();
  /** What has begun; it ends in the other order. */
  private readonly parts: { stop(): unknown }[] = [];

  private constructor(
    private readonly options: LocalAwsOptions,
    authorities: Authorities,
    private readonly claim: Claim,
  ) {
    this.authorities = authorities;
    this.network = new Network(claim.number);
    this.logs = new LogFiles(join(options.folder, 'logs'));
  }

  /** @throws Error that tells what to install where something is missing, or what did not start and why. */
  static async start(options: LocalAwsOptions): Promise<LocalAws> {
    const { number, ports = ANY_PORTS, folder, resume } = options;
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
    return this.front.url;
  }

  /** Invokes a function that was applied. @throws AwsError where there is none */
  invoke(functionName: string, event: unknown): Promise<Invocation> {
    return this.front.invoke(functionName, event);
  }

  /**
   * While Terraform applies, until `takeUp` or `serve`: what is applied by now is served.
   *
   * @param read gives the same object as long as nothing changes
   */
  follow(read: () => Promise<Applied>): void {
    clearInterval(this.following);
    let last: Applied | undefined;
    const follow = async (): Promise<Applied> => {
      const applied = await read();
      // Meanwhile all of it may have been applied, and be served.
      if (this.applied !== follow) return this.applied();
      if (applied !== last) await this.meet(applied);
      last = applied;
      return applied;
    };
    this.applied = follow;
    if (this.serving.isServing) this.following = this.repeat(follow);
  }

  /** Makes functions and databases available as applied. The API is served only where it was before. */
  async takeUp(applied: Applied): Promise<void> {
    clearInterval(this.following);
    this.applied = () => Promise.resolve(applied);
    await this.endpoints.update(applied);
    await this.serving.follow(applied);
  }

  /**
   * Serves what was applied, in the place of what was served before. No request fails for it, unless API Gateway and CloudFront
   * have other addresses.
   */
  async serve(applied: Applied): Promise<Served | undefined> {
    await this.takeUp(applied);
    const served = await this.serving.serve(applied);
    this.front.prepare(applied);
    return served;
  }

  async stop(): Promise<void> {
    clearInterval(this.following);
    this.stopping.abort();
    for (const part of this.parts.splice(0).reverse()) await part.stop();
    this.claim.stop();
    await this.logs.close();
  }

  /** Looks at what is applied by now, also while no function is invoked. One look ends before the next begins. */
  private repeat(look: () => Promise<unknown>): NodeJS.Timeout {
    const log = this.logs.writer('rds');
    let isLooking = false;
    return setInterval(() => {
      if (isLooking) return;
      isLooking = true;
      void look()
        .catch((error: unknown) => log(String(error)))
        .finally(() => (isLooking = false));
    }, FOLLOW_MS);
  }

  private async meet(applied: Applied): Promise<void> {
    await this.endpoints.follow(applied);
    await this.serving.follow(applied);
  }

  private async begin(): Promise<void> {
    const { folder, resume, signal, watcher } = this.options;
    const journal = join(folder, 'journal.jsonl');
    const [moto, database] = await this.together(startMoto(folder), this.openDatabase());
    if (resume) await replay(journal, moto.socket, signal);
    this.database = database;
    void this.watchMoto(moto);
    if (watcher) {
      const kept = keepRunning(database, watcher, this.stopping.signal);
      // Last of all: it ends once the database is stopped.
      this.parts.unshift({ stop: () => kept });
    }
    this.front = await this.startFront(moto, { path: journal, replayed: resume });
    this.endpoints = new RdsEndpoints({
      network: this.network,
      database,
      authorities: { instance: this.authorities.instance, proxy: this.authorities.amazon },
      // By the front, for its journal: without the front, requests that read draw from moto’s randomness, too.
      readSecret: secretReader(this.front.url),
      credentialsOf: (accessKeyId) => this.front.credentialsOf(accessKeyId),
      assumeRole: (roleArn, session) => this.front.assumeRole(roleArn, session),
      log: this.logs.writer('rds'),
    });
    if (!resume) this.endpoints.registerTargetsIn(TARGET_SECONDS);
    this.serving = new Serving({
      authority: this.authorities.amazon,
      claim: this.claim,
      network: this.network,
      invoke: (functionArn, event) => this.front.invoke(functionArn, event),
      logs: this.logs,
    });
    this.parts.push(this.front, this.endpoints, this.serving);
  }

  /** What moto knew is lost with it; a later start replays it from the journal. */
  private async watchMoto({ exited }: Moto): Promise<void> {
    const exit = await exited;
    if (exit.isStopped) return;
    const what = `The control plane (moto) ended: ${howItEnded(exit)}. Start again: what was applied is kept.`;
    this.options.watcher?.fail(new Error(what));
  }

  private async openDatabase(): Promise<MariaDb> {
    return MariaDb.open(join(this.options.folder, 'database'), await this.authorities.instance.issue('localhost'));
  }

  private startFront(moto: Moto, journal: JournalFile): Promise<LambdaFront> {
    return startLambdaFront({
      upstream: moto.socket,
      folder: join(this.options.folder, 'lambda'),
      logFolder: this.logs.folder,
      trust: (bundle) => this.authorities.inPlaceOf(bundle),
      applied: () => this.applied(),
      place: (vpc) => {
        const place = this.network.attach(vpc);
        return { ...place, release: () => this.network.detach(place.address) };
      },
      targetHealthOf: (proxyName) => this.endpoints.targetHealthOf(proxyName),
      reachesSecretsManager: (address) => this.network.judgeSecretsManager(address),
      journal,
      log: this.logs.writer('lambda'),
    });
  }

  /** Begins two parts side by side. Where one fails the other is still known, and stopped. */
  private async together<A extends Running, B extends Running>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
    const remember = async <P extends Running>(part: Promise<P>): Promise<P> => {
      const begun = await part;
      this.parts.push(begun);
      return begun;
    };
    const begun = [remember(one), remember(other)] as const;
    await Promise.allSettled(begun);
    return Promise.all(begun);
  }
}

interface Running {
  stop(): unknown;
}
