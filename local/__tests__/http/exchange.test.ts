import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { exchange, receiveRequest } from '../../http/exchange';
import { stopServers } from '../../processes/listen';

let folder: string;
let socket: string;
let server: Server;
let respond: RequestListener;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'exchange-'));
  socket = join(folder, 'socket');
  // By default the server closes a connection that was idle for 5 s. A request at that moment would fail with ECONNRESET.
  server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => respond(request, response));
  await once(server.listen(socket), 'listening');
});

afterAll(() => {
  stopServers([server]);
  rmSync(folder, { recursive: true });
});

const request = { method: 'PUT', path: '/a?b=1', headers: { 'x-own': '1' }, body: Buffer.from('grüße') };

describe('a request', () => {
  it('is received with its whole body, without hop-by-hop headers or Expect', async () => {
    const headers = { host: 'localhost', connection: 'close', expect: '100-continue', 'transfer-encoding': 'chunked' };
    const body = Readable.from([Buffer.from('one '), Buffer.from('two')]);
    const incoming = Object.assign(body, { method: 'POST', url: '/a?b=1', headers });
    expect(await receiveRequest(incoming as unknown as IncomingMessage)).toEqual({
      method: 'POST',
      path: '/a?b=1',
      headers: { host: 'localhost' },
      body: Buffer.from('one two'),
    });
  });

  it('is passed on unchanged, with the length of its body in bytes', async () => {
    let received: unknown;
    respond = (incoming, response) => {
      void text(incoming).then((body) => {
        const { method, url, headers } = incoming;
        received = { method, url, own: headers['x-own'], length: headers['content-length'], body };
        response.end();
      });
    };
    await exchange(socket, request);
    expect(received).toEqual({ method: 'PUT', url: '/a?b=1', own: '1', length: '7', body: 'grüße' });
  });
});

/**
 * Code of a worker thread. Its server closes each connection after the answer, as moto does. Its three clients keep the main
 * thread busy: each sends a byte every millisecond to the socket `ticks`, which the main thread serves.
 */
const CLOSING_SERVER = `
  const { createServer, connect } = require('node:net');
  const { parentPort, workerData } = require('node:worker_threads');
  const ANSWER = 'HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: 2\\r\\n\\r\\nok';
  createServer((connection) => {
    connection.on('error', () => undefined).on('data', (data) => {
      if (data.at(-1) !== workerData.lastByte) return;
      setTimeout(() => connection.end(ANSWER, () => connection.destroy()), 2);
    });
  }).listen(workerData.socket, () => parentPort.postMessage('listening'));
  for (let count = 0; count < 3; count += 1) {
    const ticks = connect(workerData.ticks);
    setInterval(() => ticks.write('.'), 1);
  }
`;

describe('a response', () => {
  describe('of a server that closes the connection while this process is busy', () => {
    const body = Buffer.concat([Buffer.alloc(2 ** 20), Buffer.from('!')]);
    let motoSocket: string;
    let thread: Worker;
    let busy: TcpServer;

    beforeAll(async () => {
      motoSocket = join(folder, 'closing');
      const ticks = join(folder, 'ticks');
      let blockedMs = 0;
      busy = createTcpServer((connection) =>
        connection.on('data', () => {
          // Blocks this thread for 0 to 29 ms, so that the server in the worker closes its connection at a different moment each time.
          blockedMs = (blockedMs + 7) % 30;
          const end = performance.now() + blockedMs;
          while (performance.now() < end);
        }),
      );
      await once(busy.listen(ticks), 'listening');
      const workerData = { socket: motoSocket, ticks, lastByte: body.at(-1) };
      thread = new Worker(CLOSING_SERVER, { eval: true, workerData });
      await once(thread, 'message');
    });

    afterAll(async () => {
      await thread.terminate();
      busy.close();
    });

    it('arrives', async () => {
      const statuses: number[] = [];
      for (let sent = 0; sent < 15; sent += 1) statuses.push((await exchange(motoSocket, { ...request, body })).status);
      expect(new Set(statuses)).toEqual(new Set([200]));
    });
  });

  it('has status, headers and the whole body', async () => {
    respond = (_incoming, response) => {
      response.writeHead(404, { 'X-Own': '2' }).write('one ');
      response.end('two');
    };
    const { status, headers, body } = await exchange(socket, request);
    expect([status, headers['x-own'], body.toString()]).toEqual([404, '2', 'one two']);
  });

  it('has no hop-by-hop headers, and no CORS headers, which would let a web page read the response', async () => {
    const sent = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*', Connection: 'close' };
    respond = (_incoming, response) => response.writeHead(200, sent).end();
    const { headers } = await exchange(socket, request);
    expect(Object.keys(headers).join()).not.toMatch(/access-control|connection|transfer-encoding/);
  });

  it('is 502 if the server does not answer', async () => {
    const { status, body } = await exchange(join(folder, 'missing'), request);
    expect(status).toBe(502);
    expect(body.toString()).toMatch(/missing does not answer: .*ENOENT/);
  });
});
