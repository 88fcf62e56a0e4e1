import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CertificateAuthority } from '../../certificates/certificate-authority';
import type { Origin } from '../../edge/distribution';
import { OriginClient, OriginError, type Resolve } from '../../edge/origin-client';
import type { OriginRequest } from '../../edge/origin-request';
import type { Header } from '../../http/headers';
import { stopServers } from '../../processes/listen';
import { API_HOST } from '../support/http-state';

const ORIGIN: Origin = {
  domain_name: API_HOST,
  origin_path: '',
  custom_header: [],
  origin_protocol_policy: 'match-viewer',
  http_port: 80,
  https_port: 443,
  origin_keepalive_timeout: 5,
  origin_read_timeout: 30,
};

const HOST_HEADER: readonly Header[] = [['Host', API_HOST]];

let ca: CertificateAuthority;
let httpsOrigin: https.Server;
let httpOrigin: http.Server;
let requests: http.IncomingMessage[];
let client: OriginClient;

/** Behaviour of the origin. */
let respond: http.RequestListener;

const portOf = (server: http.Server): number => (server.address() as AddressInfo).port;

const resolve: Resolve = (host, port) =>
  host === API_HOST ? { address: '127.0.0.1', port: portOf(port === 443 ? httpsOrigin : httpOrigin) } : undefined;

/** Opens a client of the origin, with these attributes changed. */
function open(change: Partial<Origin> = {}, resolver = resolve, pem = ca.pem): void {
  client = new OriginClient({ ...ORIGIN, ...change }, resolver, pem);
}

/** Sends a request to the origin, with the body of the viewer’s request if it has one. */
function send(
  change: Partial<OriginRequest> = {},
  viewerRequest: http.IncomingMessage = makeViewerRequest(),
): Promise<http.IncomingMessage> {
  return client.send(
    { scheme: 'https', method: 'GET', path: '/items', headers: HOST_HEADER, ...change },
    viewerRequest,
  );
}

const bodyOf = async (change?: Partial<OriginRequest>): Promise<string> => text(await send(change));

/** Makes a viewer’s request: a stream of its body, with headers. The headers tell the client whether to send a body. */
function makeViewerRequest(headers: http.IncomingHttpHeaders = {}): http.IncomingMessage & PassThrough {
  return Object.assign(new PassThrough(), { headers }) as unknown as http.IncomingMessage & PassThrough;
}

async function errorOf(change?: Partial<OriginRequest>): Promise<OriginError> {
  const error = await send(change).catch((thrown: unknown) => thrown);
  if (!(error instanceof OriginError)) throw new Error('Expected an OriginError', { cause: error });
  return error;
}

beforeAll(async () => {
  ca = await CertificateAuthority.create();
  const handle: http.RequestListener = (request, response) => {
    requests.push(request);
    respond(request, response);
  };
  httpsOrigin = https.createServer(await ca.issue(API_HOST), handle);
  httpOrigin = http.createServer(handle);
  for (const server of [httpsOrigin, httpOrigin]) await once(server.listen(0, '127.0.0.1'), 'listening');
});

beforeEach(() => {
  requests = [];
  respond = (_request, response) => response.end('answer');
  open();
});

afterEach(() => client.stop());

afterAll(() => stopServers([httpsOrigin, httpOrigin]));

