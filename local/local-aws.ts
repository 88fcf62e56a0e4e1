import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readRestApi } from './api-gateway/rest-api';
import { startApiGateway, type RunningApiGateway } from './api-gateway/server';
import { Applied } from './applied';
import { replay } from './control-plane/journal';
import { startLambdaFront, type LambdaFront } from './control-plane/lambda-front';
import { startMoto, type Moto } from './control-plane/moto';
import { secretReader } from './control-plane/secret-reader';
import { MariaDb } from './database/mariadb';
import { readDistribution } from './edge/distribution';
import { startReverseProxy, type ReverseProxy } from './edge/reverse-proxy';
import { startEdge, type RunningEdge } from './edge/server';
import type { Invocation } from './lambda/invocation';
import { LogFiles } from './log-files';
import { Claim } from './network/claim';
import { Network } from './network/network';
import { howItEnded } from './processes/server-exit';
import { Authorities } from './rds/authorities';
import { RdsEndpoints } from './rds/endpoints';

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

/** Is told what happens to the servers by itself. */
export interface Watcher {
  /** The database ended and was started again. */
  notice(line: string): void;
  /** A server ended, and nothing but a new start helps. */
  fail(error: Error): void;
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

const ANY_PORTS: Ports = { https: 0, http: 0, browser: 0 };

/** A database that crashes again so soon is not restarted once more. */
const CRASH_LOOP_MS = 30_000;

/** How a person names this machine. */
const OWN_NAMES = ['localhost', '127.0.0.1', '::1'];

/** What callers meet: absent where no route is deployed. */
export interface Served {
  readonly api: RunningApiGateway;
  readonly edge: RunningEdge;
  readonly browser: ReverseProxy;
}

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
  private served: Served | undefined;
  private names: string | undefined;
  private readonly logs: LogFiles;
  private isStopping = false;
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

  /** While Terraform applies: whenever a function is invoked, what is applied by then is read anew. */
  follow(read: () => Promise<Applied>): void {
    this.applied = async () => {
      const applied = await read();
      await this.endpoints.update(applied);
      return applied;
    };
  }

  /** Serves what was applied, in the place of what was served before. Where the names stay no request fails for it. */
  async serve(applied: Applied): Promise<Served | undefined> {
    await this.front.endJournal();
    this.applied = () => Promise.resolve(applied);
    await this.endpoints.update(applied);
    const names = namesOf(applied);
    if (names !== this.names) this.stopServing();
    this.names = names;
    if (this.served === undefined) this.served = names === undefined ? undefined : await this.startServing(applied);
    else this.update(this.served, applied);
    this.front.prepare(applied);
    return this.served;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.stopServing();
    for (const part of this.parts.splice(0).reverse()) await part.stop();
    this.claim.stop();
    await this.logs.close();
  }

  private async begin(): Promise<void> {
    const { folder, resume, signal } = this.options;
    const journal = join(folder, 'journal.jsonl');
    const [moto, database] = await this.together(startMoto(folder), this.openDatabase());
    if (resume) await replay(journal, moto.socket, signal);
    this.database = database;
    void this.watchMoto(moto);
    const kept = this.keepDatabaseRunning();
    // Last of all: it ends once the database is stopped.
    this.parts.unshift({ stop: () => kept });
    this.front = await this.startFront(moto, resume ? undefined : journal);
    this.endpoints = new RdsEndpoints({
      network: this.network,
      database,
      authorities: { instance: this.authorities.instance, proxy: this.authorities.amazon },
      // By the front, for its journal: moto draws from its randomness for answers to reading requests, too.
      readSecret: secretReader(this.front.url),
      credentialsOf: (accessKeyId) => this.front.credentialsOf(accessKeyId),
      log: this.logs.writer('rds'),
    });
    this.parts.push(this.front, this.endpoints);
  }

