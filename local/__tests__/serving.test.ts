import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '../certificates/certificate-authority';
import { LogFiles } from '../log-files';
import { Claim } from '../network/claim';
import { Network } from '../network/network';
import { Serving, type Served } from '../serving';
import { freePort } from './support/free-port';
import { call } from './support/http-client';
import { appliedOf, changeValues, edge, origin, restApi, type Resources } from './support/http-state';

const folder = mkdtempSync(join(tmpdir(), 'serving-'));
const logs = new LogFiles(folder);
let authority: CertificateAuthority;
let claim: Claim;
let serving: Serving;
/** Emits "invoked" when the function is invoked. */
const invocations = new EventEmitter();
/** Resolves when the function may answer. @default - it answers at once */
let mayAnswer: Promise<void> | undefined;

const deployedResources: Resources = { ...restApi(), ...edge() };

/** The resources with another key in API Gateway and in CloudFront. */
const withKey = (value: string): Resources =>
  changeValues(changeValues(deployedResources, 'aws_api_gateway_api_key', { value }), 'aws_cloudfront_distribution', {
    origin: [{ ...origin(), custom_header: [{ name: 'x-api-key', value }] }],
  });

async function serve(resources: Resources): Promise<Served> {
  const served = await serving.serve(appliedOf(resources));
  if (served === undefined) throw new Error('No API is served');
  return served;
}

const get = async ({ edge: { httpsPort: port } }: Served, path = '/items', host = 'localhost'): Promise<number> =>
  (await call({ port, host, path, ca: authority.pem })).status;

beforeAll(async () => {
  authority = await CertificateAuthority.create();
  const [https, http, browser] = [await freePort(), await freePort(), await freePort()];
  claim = await Claim.take({ ports: { https, http, browser } });
});

beforeEach(() => {
  mayAnswer = undefined;
  serving = new Serving({
    authority,
    claim,
    network: new Network(claim.number),
    invoke: async () => {
      invocations.emit('invoked');
      await mayAnswer;
      return { payload: '{"statusCode":200,"body":"hello"}', log: '' };
    },
    logs,
  });
});

afterEach(() => serving.stop());

afterAll(async () => {
  claim.stop();
  await logs.close();
  rmSync(folder, { recursive: true });
});

describe('a change of the served API', () => {
  it('breaks no request in flight, even if the distribution gets an alias', async () => {
    const served = await serve(deployedResources);
    let answer: () => void = () => undefined;
    mayAnswer = new Promise((resolve) => (answer = resolve));
    const invoked = once(invocations, 'invoked');
    const inFlight = get(served);
    await invoked;
    const renamed = changeValues(deployedResources, 'aws_cloudfront_distribution', { aliases: ['api.example.com'] });
    expect((await serve(renamed)).edge.httpsPort).toBe(served.edge.httpsPort);
    answer();
    expect(await inFlight).toBe(200);
    expect(await get(served, '/items', 'api.example.com')).toBe(200);
    expect(await get(served)).toBe(200);
  });

  it('adds a route and removes one', async () => {
    const served = await serve({ ...edge(), ...restApi({ '/func1': 'func1' }) });
    expect([await get(served, '/func1'), await get(served)]).toEqual([200, 403]);
    await serve(deployedResources);
    expect([await get(served, '/func1'), await get(served)]).toEqual([403, 200]);
  });

  it('can remove the API; once the API is added again, it uses the same port', async () => {
    const { edge: first } = await serve(deployedResources);
    expect(await serving.serve(appliedOf({}))).toBeUndefined();
    await expect(call({ port: first.httpsPort, host: 'localhost', ca: authority.pem })).rejects.toThrow();
    const again = await serve(deployedResources);
    expect([again.edge.httpsPort, await get(again)]).toEqual([first.httpsPort, 200]);
  });
});

describe('the end of serving', () => {
  it('also stops servers that are just starting', async () => {
    const starting = serving.serve(appliedOf(deployedResources));
    await serving.stop();
    await starting;
    expect(serving.isServing).toBe(false);
  });
});

describe('the served API while Terraform applies', () => {
  it('follows the applied keys: it answers 200 only while CloudFront sends a key of API Gateway', async () => {
    const served = await serve(deployedResources);
    await serving.follow(appliedOf(withKey('another-key-of-the-origin-01')));
    expect(await get(served)).toBe(200);
    await serving.follow(
      appliedOf(changeValues(deployedResources, 'aws_api_gateway_api_key', { value: 'a-key-that-no-caller-sends-01' })),
    );
    expect(await get(served)).toBe(403);
  });

  it('changes its routes only after the stage has the new deployment', async () => {
    const served = await serve(deployedResources);
    const changed = { ...edge(), ...restApi({ '/func1': 'func1' }) };
    await serving.follow(appliedOf(changed));
    expect([await get(served, '/func1'), await get(served)]).toEqual([403, 200]);
    await serving.follow(appliedOf(changeValues(changed, 'aws_api_gateway_stage', { deployment_id: 'dep2' })));
    expect([await get(served, '/func1'), await get(served)]).toEqual([200, 403]);
  });

  it.each(['aws_cloudfront_distribution', 'aws_wafv2_web_acl', 'aws_api_gateway_rest_api'])(
    'stays unchanged while %s is missing',
    async (type) => {
      const served = await serve(deployedResources);
      await serving.follow(appliedOf({ ...deployedResources, [type]: [] }));
      expect(await get(served)).toBe(200);
    },
  );
});
