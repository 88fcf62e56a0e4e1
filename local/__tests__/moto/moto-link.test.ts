import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WholeRequest } from '../../http/exchange';
import { MotoLink } from '../../moto/moto-link';
import { jsonRequest } from '../support/aws-requests';

let folder: string;
let journal: string;
let server: Server;
/** Requests that arrived at moto's socket. With a new journal, the first one seeds moto. */
let requests: IncomingMessage[];
/** How the server at moto's socket answers, except to the seed. */
let respond: RequestListener;

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

const open = ({ replayed } = { replayed: false }): Promise<MotoLink> =>
  MotoLink.open(join(folder, 'moto'), { path: journal, replayed });

/** Makes a request whose path also names its action. */
const request = (action: string): WholeRequest => ({
  ...jsonRequest('secretsmanager', `secretsmanager.${action}`),
  path: `/${action}`,
});

/** Paths in the journal's lines. The first line of a new journal is the seed, which has no path. */
const recordedPaths = (): unknown[] =>
  readFileSync(journal, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { path?: string })
    .map(({ path }) => path);

/** Delays the answer to each request except the seed. @returns functions that send the answers, in the order of the requests */
function delayAnswers(): (() => void)[] {
  const answers: (() => void)[] = [];
  respond = (_request, response) => answers.push(() => response.end());
  return answers;
}

/** Waits until this many requests have arrived, and a moment longer. @returns how many have arrived then */
async function requestsAfterWait(count: number): Promise<number> {
  while (requests.length < count) await sleep(5);
  await sleep(50);
  return requests.length;
}

describe('a link to moto', () => {
  it('seeds moto first, and records the requests that it passes', async () => {
    const link = await open();
    const answer = await link.pass(request('CreateSecret'));
    await link.close();
    expect(answer.status).toBe(200);
    expect(requests[0]?.url).toMatch(/^\/moto-api\/seed\?a=\d+$/);
    expect(recordedPaths()).toEqual([undefined, '/CreateSecret']);
  });

  it('appends to a replayed journal, without another seed', async () => {
    writeFileSync(journal, '{"path":"/replayed"}\n');
    const link = await open({ replayed: true });
    await link.pass(request('CreateSecret'));
    await link.close();
    expect(requests.map(({ url }) => url)).toEqual(['/CreateSecret']);
    expect(recordedPaths()).toEqual(['/replayed', '/CreateSecret']);
  });

  it('passes one request at a time, in order', async () => {
    const send = delayAnswers();
    const link = await open();
    const answers = ['First', 'Second'].map((action) => link.pass(request(action)));
    // The seed and the first request; the second waits for the first answer.
    expect(await requestsAfterWait(2)).toBe(2);
    send[0]?.();
    expect(await requestsAfterWait(3)).toBe(3);
    send[1]?.();
    await Promise.all(answers);
    await link.close();
    expect(recordedPaths()).toEqual([undefined, '/First', '/Second']);
  });

  it('sends the header x-reads with each read, and records a read unless moto’s answer has the header x-unchanged', async () => {
    respond = ({ url }, response) => {
      if (url === '/GetSecretValue') response.setHeader('x-unchanged', 'true');
      response.setHeader('x-other', 'kept').end();
    };
    const link = await open();
    const { headers } = await link.pass(request('GetSecretValue'));
    for (const action of ['GetRandomPassword', 'CreateSecret']) await link.pass(request(action));
    await link.close();
    expect(requests.slice(1).map(({ headers: received }) => received['x-reads'])).toEqual(['true', 'true', undefined]);
    expect(headers).toHaveProperty('x-other');
    expect(headers).not.toHaveProperty('x-unchanged');
    expect(recordedPaths()).toEqual([undefined, '/GetRandomPassword', '/CreateSecret']);
  });

  it('continues after a request that could not be recorded', async () => {
    const link = await open();
    const broken = { ...request('First'), body: undefined as unknown as Buffer };
    await expect(link.pass(broken)).rejects.toThrow();
    expect((await link.pass(request('Second'))).status).toBe(200);
    await link.close();
  });

  it('closes only after the pending requests', async () => {
    const send = delayAnswers();
    const link = await open();
    const answer = link.pass(request('CreateSecret'));
    let isClosed = false;
    const closed = link.close().then(() => (isClosed = true));
    await requestsAfterWait(2);
    expect(isClosed).toBe(false);
    send[0]?.();
    await Promise.all([answer, closed]);
    expect(recordedPaths()).toEqual([undefined, '/CreateSecret']);
  });
});
