import { isDeepStrictEqual } from 'node:util';
import { readRestApi } from './api-gateway/rest-api';
import { startApiGateway, type RunningApiGateway } from './api-gateway/server';
import { Applied } from './applied';
import { readDistribution } from './edge/distribution';
import { startReverseProxy, type ReverseProxy } from './edge/reverse-proxy';
import { startEdge, type RunningEdge } from './edge/server';
import type { Invocation } from './lambda/invocation';
import type { LogFiles } from './log-files';
import type { Claim } from './network/claim';
import type { Network } from './network/network';
import type { CertificateAuthority, KeyedCertificate } from './certificates/certificate-authority';

export interface ServingOptions {
  /** Signs the certificates of CloudFront and of API Gateway. */
  readonly authority: CertificateAuthority;
  /** Holds the ports. */
  readonly claim: Claim;
  readonly network: Network;
  readonly invoke: (functionArn: string, event: unknown) => Promise<Invocation>;
  readonly logs: LogFiles;
}

/** The running servers of the API. */
export interface Served {
  readonly api: RunningApiGateway;
  readonly edge: RunningEdge;
  readonly browser: ReverseProxy;
}

/** Last part of API Gateway's loopback address, 127.NUMBER.1.200, with the deployment's NUMBER (network/claim.ts). */
const API_GATEWAY_HOST = 200;

/** Names and addresses of this machine itself. CloudFront's certificate is valid for them too. */
const OWN_NAMES = ['localhost', '127.0.0.1', '::1'];

/** The served API: API Gateway, CloudFront in front of it, and the reverse proxy for browsers. */
export class Serving {
  private served: Served | undefined;
  /** The resources that are served now. */
  private current = new Applied({});
  private updating: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ServingOptions) {}

  /**
   * Serves what was applied, in place of what was served before. No request fails, unless an address of API Gateway or
   * CloudFront changes.
   *
   * @returns `undefined` if no API is deployed
   */
  serve(applied: Applied): Promise<Served | undefined> {
    return this.inTurn(async () => {
      const addresses = addressesOf(applied);
      if (addresses !== addressesOf(this.current)) await this.stopAndKeepPorts();
      if (this.served) await this.update(this.served, applied);
      else if (addresses !== undefined) this.served = await this.start(applied);
      this.current = applied;
      return this.served;
    });
  }

  get isServing(): boolean {
    return this.served !== undefined;
  }

  /**
   * Serves what is applied so far, while Terraform applies more. If the new resources cannot be served yet, or an address would
   * change, the servers keep the resources that they served before.
   */
  follow(applied: Applied): Promise<void> {
    return this.inTurn(async () => {
      if (this.served === undefined || !isDeployed(applied, this.current)) return;
      if (settingsOf(applied) === settingsOf(this.current)) return;
      try {
        if (addressesOf(applied) !== addressesOf(this.current)) return;
        await this.update(this.served, applied);
        this.current = applied;
      } catch (error) {
        this.options.logs.writer('cloudfront')(`The changed API is not served yet: ${String(error)}`);
      }
    });
  }

  /** Stops the servers, also servers that are just starting. */
  stop(): Promise<void> {
    return this.inTurn(() => {
      this.stopServers();
      return Promise.resolve();
    });
  }

  private stopServers(): void {
    this.served?.browser.stop();
    this.served?.edge.stop();
    this.served?.api.stop();
    this.served = undefined;
  }

  /** Stops the servers and reserves their ports for the next API. */
  private async stopAndKeepPorts(): Promise<void> {
    if (this.served === undefined) return;
    this.stopServers();
    for (const purpose of ['https', 'http', 'browser']) await this.options.claim.holdAgain(purpose);
  }

  /** Updates API Gateway first, because a new API key must be valid before CloudFront sends it. */
  private async update({ api, edge }: Served, applied: Applied): Promise<void> {
    const isSameTls = tlsSettingsOf(applied) === tlsSettingsOf(this.current);
    const certificate = isSameTls ? undefined : await this.certificateOf(applied);
    api.update(applied);
    edge.update(applied, certificate);
  }

  private certificateOf(applied: Applied): Promise<KeyedCertificate> {
    const { domainName, aliases } = readDistribution(applied);
    return this.options.authority.issue(domainName, ...aliases, ...OWN_NAMES);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.updating.then(work);
    this.updating = turn.catch(() => undefined);
    return turn;
  }

  private async start(applied: Applied): Promise<Served> {
    const { authority, claim, network, invoke, logs } = this.options;
    const { domainName } = readRestApi(applied);
    const log = logs.writer('cloudfront');
    const started: { stop(): void }[] = [];
    try {
      const api = await startApiGateway({
        applied,
        certificate: await authority.issue(domainName),
        // CloudFront resolves API Gateway's host name to this address. People use the address with `curl --connect-to`.
        address: network.loopback(1, API_GATEWAY_HOST),
        port: 0,
        invoke,
        log: logs.writer('api-gateway'),
      });
      started.push(api);
      const edge = await startEdge({
        applied,
        certificate: await this.certificateOf(applied),
        httpsPort: claim.release('https'),
        httpPort: claim.release('http'),
        resolve: (host, port) => (host === domainName && port === 443 ? api : undefined),
        originCa: authority.pem,
        logWaf: logs.writer('waf'),
        log,
      });
      started.push(edge);
      const port = claim.release('browser');
      return {
        api,
        edge,
        browser: await startReverseProxy({ port, httpsPort: edge.httpsPort, ca: authority.pem, log }),
      };
    } catch (error) {
      for (const part of started) part.stop();
      throw error;
    }
  }
}

/** Returns what the addresses depend on: two host names, and whether IPv6 is on; `undefined` if no API is deployed. */
function addressesOf(applied: Applied): string | undefined {
  if (applied.all('aws_api_gateway_rest_api').length === 0) return undefined;
  const { domainName, isIpv6Enabled } = readDistribution(applied);
  return JSON.stringify([readRestApi(applied).domainName, domainName, isIpv6Enabled]);
}

/** TLS settings of CloudFront. `RunningEdge.update` applies them only together with a new certificate. */
function tlsSettingsOf(applied: Applied): string {
  const { aliases, minimumTls } = readDistribution(applied);
  return JSON.stringify([aliases, minimumTls]);
}

/** Types of the resources that API Gateway and CloudFront read. */
const SETTINGS = /^aws_(api_gateway|cloudfront|cloudwatch_log_group|iam_role|lambda_permission|wafv2)/;

const settingsOf = (applied: Applied): string =>
  JSON.stringify(applied.types.filter((type) => SETTINGS.test(type)).map((type) => applied.all(type)));

/**
 * Returns whether the stage serves the API's current body. A stage serves the body of its last deployment, and Terraform changes
 * the body before it makes the next deployment.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
 */
function isDeployed(applied: Applied, before: Applied): boolean {
  const isAsBefore = (type: string, attribute: string): boolean => {
    const valuesIn = (resources: Applied): unknown[] =>
      resources.all<Record<string, unknown>>(type).map((values) => values[attribute]);
    return isDeepStrictEqual(valuesIn(applied), valuesIn(before));
  };
  return isAsBefore('aws_api_gateway_rest_api', 'body') || !isAsBefore('aws_api_gateway_stage', 'deployment_id');
}
