import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Job, LoadResult } from '../../bench/load';
import { selfSigned } from '../support/certificates';

jest.setTimeout(60_000);

const PROGRAM = join(__dirname, '..', '..', 'bench', 'load.ts');

let server: Server;
let program: ChildProcess;
let ca: string;
let requests: string[];
let connections: number;

beforeAll(async () => {
  const certificate = await selfSigned({ name: 'CN=localhost', hosts: ['localhost'] });
  ca = certificate.cert;
  server = createServer(certificate, ({ method, url }, response) => {
    requests.push(`${method} ${url}`);
    if (url === '/broken') response.statusCode = 500;
    // Like CloudFront, rejects DELETE. Callers use DELETE to connect without calling a function.
    if (method === 'DELETE') response.statusCode = 403;
    response.end('the body');
  });
  server.on('secureConnection', () => (connections += 1));
  await once(server.listen(0, 'localhost'), 'listening');
  program = fork(PROGRAM, { execArgv: ['--import', 'tsx'] });
});

beforeEach(() => ([requests, connections] = [[], 0]));

afterAll(() => {
  program.kill();
  server.close();
  server.closeAllConnections();
});

/** Runs a job in the program. @returns the result, or the text of an error */
async function runJob(job: Omit<Job, 'port' | 'ca'>): Promise<LoadResult | string> {
  program.send({ port: (server.address() as AddressInfo).port, ca, ...job });
  const [answer] = (await once(program, 'message')) as [LoadResult | string];
  return answer;
}

describe('the program that calls the API', () => {
  it('connects each caller with a DELETE before the first call, and measures only the calls', async () => {
    const load = (await runJob({ path: '/items', callers: 2, calls: 3 })) as LoadResult;
    expect(connections).toBe(2);
    expect(requests).toEqual([...Array<string>(2).fill('DELETE /'), ...Array<string>(6).fill('GET /items')]);
    expect(load.times).toHaveLength(6);
    expect(Math.max(...load.times)).toBeLessThanOrEqual(load.seconds * 1_000);
  });

  it('ends a job after the given time if the job has no number of calls', async () => {
    const load = (await runJob({ path: '/items', callers: 1, ms: 100 })) as LoadResult;
    expect(load.seconds).toBeGreaterThanOrEqual(0.1);
    expect(requests).toEqual(['DELETE /', ...load.times.map(() => 'GET /items')]);
  });

  it('reports an answer other than 200', async () => {
    expect(await runJob({ path: '/broken', callers: 1, calls: 1 })).toBe(
      'Error: GET /broken must answer 200, got 500: the body',
    );
  });

  it('exits, even during a job, when the benchmark that started the program ends', async () => {
    const [begun, ended] = [once(server, 'request'), once(program, 'exit')];
    program.send({ port: (server.address() as AddressInfo).port, ca, path: '/items', callers: 1 });
    await begun;
    program.disconnect();
    expect(await ended).toEqual([0, null]);
  });
});
