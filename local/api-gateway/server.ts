import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Applied } from '../applied';
import { listen } from '../processes/listen';
import type { KeyedCertificate } from '../rds/certificate-authority';
import { ApiGateway, type ApiGatewayOptions, type Exchange } from './api-gateway';

export interface ApiGatewayServerOptions extends ApiGatewayOptions {
  /** For the API's domain name. */
  readonly certificate: KeyedCertificate;
  /** A loopback address. */
  readonly address: string;
  /** 0 for a free one. */
  readonly port: number;
}

export interface RunningApiGateway {
  /** `API.execute-api.REGION.amazonaws.com`, the only name it answers to. */
  readonly domainName: string;
  readonly address: string;
  readonly port: number;
  /**
   * Serves what was applied since to whoever asks from now on.
   *
   * @throws NotServed as the start does; then all stays as it was.
   */
  update(applied: Applied): void;
  stop(): void;
}

/** Longer than CloudFront keeps a connection, so that it is never the one that finds it closed. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Serves the REST API that was applied.
 *
 * @throws Error where none is, or NotServed where it has what this server has not.
 */
export async function startApiGateway(options: ApiGatewayServerOptions): Promise<RunningApiGateway> {
  const { address, port, certificate } = options;
  let gateway = new ApiGateway(options);
  const server = createServer({ ...certificate, keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, response) => {
    gateway
      .handle(incoming)
      .then((exchange) => send(response, exchange))
      .catch((error: unknown) => {
        options.log(`${incoming.method ?? ''} ${incoming.url ?? ''} fails: ${String(error)}`);
        response.destroy();
      });
  });
  const listening = await listen(server, address, port, options.log);
  return {
    domainName: gateway.domainName,
    address,
    port: listening,
    update: (applied) => {
      gateway = new ApiGateway({ ...options, applied });
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function send(response: ServerResponse, { request, answer: { status, headers, body } }: Exchange): void {
  response
    .writeHead(status, [
      ...headers.flat(),
      ...['x-amzn-RequestId', request.id, 'x-amz-apigw-id', request.extendedId, 'X-Amzn-Trace-Id', request.traceId],
      ...(status === 204 || status === 304 ? [] : ['content-length', String(body.length)]),
    ])
    .end(body);
}
