import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callAws } from '../../aws-api/call-aws';
import { toAwsCall } from '../../http/aws-call';
import { receiveRequest, type WholeRequest } from '../../http/exchange';

let server: Server;
let respond: RequestListener;
let received: WholeRequest | undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    void receiveRequest(request).then((whole) => {
      received = whole;
      respond(request, response);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

beforeEach(() => {
  respond = (_request, response) => response.end('answered');
});

const aws = () => ({
  url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  service: 'iam',
  region: 'us-east-1',
});

describe('a call of the local AWS', () => {
  it('names service and region in the scope of its signature', async () => {
    const body = new URLSearchParams({ Action: 'GetRole' });
    const response = await callAws(aws(), '/?a=1', { method: 'POST', headers: { 'x-own': '1' }, body });
    expect(await response.text()).toBe('answered');
    expect(received).toMatchObject({ method: 'POST', path: '/?a=1', headers: { 'x-own': '1' } });
    expect(received && toAwsCall(received)).toMatchObject({
      service: 'iam',
      region: 'us-east-1',
      action: 'GetRole',
    });
  });

  it('is a GET without a body by default', async () => {
    await callAws(aws(), '/');
    expect(received).toMatchObject({ method: 'GET', body: Buffer.alloc(0) });
  });

  it('fails with AWS’s error code and the whole answer', async () => {
    respond = (_request, response) =>
      response.writeHead(404, { 'x-amzn-errortype': 'NoSuchEntity' }).end('no such role');
    await expect(callAws(aws(), '/')).rejects.toMatchObject({
      name: 'AwsApiError',
      status: 404,
      type: 'NoSuchEntity',
      body: 'no such role',
      message: 'iam answered 404 NoSuchEntity: no such role',
    });
  });

  it('fails with ServiceException if the answer has no error code', async () => {
    respond = (_request, response) => response.writeHead(500).end();
    await expect(callAws(aws(), '/')).rejects.toMatchObject({ status: 500, type: 'ServiceException' });
  });
});
