import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Applied } from '../applied';
import { listen, stopServers } from '../processes/listen';
import type { KeyedCertificate } from '../certificates/certificate-authority';
import { ApiGateway, type ApiGatewayOptions, type HandledRequest } from './api-gateway';

export interface ApiGatewayServerOptions extends ApiGatewayOptions {
  /** Certificate for the API's domain name. */
  readonly certificate: KeyedCertificate;
  /** A loopback address. */
  readonly address: string;
  /** 0 for any free port. */
  readonly port: number;
}

export interface RunningApiGateway {
  /** `API.execute-api.REGION.amazonaws.com`, the only host name that this server accepts. */
  readonly domainName: string;
  readonly address: string;
  readonly port: number;
  /**
   * Serves the newly applied API to every request from now on.
   *
   * @throws Error if no API is applied. @throws Unsupported if the API uses a feature that this server lacks. The previous API then
   *   stays in service.
   */
  update(applied: Applied): void;
  stop(): void;
}

/**
 * This server keeps idle connections longer than CloudFront, which closes them after 5 s by default. So CloudFront never sends a request
 * on a connection that this server has closed.
 */
const KEEP_ALIVE_MS = 65_000;

/**
 * Serves the applied REST API.
 *
 * @throws Error if no API is applied, or if the server cannot listen at the address and port.
 * @throws Unsupported if the API uses a feature that this server lacks.
 */
export async function startApiGateway(options: ApiGatewayServerOptions): Promise<RunningApiGateway> {
  const { address, port, certificate } = options;
  let gateway = new ApiGateway(options);
  const server = createServer({ ...certificate, keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, response) => {
    gateway
      .handle(incoming)
      .then((exchange) => send(response, exchange))
      .catch((error: unknown) => {
        options.log(`${incoming.method ?? ''} ${incoming.url ?? ''} failed: ${String(error)}`);
        response.destroy();
      });
  });
  const listeningPort = await listen(server, address, port, options.log);
  return {
    domainName: gateway.domainName,
    address,
    port: listeningPort,
    update: (applied) => {
      gateway = new ApiGateway({ ...options, applied });
    },
    stop: () => stopServers([server]),
  };
}

function send(response: ServerResponse, { request, answer: { status, headers, body } }: HandledRequest): void {
  response
    .writeHead(status, [
      ...headers.flat(),
      ...['x-amzn-RequestId', request.id, 'x-amz-apigw-id', request.extendedId, 'X-Amzn-Trace-Id', request.traceId],
      ...(status === 204 || status === 304 ? [] : ['content-length', String(body.length)]),
    ])
    .end(body);
}
