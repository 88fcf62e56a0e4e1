import type { Applied } from '../../applied';
import type { CertificateAuthority } from '../../certificates/certificate-authority';
import { RdsEndpoint } from './endpoint';
import type { ConnectionHandler } from '../protocol/connection-handler';
import type { Faults } from './faults';
import { MYSQL_PORT } from '../../network/peers';
import { ConnectionHandlers, type ConnectionHandlersOptions } from './connection-handlers';
import { createOrUpdateMasterUser } from '../instance/master-user';
import type { ProxyConnectionHandler } from '../proxy/proxy-connection-handler';
import { flawOf, parametersOf, type DbInstance, type DbProxy } from '../resources';
import type { TargetHealth } from '../proxy/target-health';
import { replaceUserView } from '../instance/user-table';

/** The applied DB instance and proxies, each at its own loopback address under its own name. */
export class RdsEndpoints {
  /** Messages about parameters that the instance's parameter group sets, but that have no effect here. */
  notices: readonly string[] = [];
  private readonly endpoints = new Map<string, RdsEndpoint>();
  /** Handlers of the proxies, by the proxies' names. */
  private proxies: ReadonlyMap<string, ProxyConnectionHandler> = new Map();
  private readonly handlers: ConnectionHandlers;
  private updating: Promise<void> = Promise.resolve();
  /** ARN of the secret from which the master user was last set. */
  private masterSecret: string | undefined;

  constructor(private readonly options: ConnectionHandlersOptions) {
    this.handlers = new ConnectionHandlers(options);
  }

  /**
   * Updates the network, opens new endpoints, closes deleted ones and updates changed ones. Reads the master user's secret
   * again. May be called at any time.
   *
   * @throws Error if an address is in use, or the master user's secret cannot be read.
   */
  update(applied: Applied): Promise<void> {
    return this.inTurn(() => {
      this.masterSecret = undefined;
      return this.apply(applied);
    });
  }

  /** Like `update`, for frequent calls while Terraform applies: reads the master user's secret only for a new instance. */
  follow(applied: Applied): Promise<void> {
    return this.inTurn(() => this.apply(applied));
  }

  /** Names of the endpoints and their loopback addresses, for DNS. */
  get hosts(): Readonly<Record<string, string>> {
    return this.options.network.hosts;
  }

  /** Returns the {@link Faults} of an endpoint; `undefined` if the endpoint does not exist. */
  faultsAt(host: string): Faults | undefined {
    return this.endpoints.get(host)?.faults;
  }

  /** Whether a proxy can connect to its target; `undefined` if the proxy does not exist. */
  async targetHealthOf(proxyName: string): Promise<TargetHealth | undefined> {
    return this.proxies.get(proxyName)?.targetHealth();
  }

  /** Sets the time until proxies notice a rotated secret. @default 0 */
  followSecretsAfter(seconds: number): void {
    this.handlers.secretCache.maxAgeSeconds = seconds;
  }

  /** Sets the clocks of the endpoints ahead, so that tokens expire earlier. @default 0 */
  setClocksAhead(seconds: number): void {
    this.handlers.clockAheadSeconds = seconds;
  }

  /** Sets the time until the targets of new proxies become AVAILABLE. @default 0 */
  makeTargetsAvailableAfter(seconds: number): void {
    this.handlers.targetRegistrations.delaySeconds = seconds;
  }

  async stop(): Promise<void> {
    await this.updating;
    await Promise.all([...this.endpoints.keys()].map((host) => this.close(host)));
  }

  /** Runs work after all earlier updates, whether they succeeded or not. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.updating.then(work);
    this.updating = turn.catch(() => undefined);
    return turn;
  }

  private async apply(applied: Applied): Promise<void> {
    const { network, authorities, log } = this.options;
    network.update(applied);
    for (const host of this.endpoints.keys()) if (!(host in this.hosts)) await this.close(host);
    for (const instance of applied.all<DbInstance>('aws_db_instance')) {
      if (!instance.address) continue;
      await this.configure(applied, instance);
      await this.prepareUsers(instance);
      await this.open(instance.address, authorities.instance, this.handlers.ofInstance(applied, instance));
    }
    const proxies = new Map<string, ProxyConnectionHandler>();
    for (const proxy of applied.all<DbProxy>('aws_db_proxy')) {
      if (!proxy.endpoint) continue;
      const flaw = flawOf(proxy);
      if (flaw) {
        // RDS would not have created this proxy.
        await this.close(proxy.endpoint);
        log(`There is no proxy '${proxy.name}': ${flaw.reason} ${flaw.fix}`);
        continue;
      }
      const handler = await this.handlers.ofProxy(applied, proxy);
      proxies.set(proxy.name, handler);
      await this.open(proxy.endpoint, authorities.proxy, handler);
    }
    this.proxies = proxies;
  }

  private async open(host: string, authority: CertificateAuthority, handler: ConnectionHandler): Promise<void> {
    const known = this.endpoints.get(host);
    if (known) {
      known.handler = handler;
      return;
    }
    const { network, log, port = MYSQL_PORT } = this.options;
    const address = this.hosts[host] ?? '';
    // The certificate also names the address, for clients outside the deployment: their DNS does not resolve the host.
    const certificate = await authority.issue(host, address);
    this.endpoints.set(host, await RdsEndpoint.start({ host, address, port, certificate, network, handler, log }));
  }

  private async close(host: string): Promise<void> {
    await this.endpoints.get(host)?.stop();
    this.handlers.forget(host);
    this.endpoints.delete(host);
  }

  private async configure(applied: Applied, instance: DbInstance): Promise<void> {
    const earlier = this.notices;
    this.notices = await this.options.database.configure(parametersOf(applied, instance));
    for (const line of this.notices) if (!earlier.includes(line)) this.options.log(line);
  }

  /**
   * Makes `mysql.user` look as on RDS, and creates or updates the master user. Does nothing if it has
   * already done both for the current secret.
   */
  private async prepareUsers({ master_user_secret }: DbInstance): Promise<void> {
    const { database, readSecret } = this.options;
    const arn = master_user_secret?.[0]?.secret_arn;
    if (arn !== undefined && arn === this.masterSecret) return;
    await replaceUserView(database);
    if (arn === undefined) return;
    const { username, password } = JSON.parse(await readSecret(arn)) as { username: string; password: string };
    await createOrUpdateMasterUser(database, username, password);
    this.masterSecret = arn;
  }
}
