import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { CertificateAuthority } from '../../certificates/certificate-authority';
import { startReverseProxy, type ReverseProxy } from '../../edge/reverse-proxy';
import { ownAddresses } from '../../network/claim';
import { listen, stopServers } from '../../processes/listen';
import { call, type HttpRequest, type HttpResponse } from '../support/http-client';

let ca: CertificateAuthority;
let cloudFront: Server;
let proxy: ReverseProxy;
/** Functions that stop the servers of one test. */
let cleanups: (() => void)[];
let requests: IncomingMessage[];

/** Answers the requests that reach CloudFront. */
let respond: RequestListener;

async function serve(certificate: Parameters<typeof createServer>[0]): Promise<Server> {
  const server = createServer(certificate, (request, response) => {
    requests.push(request);
    respond(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

const open = (server: Server, port = 0): Promise<ReverseProxy> =>
  startReverseProxy({ port, httpsPort: (server.address() as AddressInfo).port, ca: ca.pem, log: () => undefined });

/** Starts another CloudFront with a reverse proxy, for one test. */
async function openOther(certificate: Parameters<typeof createServer>[0]): Promise<[Server, ReverseProxy]> {
  const server = await serve(certificate);
  const other = await open(server);
  cleanups.push(() => {
    stopServers([server]);
    other.stop();
  });
  return [server, other];
}

const callProxy = (change: Partial<HttpRequest> = {}, { port }: { port: number } = proxy): Promise<HttpResponse> =>
  call({ port, host: `localhost:${port}`, ...change });

beforeAll(async () => {
  ca = await CertificateAuthority.create();
  cloudFront = await serve(await ca.issue('localhost'));
  proxy = await open(cloudFront);
});

beforeEach(() => {
  [requests, cleanups] = [[], []];
  respond = (_request, response) => response.end('page');
});

afterEach(() => cleanups.forEach((stop) => stop()));

afterAll(() => {
  proxy.stop();
  stopServers([cloudFront]);
});

describe('a request of a browser', () => {
  it('reaches CloudFront over TLS with its method, path, end-to-end headers and body, and gets the answer', async () => {
    respond = (request, response) => request.pipe(response.writeHead(201, { 'X-Own': 'yes' }));
    const headers = { Cookie: 'a=1', Connection: 'x', TE: 'trailers' };
    const answer = await callProxy({ method: 'POST', path: '/items?limit=5', headers, body: 'hello' });
    expect(answer).toMatchObject({ status: 201, text: 'hello', headers: { 'x-own': 'yes' } });
    expect(requests[0]).toMatchObject({ method: 'POST', url: '/items?limit=5' });
    expect(requests[0]?.headers).toMatchObject({ host: `localhost:${proxy.port}`, cookie: 'a=1' });
    expect(requests[0]?.headers).not.toHaveProperty('te');
  });

  it('comes from the caller’s own address, so that the web ACL sees that address', async () => {
    await callProxy({ from: '127.0.0.9' });
    expect(requests[0]?.socket.remoteAddress).toBe('127.0.0.9');
  });

  it('gets an answer without Strict-Transport-Security, which would move the browser to HTTPS', async () => {
    respond = (_request, response) =>
      response.writeHead(200, { 'Strict-Transport-Security': 'max-age=1', 'X-Frame-Options': 'DENY' }).end();
    const { headers } = await callProxy();
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY' });
  });
});

describe('a page', () => {
  const statusFor = async (site: string, mode: string, dest: string): Promise<number> => {
    const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest };
    return (await callProxy({ headers })).status;
  };

  it.each([
    ['fetches', 'cors', 'empty'],
    ['embeds an image', 'no-cors', 'image'],
    ['embeds a frame', 'navigate', 'iframe'],
    ['requests a document without navigating', 'cors', 'document'],
  ])('of another origin gets 403 if it %s, and CloudFront gets no request', async (_what, mode, dest) => {
    expect([await statusFor('cross-site', mode, dest), await statusFor('same-site', mode, dest)]).toEqual([403, 403]);
    expect(requests).toEqual([]);
  });

  it('of another origin may navigate to CloudFront, for example by a link', async () => {
    expect(await statusFor('cross-site', 'navigate', 'document')).toBe(200);
  });

  it.each(['none', 'same-origin'])('may fetch if Sec-Fetch-Site is %s', async (site) => {
    expect(await statusFor(site, 'cors', 'empty')).toBe(200);
  });
});

describe('a request that CloudFront does not answer completely', () => {
  it('gets 502 with the reason if CloudFront is unreachable', async () => {
    const [server, other] = await openOther(await ca.issue('localhost'));
    stopServers([server]);
    const answer = await callProxy({}, other);
    expect([answer.status, answer.text]).toEqual([502, expect.stringMatching(/^CloudFront: .*ECONNREFUSED/)]);
  });

  it.each([
    ['from another authority', async () => (await CertificateAuthority.create()).issue('localhost')],
    ['for another name', () => ca.issue('example.com')],
  ])('gets 502 and does not reach CloudFront if CloudFront’s certificate is %s', async (_what, issue) => {
    const [, other] = await openOther(await issue());
    const { status } = await callProxy({}, other);
    expect([status, requests.length]).toEqual([502, 0]);
  });

  it('gets an incomplete response if CloudFront disconnects in the middle, and later requests succeed', async () => {
    respond = (_request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half', () => response.socket?.destroy());
    };
    await expect(callProxy()).rejects.toMatchObject({ code: 'ECONNRESET' });
    respond = (_request, response) => response.end('whole');
    expect((await callProxy()).text).toBe('whole');
  });
});

describe('a browser that disconnects', () => {
  it('aborts the request to CloudFront', async () => {
    const aborted = new Promise<void>((resolve) => {
      respond = (_request, response) => {
        response.on('close', resolve);
        browser.destroy();
      };
    });
    const browser = connect(proxy.port, '127.0.0.1', () => browser.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    await aborted;
  });
});

describe('the reverse proxy', () => {
  // Without IPv6 the reverse proxy listens on only one address.
  (ownAddresses().length > 1 ? it : it.skip)('listens on none of its addresses if one is in use', async () => {
    const [, second = ''] = ownAddresses();
    const other = createServer();
    cleanups.push(() => stopServers([other]));
    const port = await listen(other, second, 0, () => undefined);
    await expect(open(cloudFront, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(callProxy({}, { port })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
