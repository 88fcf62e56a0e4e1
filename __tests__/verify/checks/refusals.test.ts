import { API_HOST, GATEWAY_HOST, standInForAllTests } from '../../support/deployment-stand-in';

const standIn = standInForAllTests();

describe('the check of refused requests', () => {
  it('reports a route that needs no key', async () => {
    const seen = await standIn().unexpectedResults((reply, { host, path }) => {
      if (host === GATEWAY_HOST && path === '/items') reply.status = 200;
    });
    expect(seen).toEqual({
      'GET /items at API Gateway without a key': '200 The API key is missing or wrong.',
      'GET /items at API Gateway with a wrong key': '200 The API key is missing or wrong.',
      'HEAD /items at API Gateway without a key': '200',
    });
  });

  it('reports an accepted method that no route declares', async () => {
    const seen = await standIn().unexpectedResults((reply, { host, method }) => {
      if (host === API_HOST && method === 'DELETE') reply.status = 200;
    });
    expect(seen).toEqual({ 'DELETE /items': '200' });
  });

  it('reports accepted bad input', async () => {
    const seen = await standIn().unexpectedResults((reply, { query }) => {
      if (query.get('limit') === '1001') Object.assign(reply, { status: 200, body: '{"items":[]}' });
    });
    expect(seen).toEqual({ 'GET /items?limit=1001': '200', 'GET /func1?limit=1001': '200' });
  });

  it('reports bad input that is refused without a request id', async () => {
    const seen = await standIn().unexpectedResults((reply, { path, query }) => {
      if (path !== '/items' || query.get('limit') !== '1001') return;
      delete reply.headers['x-request-id'];
      reply.body = '{"error":"limit is wrong."}';
    });
    expect(seen).toEqual({ 'GET /items?limit=1001': '400 limit is wrong.' });
  });

  it('reports that CloudFront does not replace a key of the caller', async () => {
    const seen = await standIn().unexpectedResults((reply, { host, headers }) => {
      if (host === API_HOST && headers['x-api-key'] !== undefined) reply.status = 403;
    });
    expect(seen).toEqual({ 'HEAD /items with a wrong key, which CloudFront replaces': '403' });
  });
});
