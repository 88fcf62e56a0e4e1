import { readRestApi } from './api-gateway/rest-api';
import { startApiGateway, type RunningApiGateway } from './api-gateway/server';
import type { Applied } from './applied';
import { readDistribution } from './edge/distribution';
import { startReverseProxy, type ReverseProxy } from './edge/reverse-proxy';
import { startEdge, type RunningEdge } from './edge/server';
import type { Invocation } from './lambda/invocation';
import type { LogFiles } from './log-files';
import type { Claim } from './network/claim';
import type { Network } from './network/network';
import type { CertificateAuthority } from './certificates/certificate-authority';

export interface ServingOptions {
  /** Signs the certificates of CloudFront and of API Gateway. */
  readonly authority: CertificateAuthority;
  /** Has the ports. */
  readonly claim: Claim;
  readonly network: Network;
  readonly invoke: (functionArn: string, event: unknown) => Promise<Invocation>;
  readonly logs: LogFiles;
}

/** What callers meet. */
export interface Served {
  readonly api: RunningApiGateway;
  readonly edge: RunningEdge;
  readonly browser: ReverseProxy;
}

/** How a person names this machine. */
const OWN_NAMES = ['localhost', '127.0.0.1', '::1'];

/** The applied API: API Gateway, CloudFront before it, and the reverse proxy for browsers before that. */
export class Serving {
  private served: Served | undefined;
  private names: string | undefined;

  constructor(private readonly options: ServingOptions) {}

  /**
   * Serves what was applied, in the place of what was served before. Where the names stay no request fails for it.
   *
   * @returns `undefined` where no route is deployed
   */
  async serve(applied: Applied): Promise<Served | undefined> {
    const names = namesOf(applied);
    if (names !== this.names) this.stop();
    this.names = names;
    if (this.served) update(this.served, applied);
    else if (names !== undefined) this.served = await this.start(applied);
    return this.served;
  }

  stop(): void {
    this.served?.browser.stop();
    this.served?.edge.stop();
    this.served?.api.stop();
    this.served = undefined;
  }

  private async start(applied: Applied): Promise<Served> {
    const { authority, network, invoke, logs } = this.options;
    const { domainName } = readRestApi(applied);
    const api = await startApiGateway({
      applied,
      certificate: await authority.issue(domainName),
      // Its name leads here for CloudFront, and for people by `curl --connect-to`.
      address: network.loopback(1, 200),
      port: 0,
      invoke,
      log: logs.writer('api-gateway'),
    });
    try {
      return { api, ...(await this.startEdge(applied, api)) };
    } catch (error) {
      api.stop();
      throw error;
    }
  }

  private async startEdge(applied: Applied, api: RunningApiGateway): Promise<Omit<Served, 'api'>> {
    const { authority, claim, logs } = this.options;
    const { domainName, aliases } = readDistribution(applied);
    const origin = readRestApi(applied).domainName;
    const log = logs.writer('cloudfront');
    const edge = await startEdge({
      applied,
      certificate: await authority.issue(domainName, ...aliases, ...OWN_NAMES),
      httpsPort: claim.release('https'),
      httpPort: claim.release('http'),
      resolve: (host, port) => (host === origin && port === 443 ? { address: api.address, port: api.port } : undefined),
      originCa: authority.pem,
      logWaf: logs.writer('waf'),
      log,
    });
    try {
      const { httpsPort } = edge;
      const browser = await startReverseProxy({ port: claim.release('browser'), httpsPort, ca: authority.pem, log });
      return { edge, browser };
    } catch (error) {
      edge.stop();
      throw error;
    }
  }
}

/** API Gateway first: a new key has to be valid before CloudFront sends it. */
function update({ api, edge }: Served, applied: Applied): void {
  api.update(applied);
  edge.update(applied);
}

/** What listens, and certificates, are made for; `undefined` where no API is deployed. */
function namesOf(applied: Applied): string | undefined {
  if (applied.all('aws_api_gateway_rest_api').length === 0) return undefined;
  const { domainName, aliases, ipv6, minimumTls } = readDistribution(applied);
  return JSON.stringify([readRestApi(applied).domainName, domainName, aliases, ipv6, minimumTls]);
}
