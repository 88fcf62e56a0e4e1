import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WholeRequest } from '../../http/exchange';
import { MotoLink } from '../../moto/moto-link';

let folder: string;
let journal: string;
let server: Server;
let requests: IncomingMessage[];

/** How the server at moto's socket answers. */
let respond: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'moto-link-'));
  journal = join(folder, 'journal');
  requests = [];
  respond = (_request, response) => response.end();
  server = createServer((request, response) => {
    requests.push(request.resume());
    if (request.url?.startsWith('/moto-api/seed') === true) response.end();
    else respond(request, response);
  });
  await once(server.listen(join(folder, 'moto')), 'listening');
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

const open = (replayed?: boolean): Promise<MotoLink> =>
  MotoLink.open(join(folder, 'moto'), replayed === undefined ? undefined : { path: journal, replayed });

const request = (action: string): WholeRequest => ({
  method: 'POST',
  path: `/${action}`,
  headers: {
    authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/secretsmanager/aws4_request',
    'x-amz-target': `secretsmanager.${action}`,
  },
  body: Buffer.from('{}'),
});

/** Paths of the recorded requests. */
const recorded = (): unknown[] =>
  readFileSync(journal, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { path?: string })
    .map(({ path }) => path);

/** Holds the answer to each request until the test releases it. */
function hold(): (() => void)[] {
  const held: (() => void)[] = [];
  respond = (_request, response) => held.push(() => response.end());
  return held;
}

/** Waits until this many requests have arrived, and a moment longer for further ones. */
async function arrived(count: number): Promise<number> {
  while (requests.length < count) await sleep(5);
  await sleep(50);
  return requests.length;
}

describe('a link without a journal', () => {
  it('passes requests at the same time', async () => {
    const held = hold();
    const link = await open();
    const answers = [link.pass(request('CreateSecret')), link.pass(request('CreateSecret'))];
    expect(await arrived(2)).toBe(2);
    held.forEach((release) => release());
    expect(await Promise.all(answers)).toMatchObject([{ status: 200 }, { status: 200 }]);
  });
});

describe('a link with a journal', () => {
  it('seeds moto first, and records what it passes', async () => {
    const link = await open(false);
    const answer = await link.pass(request('CreateSecret'));
    await link.close();
    expect(answer.status).toBe(200);
    expect(requests[0]?.url).toMatch(/^\/moto-api\/seed\?a=\d+$/);
    expect(recorded()).toEqual([undefined, '/CreateSecret']);
  });

  it('appends to a replayed journal, without another seed', async () => {
    writeFileSync(journal, '{"path":"/replayed"}\n');
    const link = await open(true);
    await link.pass(request('CreateSecret'));
    await link.close();
    expect(requests.map(({ url }) => url)).toEqual(['/CreateSecret']);
    expect(recorded()).toEqual(['/replayed', '/CreateSecret']);
  });

  it('passes one request at a time, in order', async () => {
    const held = hold();
    const link = await open(false);
    const answers = ['First', 'Second'].map((action) => link.pass(request(action)));
    expect(await arrived(2)).toBe(2);
    held[0]?.();
    expect(await arrived(3)).toBe(3);
    held[1]?.();
    await Promise.all(answers);
    await link.close();
    expect(recorded()).toEqual([undefined, '/First', '/Second']);
  });

  it('marks reads, and records a read only if it changed moto', async () => {
    respond = ({ url }, response) => {
      if (url === '/GetSecretValue') response.setHeader('x-unchanged', 'true');
      response.setHeader('x-other', 'kept').end();
    };
    const link = await open(false);
    const { headers } = await link.pass(request('GetSecretValue'));
    for (const action of ['GetRandomPassword', 'CreateSecret']) await link.pass(request(action));
    await link.close();
    expect(requests.slice(1).map((one) => one.headers['x-reads'])).toEqual(['true', 'true', undefined]);
    expect(headers).toHaveProperty('x-other');
    expect(headers).not.toHaveProperty('x-unchanged');
    expect(recorded()).toEqual([undefined, '/GetRandomPassword', '/CreateSecret']);
  });

  it('continues after a request that could not be recorded', async () => {
    const link = await open(false);
    const broken = { ...request('First'), body: undefined as unknown as Buffer };
    await expect(link.pass(broken)).rejects.toThrow();
    expect((await link.pass(request('Second'))).status).toBe(200);
    await link.close();
  });

  it('closes after the requests that are pending', async () => {
    const held = hold();
    const link = await open(false);
    const answer = link.pass(request('CreateSecret'));
    let isClosed = false;
    const closed = link.close().then(() => (isClosed = true));
    await arrived(2);
    expect(isClosed).toBe(false);
    held[0]?.();
    await Promise.all([answer, closed]);
    expect(recorded()).toEqual([undefined, '/CreateSecret']);
  });
});
