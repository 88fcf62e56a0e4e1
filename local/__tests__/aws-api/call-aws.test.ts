import type { RequestListener } from 'node:http';
import { callAws } from '../../aws-api/call-aws';
import { toAwsCall } from '../../http/aws-call';
import { receiveRequest, type WholeRequest } from '../../http/exchange';
import { startHttpServer, type HttpServer } from '../support/http-server';

let server: HttpServer;
let respond: RequestListener;
let received: WholeRequest | undefined;

beforeAll(async () => {
  server = await startHttpServer((request, response) => {
    void receiveRequest(request).then((whole) => {
      received = whole;
      respond(request, response);
    });
  });
});

afterAll(() => server.stop());

beforeEach(() => {
  respond = (_request, response) => response.end('answered');
});

const iam = () => ({ url: server.url, service: 'iam', region: 'us-east-1' });

describe('a call to the local AWS', () => {
  it('sends method, path, headers and body, and names service and region in the scope of its signature', async () => {
    const body = new URLSearchParams({ Action: 'GetRole' });
    const response = await callAws(iam(), '/?a=1', { method: 'POST', headers: { 'x-own': '1' }, body });
    expect(await response.text()).toBe('answered');
    expect(received).toMatchObject({ method: 'POST', path: '/?a=1', headers: { 'x-own': '1' } });
    expect(received && toAwsCall(received)).toMatchObject({
      service: 'iam',
      region: 'us-east-1',
      action: 'GetRole',
    });
  });

  it('is a GET without a body by default', async () => {
    await callAws(iam(), '/');
    expect([received?.method, received?.body.length]).toEqual(['GET', 0]);
  });

  it('fails with AWS’s error code and the whole body', async () => {
    respond = (_request, response) =>
      response.writeHead(404, { 'x-amzn-errortype': 'NoSuchEntity' }).end('no such role');
    await expect(callAws(iam(), '/')).rejects.toMatchObject({
      name: 'AwsApiError',
      status: 404,
      type: 'NoSuchEntity',
      body: 'no such role',
      message: 'iam answered 404 NoSuchEntity: no such role',
    });
  });

  it('fails with ServiceException if the response has no error code', async () => {
    respond = (_request, response) => response.writeHead(500).end();
    await expect(callAws(iam(), '/')).rejects.toMatchObject({ status: 500, type: 'ServiceException' });
  });
});
