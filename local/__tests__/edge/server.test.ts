import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls, type SecureVersion } from 'node:tls';
import type { IncomingMessage, RequestListener } from 'node:http';
import { startEdge, type RunningEdge } from '../../edge/server';
import { CertificateAuthority } from '../../certificates/certificate-authority';
import { stopServers } from '../../processes/listen';
import { call, type HttpRequest, type HttpResponse } from '../support/http-client';
import {
  API_HOST,
  appliedOf,
  ARNS,
  behavior,
  changeValues,
  CLOUDFRONT_HOST,
  edge,
  API_KEY,
  origin,
  rateBasedStatement,
  rule,
  withBehavior,
  withDistribution,
  type Resources,
} from '../support/http-state';

let ca: CertificateAuthority;
let originServer: Server;
let cloudFront: RunningEdge | undefined;
let requests: IncomingMessage[];
let wafLines: string[];
let errorLines: string[];

/** Behaviour of the origin. */
let respond: RequestListener;

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

interface Ports {
  readonly originPort?: number;
  readonly httpsPort?: number;
  readonly httpPort?: number;
}

async function start(resources: Resources = edge(), ports: Ports = {}): Promise<void> {
  cloudFront = await startEdge({
    applied: appliedOf(resources),
    certificate: await ca.issue(CLOUDFRONT_HOST, 'localhost', 'api.example.com'),
    httpsPort: ports.httpsPort ?? 0,
    httpPort: ports.httpPort ?? 0,
    originCa: ca.pem,
    resolve: (host, port) =>
      host === API_HOST && port === 443
        ? { address: '127.0.0.1', port: ports.originPort ?? portOf(originServer) }
        : undefined,
    logWaf: (line) => wafLines.push(line),
    log: (line) => errorLines.push(line),
  });
}

/**
 * Calls the distribution over TLS. The local CloudFront sees 127.0.0.1 as 203.0.113.1, which the web ACL of `edge()` allows.
 * It sees every other IPv4 address as one that the web ACL blocks.
 */
const callCloudFront = (change: Partial<HttpRequest> = {}): Promise<HttpResponse> =>
  call({ port: cloudFront?.httpsPort ?? 0, host: CLOUDFRONT_HOST, path: '/items?limit=5', ca: ca.pem, ...change });

/** Calls the distribution without TLS. */
const callWithoutTls = (path: string, change: Partial<HttpRequest> = {}): Promise<HttpResponse> =>
  call({ port: cloudFront?.httpPort ?? 0, host: CLOUDFRONT_HOST, path, ...change });

beforeAll(async () => {
  ca = await CertificateAuthority.create();
  originServer = createServer(await ca.issue(API_HOST), (request, response) => {
    requests.push(request);
    respond(request, response);
  });
  // Longer than each test, so that only CloudFront closes idle connections.
  originServer.keepAliveTimeout = 60_000;
  await once(originServer.listen(0, '127.0.0.1'), 'listening');
});

afterAll(() => stopServers([originServer]));

