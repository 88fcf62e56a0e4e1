import { once } from 'node:events';
import { get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { passBody } from '../../http/pass-body';
import { startHttpServer, type HttpServer } from '../support/http-server';

let source: HttpServer;
/** Passes on the bodies of the source. */
let relay: HttpServer;
/** How the source answers. */
let respond: RequestListener;
/** The message whose body the relay passed on last, and the outcome. */
let passed: Promise<{ from: IncomingMessage; outcome: unknown }>;

/** Sends a request. Returns the response as soon as its headers arrive. */
async function ask({ url }: HttpServer): Promise<IncomingMessage> {
  const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage];
  return response;
}

beforeAll(async () => {
  source = await startHttpServer((request, response) => respond(request, response));
  relay = await startHttpServer((_request, response) => {
    passed = ask(source).then(async (from) => {
      response.flushHeaders();
      const outcome = await passBody(from, response).catch((error: unknown) => {
        response.destroy();
        return error;
      });
      return { from, outcome };
    });
  });
});

afterAll(() => {
  for (const server of [source, relay]) server.stop();
});

describe('a body that is passed on', () => {
  it('arrives whole', async () => {
    const body = 'x'.repeat(1_000_000);
    respond = (_request, response) => response.end(body);
    expect(await text(await ask(relay))).toBe(body);
    expect((await passed).outcome).toBeUndefined();
  });

  it('is read no further, and reports no error, once its receiver disconnects', async () => {
    const ended = new Promise((resolve) => {
      respond = (_request, response) => void response.on('close', resolve).write('the first part');
    });
    const received = await ask(relay);
    await once(received, 'data');
    received.destroy();
    const { from, outcome } = await passed;
    expect([outcome, from.destroyed]).toEqual([undefined, true]);
    await ended;
  });

  it('is not read, and reports no error, if its receiver disconnects before the body begins', async () => {
    const disconnected = once(relay.server, 'request').then(([, response]) =>
      once(response as ServerResponse, 'close'),
    );
    respond = (_request, response) => void disconnected.then(() => response.end('too late'));
    const request = get(relay.url, { agent: false }).on('error', () => undefined);
    await once(source.server, 'request');
    request.destroy();
    await disconnected;
    const { from, outcome } = await passed;
    expect([outcome, from.destroyed]).toEqual([undefined, true]);
  });

  it('fails if it ends too early', async () => {
    respond = (_request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half', () => response.socket?.destroy());
    };
    const received = text(await ask(relay));
    await expect(received).rejects.toThrow('aborted');
    expect((await passed).outcome).toMatchObject({ code: 'ECONNRESET' });
  });
});