  /** What moto knew is lost with it; a later start replays it from the journal. */
  private async watchMoto({ exited }: Moto): Promise<void> {
    const exit = await exited;
    if (!exit.isStopped) this.options.watcher?.fail(new Error(`The control plane (moto) ended: ${howItEnded(exit)}.`));
  }

  /**
   * Starts the database again where it crashed, as RDS does with an instance; clients lose their connections.
   *
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
   */
  private async keepDatabaseRunning(): Promise<void> {
    const { watcher } = this.options;
    if (watcher === undefined) return;
    for (let startedAt = -Infinity; ; startedAt = Date.now()) {
      const exit = await this.database.exited;
      if (exit.isStopped) return;
      const what = `The database (MariaDB) ended: ${howItEnded(exit)}.`;
      try {
        if (Date.now() - startedAt < CRASH_LOOP_MS) throw new Error('It was restarted just before.');
        await this.database.restart();
      } catch (error) {
        watcher.fail(new Error(`${what} ${(error as Error).message}`, { cause: error }));
        return;
      }
      if (this.isStopping) return this.database.stop();
      watcher.notice(`${what} It runs again, with its data; open connections are lost.`);
    }
  }

  private async openDatabase(): Promise<MariaDb> {
    return MariaDb.open(join(this.options.folder, 'database'), await this.authorities.instance.issue('localhost'));
  }

  private startFront(moto: Moto, journal: string | undefined): Promise<LambdaFront> {
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
      reachesSecretsManager: (address) => this.network.judgeSecretsManager(address),
      journal,
      log: this.logs.writer('lambda'),
    });
  }

  private async startServing(applied: Applied): Promise<Served> {
    const { amazon } = this.authorities;
    const { domainName } = readRestApi(applied);
    const api = await startApiGateway({
      applied,
      certificate: await amazon.issue(domainName),
      // Its name leads here for CloudFront, and for people by `curl --connect-to`.
      address: this.network.loopback(1, 200),
      port: 0,
      invoke: (functionArn, event) => this.front.invoke(functionArn, event),
      log: this.logs.writer('api-gateway'),
    });
    try {
      return { api, ...(await this.startEdge(applied, api)) };
    } catch (error) {
      api.stop();
      throw error;
    }
  }

  private async startEdge(applied: Applied, api: RunningApiGateway): Promise<Omit<Served, 'api'>> {
    const { amazon } = this.authorities;
    const { domainName, aliases } = readDistribution(applied);
    const origin = readRestApi(applied).domainName;
    const edge = await startEdge({
      applied,
      certificate: await amazon.issue(domainName, ...aliases, ...OWN_NAMES),
      httpsPort: this.claim.release('https'),
      httpPort: this.claim.release('http'),
      resolve: (host, port) => (host === origin && port === 443 ? { address: api.address, port: api.port } : undefined),
      originCa: amazon.pem,
      logWaf: this.logs.writer('waf'),
      log: this.logs.writer('cloudfront'),
    });
    try {
      const browser = await startReverseProxy({
        port: this.claim.release('browser'),
        httpsPort: edge.httpsPort,
        ca: amazon.pem,
        log: this.logs.writer('cloudfront'),
      });
      return { edge, browser };
    } catch (error) {
      edge.stop();
      throw error;
    }
  }

  /** API Gateway first: a new key has to be valid before CloudFront sends it. */
  private update({ api, edge }: Served, applied: Applied): void {
    api.update(applied);
    edge.update(applied);
  }

  private stopServing(): void {
    this.served?.browser.stop();
    this.served?.edge.stop();
    this.served?.api.stop();
    this.served = undefined;
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

/** What listens, and certificates, are made for; `undefined` where no API is deployed. */
function namesOf(applied: Applied): string | undefined {
  if (applied.all('aws_api_gateway_rest_api').length === 0) return undefined;
  const { domainName, aliases, ipv6 } = readDistribution(applied);
  return JSON.stringify([readRestApi(applied).domainName, domainName, aliases, ipv6]);
}
