import { startApiGateway, type RunningApiGateway } from '../api-gateway/server';
import { startEdge, type RunningEdge } from '../edge/server';
import { CertificateAuthority } from '../certificates/certificate-authority';
import { call } from './support/http-client';
import { API_HOST, appliedOf, edge, restApi, withBehavior, type Resources } from './support/http-state';

/** Simulated public address of the viewer, who calls from 127.0.0.1. It is the first address that the web ACL allows. */
const VIEWER_ADDRESS = '203.0.113.1';

/** Simulated public address of CloudFront. It stands for 127.0.0.254, from which the local CloudFront calls origins. */
const CLOUDFRONT_ADDRESS = '198.51.100.254';

let authority: CertificateAuthority;
let gateway: RunningApiGateway;
let edgeServer: RunningEdge;
let events: any[];

async function start(resources: Resources): Promise<void> {
  const applied = appliedOf(resources);
  gateway = await startApiGateway({
    applied,
    certificate: await authority.issue(API_HOST),
    address: '127.0.0.1',
    port: 0,
    log: () => undefined,
    invoke: (_functionArn, event) => {
      events.push(event);
      return Promise.resolve({ payload: '{"statusCode":200,"body":"hello"}', log: '' });
    },
  });
  edgeServer = await startEdge({
    applied,
    certificate: await authority.issue('localhost'),
    httpsPort: 0,
    httpPort: 0,
    originCa: authority.pem,
    resolve: (host) => (host === gateway.domainName ? gateway : undefined),
    logWaf: () => undefined,
    log: () => undefined,
  });
}

const get = () => call({ port: edgeServer.httpsPort, host: 'localhost', path: '/items', ca: authority.pem });

beforeAll(async () => {
  authority = await CertificateAuthority.create();
});

beforeEach(() => {
  events = [];
});

afterEach(() => {
  edgeServer.stop();
  gateway.stop();
});

describe('a request from an allowed address', () => {
  it('reaches API Gateway from CloudFront’s address', async () => {
    await start({ ...restApi(), ...edge() });
    expect(await get()).toMatchObject({ status: 200, text: 'hello' });
    const [{ headers, requestContext }] = events;
    expect(requestContext.identity).toMatchObject({ sourceIp: CLOUDFRONT_ADDRESS, apiKeyId: 'key1' });
    expect(headers['X-Forwarded-For']).toBe(`${VIEWER_ADDRESS}, ${CLOUDFRONT_ADDRESS}`);
  });

  it('is rejected by API Gateway if CloudFront forwards the viewer’s Host header', async () => {
    // The managed policy AllViewer, which forwards all headers of the viewer.
    const allViewer = { origin_request_policy_id: '216adef6-5c7f-47e4-b989-5492eafa07d3' };
    await start({ ...restApi(), ...withBehavior(allViewer) });
    expect(await get()).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
    expect(events).toEqual([]);
  });
});