beforeEach(() => {
  [requests, wafLines, errorLines] = [[], [], []];
  respond = (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
});

afterEach(() => {
  jest.restoreAllMocks();
  cloudFront?.stop();
  cloudFront = undefined;
});

describe('a viewer at an allowed address', () => {
  it('gets the origin’s response with CloudFront’s headers and the security headers', async () => {
    await start();
    const answer = await callCloudFront();
    expect(answer).toMatchObject({ status: 200, text: '{}' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'x-cache': 'Miss from cloudfront',
      'strict-transport-security': 'max-age=31536000',
    });
  });

  it('reaches the stage with its own headers, except Host, and with the API key that CloudFront adds', async () => {
    await start();
    await callCloudFront({ headers: { Cookie: 'a=1' } });
    expect(requests[0]?.url).toBe('/live/items?limit=5');
    expect(requests[0]?.headers).toMatchObject({
      host: API_HOST,
      'x-api-key': API_KEY,
      cookie: 'a=1',
      'x-forwarded-for': '203.0.113.1',
    });
  });

  it('gets an error of the origin unchanged', async () => {
    await start();
    respond = (_request, response) => response.writeHead(503, { 'retry-after': '10' }).end('later');
    const headers = { 'retry-after': '10', 'x-cache': 'Error from cloudfront' };
    expect(await callCloudFront()).toMatchObject({ status: 503, text: 'later', headers });
  });

  it('may send HEAD', async () => {
    await start();
    expect(await callCloudFront({ method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect(requests[0]?.method).toBe('HEAD');
  });

  it('may call the distribution by an alias, as localhost, and over IPv6', async () => {
    await start(withDistribution({ aliases: ['api.example.com'] }));
    expect((await callCloudFront({ host: 'api.example.com' })).status).toBe(200);
    expect((await callCloudFront({ host: 'localhost' })).status).toBe(200);
    const allowed = { arn: ARNS.ipSet, ip_address_version: 'IPV6', addresses: ['2001:db8:1::/48'] };
    cloudFront?.stop();
    await start({ ...edge(), aws_wafv2_ip_set: [allowed] });
    expect((await callCloudFront({ address: '::1' })).status).toBe(200);
    expect(requests.at(-1)?.headers['x-forwarded-for']).toBe('2001:db8:1::1');
  });
});

describe('a viewer that breaks its connection', () => {
  it.each(['before the end of its request', 'before the response', 'during the response'] as const)(
    '%s affects no other viewer',
    async (when) => {
      await start(withBehavior({ viewer_protocol_policy: 'allow-all' }));
      const received = new Promise<void>((resolve) => {
        respond = (_request, response) => {
          if (when === 'during the response') response.write('half', () => resolve());
          else resolve();
        };
      });
      const viewer = connect(cloudFront?.httpPort ?? 0, '127.0.0.1');
      await once(viewer, 'connect');
      const isComplete = when !== 'before the end of its request';
      viewer.write(`GET / HTTP/1.1\r\nhost: ${CLOUDFRONT_HOST}\r\n${isComplete ? '\r\n' : ''}`);
      if (isComplete) await received;
      viewer.resetAndDestroy();
      respond = (_request, response) => response.end('whole');
      expect((await callCloudFront()).text).toBe('whole');
    },
  );
});

describe('a viewer at another address', () => {
  it('is blocked with CloudFront’s page, and no request reaches the origin', async () => {
    await start();
    const answer = await callCloudFront({ from: '127.0.0.9' });
    expect(answer).toMatchObject({ status: 403, headers: { server: 'CloudFront' } });
    expect(answer.text).toContain('Request blocked.');
    expect(answer.text).toContain(`Request ID: ${String(answer.headers['x-amz-cf-id'])}`);
    expect(requests).toEqual([]);
  });

  it('is blocked even if its headers claim an allowed address', async () => {
    await start();
    const headers = { 'X-Forwarded-For': '203.0.113.1', 'X-Real-IP': '203.0.113.1', Forwarded: 'for=203.0.113.1' };
    expect((await callCloudFront({ from: '127.0.0.9', headers })).status).toBe(403);
  });

  it('is blocked over IPv6 if no IP set has IPv6 addresses', async () => {
    await start();
    const text = expect.stringContaining('Request blocked.');
    expect(await callCloudFront({ address: '::1' })).toMatchObject({ status: 403, text });
  });

  it('cannot connect over IPv6 if the distribution disables it', async () => {
    await start(withDistribution({ is_ipv6_enabled: false }));
    await expect(callCloudFront({ address: '::1' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is allowed if the distribution has no web ACL', async () => {
    await start(withDistribution({ web_acl_id: '' }));
    expect((await callCloudFront({ from: '127.0.0.9' })).status).toBe(200);
  });
});

describe('a viewer beyond the rate limit', () => {
  it('gets the rule’s custom response, and other viewers do not', async () => {
    const response_header = [{ name: 'Retry-After', value: '60' }];
    const custom_response = [{ response_code: 429, custom_response_body_key: 'throttled', response_header }];
    const throttle = { ...rule('limit', 0, 'block', rateBasedStatement()), action: [{ block: [{ custom_response }] }] };
    await start(
      changeValues(edge(), 'aws_wafv2_web_acl', {
        rule: [throttle],
        default_action: [{ allow: [{}], block: [] }],
        custom_response_body: [{ key: 'throttled', content: '{"error":"slow"}', content_type: 'APPLICATION_JSON' }],
      }),
    );
    // The limit of `rateBasedStatement()` is 10.
    for (let i = 0; i < 10; i += 1) expect((await callCloudFront()).status).toBe(200);
    const headers = { 'content-type': 'application/json', 'retry-after': '60', 'x-cache': 'Error from cloudfront' };
    expect(await callCloudFront()).toMatchObject({ status: 429, text: '{"error":"slow"}', headers });
    expect((await callCloudFront({ from: '127.0.0.9' })).status).toBe(200);
    expect(requests).toHaveLength(11);
  });
});

describe('the viewer protocol policy', () => {
  it('redirects to the HTTPS port of the local CloudFront', async () => {
    await start();
    const location = `https://${CLOUDFRONT_HOST}:${cloudFront?.httpsPort ?? 0}/items?limit=5`;
    expect(await callWithoutTls('/items?limit=5')).toMatchObject({ status: 301, headers: { location } });
    expect(requests).toEqual([]);
  });

  it('does not redirect a viewer that the web ACL blocks', async () => {
    await start();
    expect((await callWithoutTls('/', { from: '127.0.0.9' })).status).toBe(403);
  });

  it('rejects HTTP with https-only and accepts it with allow-all', async () => {
    await start(withBehavior({ viewer_protocol_policy: 'https-only' }));
    expect((await callWithoutTls('/')).status).toBe(403);
    cloudFront?.stop();
    await start(withBehavior({ viewer_protocol_policy: 'allow-all' }));
    expect((await callWithoutTls('/')).status).toBe(200);
  });
});

describe('the TLS version', () => {
  const ownCertificate = { cloudfront_default_certificate: false, minimum_protocol_version: 'TLSv1.2_2021' };

  /** Connects with one TLS version. @returns the protocol, or the error code */
  const connectWith = async (viewer_certificate: object[], version: SecureVersion): Promise<string | null> => {
    await start(withDistribution({ viewer_certificate }));
    const versions = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
    const endpoint = { host: '127.0.0.1', port: cloudFront?.httpsPort ?? 0, servername: CLOUDFRONT_HOST, ca: ca.pem };
    const socket = connectTls({ ...endpoint, ...versions });
    try {
      await once(socket, 'secureConnect');
      return socket.getProtocol();
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? null;
    } finally {
      socket.destroy();
    }
  };

  it.each<SecureVersion>(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'])(
    '%s is accepted with CloudFront’s default certificate, whatever minimum the distribution sets',
    async (version) => {
      expect(await connectWith([{ ...ownCertificate, cloudfront_default_certificate: true }], version)).toBe(version);
    },
  );

  it.each<[SecureVersion, string, string]>([
    ['TLSv1.1', 'refused', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
    ['TLSv1.2', 'accepted', 'TLSv1.2'],
  ])(
    '%s is %s with the distribution’s own certificate and the minimum TLSv1.2_2021',
    async (version, _verdict, result) => {
      expect(await connectWith([ownCertificate], version)).toBe(result);
    },
  );
});

describe('a distribution without an origin request policy', () => {
  it('forwards a request body that arrives in chunks', async () => {
    await start(withBehavior({ allowed_methods: ['GET', 'HEAD', 'POST'], origin_request_policy_id: '' }));
    respond = (request, response) => request.pipe(response);
    const request = { method: 'POST', headers: { 'transfer-encoding': 'chunked' }, body: 'hello' };
    expect(await callCloudFront(request)).toMatchObject({ status: 200, text: 'hello' });
  });
});

describe('a request that CloudFront rejects', () => {
  it.each<[what: string, request: Partial<HttpRequest>, status: number]>([
    ['a method that is not allowed', { method: 'POST' }, 403],
    ['a GET with a body', { body: 'x', headers: { 'content-length': '1' } }, 403],
    ['a URL beyond 8192 bytes', { path: `/${'x'.repeat(8192)}` }, 413],
    ['headers beyond 20480 bytes', { headers: { 'x-long': 'x'.repeat(20_480) } }, 413],
    // Prevents DNS rebinding. Otherwise, a website whose name resolves to this machine could call the API through a local
    // browser, from an allowed address.
    ['a foreign host name', { headers: { host: 'evil.example.com' } }, 403],
  ])('gets an error page: %s', async (_what, request, status) => {
    await start();
    const headers = { server: 'CloudFront', 'x-cache': 'Error from cloudfront' };
    expect(await callCloudFront(request)).toMatchObject({ status, headers });
    expect(requests).toEqual([]);
  });

  it('gets 400 if it is not HTTP', async () => {
    await start();
    const socket = connect(cloudFront?.httpPort ?? 0, '127.0.0.1', () => socket.write('HELLO\r\n\r\n'));
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nserver: CloudFront/);
  });
});

describe('a failing origin', () => {
  it('that does not answer in time makes CloudFront return 504', async () => {
    await start(withDistribution({ origin: [origin({ origin_read_timeout: 0.1 })] }));
    respond = () => undefined;
    const headers = { server: 'CloudFront', 'x-cache': 'Error from cloudfront' };
    expect(await callCloudFront()).toMatchObject({ status: 504, headers });
  });

  it('that disconnects halfway breaks the response; CloudFront logs the error and serves later requests', async () => {
    await start();
    respond = (_request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half', () => response.socket?.destroy());
    };
    await expect(callCloudFront()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(errorLines).toEqual([expect.stringMatching(/^GET \S+ got no complete response: /)]);
    respond = (_request, response) => response.end('whole');
    expect((await callCloudFront()).text).toBe('whole');
  });
});

describe('error caching', () => {
  const respondWith = (status: number, headers: object = {}): void => {
    respond = (request, response) =>
      response.writeHead(status, { 'x-request-id': `r${requests.length}`, ...headers }).end(request.url);
  };

  it('returns one caller’s error to every caller of the path, even with no-store', async () => {
    await start();
    respondWith(503, { 'cache-control': 'no-store' });
    await callCloudFront({ path: '/items?caller=1' });
    const second = await callCloudFront({ path: '/items?caller=2' });
    expect(second).toMatchObject({ status: 503, text: '/live/items?caller=1' });
    expect(second.headers).toMatchObject({ 'x-request-id': 'r1', 'x-cache': 'Error from cloudfront' });
    await callCloudFront({ path: '/func1' });
    expect(requests).toHaveLength(2);
  });

  it('lasts for the minimum TTL that the distribution sets for the status; a minimum TTL of 0 disables it', async () => {
    const custom_error_response = [
      { error_code: 502, error_caching_min_ttl: 30 },
      { error_code: 503, error_caching_min_ttl: 0 },
    ];
    await start(withDistribution({ custom_error_response }));
    respondWith(503);
    await callCloudFront();
    respondWith(502);
    await callCloudFront();
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 29_000);
    expect((await callCloudFront()).status).toBe(502);
    expect(requests).toHaveLength(2);
    clock.mockReturnValue(now + 30_000);
    await callCloudFront();
    expect(requests).toHaveLength(3);
  });

  it('does not apply to methods that are not cached, such as POST', async () => {
    await start(withBehavior({ allowed_methods: ['GET', 'HEAD', 'POST'] }));
    respondWith(500);
    await callCloudFront({ method: 'POST' });
    await callCloudFront({ method: 'POST' });
    expect(requests).toHaveLength(2);
  });

  it('also applies to an unreachable origin', async () => {
    // No program listens on this reserved port.
    await start(edge(), { originPort: 1 });
    const [first, second] = [await callCloudFront(), await callCloudFront()];
    expect(second).toMatchObject({ status: 502, text: first.text });
    expect(second.headers['x-amz-cf-id']).not.toBe(first.headers['x-amz-cf-id']);
  });
});

describe('the log of the web ACL', () => {
  const logging = {
    resource_arn: ARNS.webAcl,
    logging_filter: [],
    redacted_fields: [{ single_header: [{ name: 'x-api-key' }], method: [], query_string: [], uri_path: [] }],
  };

  it('has a line for each request, and hides the values of redacted fields', async () => {
    await start({ ...edge(), aws_wafv2_web_acl_logging_configuration: [logging] });
    await callCloudFront({ headers: { 'X-Api-Key': 'a key' } });
    const blocked = await callCloudFront({ from: '127.0.0.9' });
    expect(wafLines.map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({
        action: 'ALLOW',
        terminatingRuleId: 'allowed',
        httpSourceId: 'EDFDVBD6EXAMPLE',
        httpRequest: expect.objectContaining({
          clientIp: '203.0.113.1',
          headers: expect.arrayContaining([{ name: 'X-Api-Key', value: 'REDACTED' }]),
        }),
      }),
      expect.objectContaining({
        action: 'BLOCK',
        terminatingRuleId: 'Default_Action',
        httpRequest: expect.objectContaining({ requestId: blocked.headers['x-amz-cf-id'] }),
      }),
    ]);
    expect(wafLines.join()).not.toContain('a key');
  });
});

describe('a port that is taken', () => {
  it('makes the start fail, and no other port stays open', async () => {
    await start();
    const [taken, free] = [cloudFront?.httpPort ?? 0, cloudFront?.httpsPort ?? 0];
    cloudFront?.stop();
    cloudFront = undefined;
    const other = createServer().listen(taken, '127.0.0.1');
    await once(other, 'listening');
    await expect(start(edge(), { httpsPort: free, httpPort: taken })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const connection = call({ port: free, host: CLOUDFRONT_HOST, ca: ca.pem });
    await expect(connection).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    other.close();
  });
});

describe('a changed distribution', () => {
  const withOriginKey = (value: string): Resources =>
    withDistribution({ origin: [{ ...origin(), custom_header: [{ name: 'x-api-key', value }] }] });

  it('replaces the previous one on the same ports, and requests in flight finish with the previous one', async () => {
    await start();
    let release: () => void = () => undefined;
    const inFlight = new Promise<void>((resolve) => {
      respond = (_request, response) => {
        release = () => response.end('late');
        resolve();
      };
    });
    const early = callCloudFront();
    await inFlight;
    cloudFront?.update(appliedOf(withOriginKey('the second key')));
    respond = (_request, response) => response.end('new');
    expect((await callCloudFront()).text).toBe('new');
    release();
    expect((await early).text).toBe('late');
    expect(requests.map(({ headers }) => headers['x-api-key'])).toEqual([API_KEY, 'the second key']);
  });

  it('keeps idle connections to the previous origin until the keep-alive timeout', async () => {
    await start(withDistribution({ origin: [origin({ origin_keepalive_timeout: 1 })] }));
    await callCloudFront();
    const idleSocket = requests[0]?.socket;
    cloudFront?.update(appliedOf(withOriginKey('the second key')));
    expect(idleSocket?.destroyed).toBe(false);
    if (idleSocket) await once(idleSocket, 'close');
    expect((await callCloudFront()).status).toBe(200);
  });

  it('that is unsupported does not replace the previous one', async () => {
    await start();
    const unsupported = withDistribution({ ordered_cache_behavior: [behavior()] });
    expect(() => cloudFront?.update(appliedOf(unsupported))).toThrow(/ordered_cache_behavior is not supported/);
    expect((await callCloudFront()).status).toBe(200);
  });
});