describe('a request to an origin', () => {
  it('arrives with its method, path and headers', async () => {
    const headers: Header[] = [...HOST_HEADER, ['X-Two', 'a'], ['X-Two', 'b']];
    expect(await bodyOf({ method: 'DELETE', path: '/items?id=1', headers })).toBe('answer');
    expect(requests[0]).toMatchObject({ method: 'DELETE', url: '/items?id=1' });
    expect(requests[0]?.headers).toMatchObject({ host: API_HOST, 'x-two': 'a, b' });
  });

  it('goes to the port of its scheme', async () => {
    await bodyOf();
    await bodyOf({ scheme: 'http' });
    expect(requests.map(({ socket }) => socket.localPort)).toEqual([portOf(httpsOrigin), portOf(httpOrigin)]);
  });

  // Without configuration, macOS has only 127.0.0.1 of 127.0.0.0/8.
  (process.platform === 'linux' ? it : it.skip)('comes from CloudFront’s address', async () => {
    await bodyOf();
    expect(requests[0]?.socket.remoteAddress).toBe('127.0.0.254');
  });

  it.each(['https', 'http'] as const)('reuses the %s connection of the previous request', async (scheme) => {
    await bodyOf({ scheme });
    await bodyOf({ scheme });
    const [first, second] = requests.map(({ socket }) => socket.remotePort);
    expect(second).toBe(first);
  });

  it('has the viewer’s body', async () => {
    respond = (request, response) => request.pipe(response);
    const incoming = makeViewerRequest({ 'content-length': '5' });
    const response = send({ method: 'POST', headers: [...HOST_HEADER, ['Content-Length', '5']] }, incoming);
    incoming.end('hello');
    expect(await text(await response)).toBe('hello');
  });

  it('is aborted if the viewer disconnects before the end of the body', async () => {
    const incoming = makeViewerRequest({ 'transfer-encoding': 'chunked' });
    const outcome = send({ method: 'POST' }, incoming).catch((error: unknown) => error);
    const arrival = new Promise<http.IncomingMessage>((resolved) => (respond = resolved));
    incoming.write('half');
    const received = (await arrival).on('error', () => undefined);
    incoming.destroy(new Error('aborted'));
    expect(await outcome).toBeInstanceOf(OriginError);
    if (!received.closed) await new Promise((closed) => received.on('close', closed));
    expect(received.complete).toBe(false);
  });
});

describe('a request to an unusable origin', () => {
  it('fails with 502 if the origin’s port is closed', async () => {
    // No program listens on this reserved port.
    open({}, () => ({ address: '127.0.0.1', port: 1 }));
    expect(await errorOf()).toMatchObject({ status: 502, cause: { code: 'ECONNREFUSED' } });
  });

  it('fails with 502 if the origin’s name or port is unknown', async () => {
    open({ domain_name: 'gone.example.com' });
    expect(await errorOf()).toMatchObject({ status: 502, message: 'unknown host: gone.example.com:443' });
    open({ https_port: 8443 }, (host, port) => (port === 443 ? resolve(host, port) : undefined));
    expect(await errorOf()).toMatchObject({ status: 502, message: `unknown host: ${API_HOST}:8443` });
  });

  it('is not sent, and fails with 502, if another authority signed the origin’s certificate', async () => {
    open({}, resolve, (await CertificateAuthority.create()).pem);
    expect((await errorOf()).status).toBe(502);
    expect(requests).toEqual([]);
  });

  it('is not sent, and fails with 502, if the origin’s certificate is for another name', async () => {
    open({ domain_name: 'other.example.com' }, () => ({ address: '127.0.0.1', port: portOf(httpsOrigin) }));
    expect(await errorOf()).toMatchObject({ status: 502, cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
    expect(requests).toEqual([]);
  });

  it('fails with 504 if the origin does not answer in time', async () => {
    open({ origin_read_timeout: 0.1 });
    respond = () => undefined;
    expect(await errorOf()).toMatchObject({ status: 504, message: 'no answer within 0.1 seconds' });
  });

  it('fails with 502 if the response’s status is not an HTTP status', async () => {
    respond = (request) => request.socket.end('HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n');
    expect(await errorOf()).toMatchObject({ status: 502, message: 'invalid HTTP status: 99' });
  });

  it('fails with 502 if the response’s headers are longer than 20,480 bytes', async () => {
    respond = (_request, response) => response.writeHead(200, { long: 'x'.repeat(20_000) }).end('short enough');
    expect(await bodyOf()).toBe('short enough');
    respond = (_request, response) => response.writeHead(200, { long: 'x'.repeat(20_480) }).end();
    expect((await errorOf()).status).toBe(502);
  });
});

describe('an error response of the origin', () => {
  it('is returned, not thrown', async () => {
    respond = (_request, response) => response.writeHead(503).end('later');
    const answer = await send();
    expect([answer.statusCode, await text(answer)]).toEqual([503, 'later']);
  });
});
