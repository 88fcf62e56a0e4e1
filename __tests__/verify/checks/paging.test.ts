import { standInForAllTests } from '../../support/deployment-stand-in';

const standIn = standInForAllTests();

const DIFFERENT_LISTS =
  'pages of two sizes give different lists. ' +
  'limit=2: 3 rows in 2 pages, to the end of the list; limit=1000: 4 rows in 1 page, to the end of the list';

describe('the check of paging', () => {
  it('reports a row that is missing between pages', async () => {
    const seen = await standIn().unexpectedResults((reply, { path, query }) => {
      if (path === '/items' && query.get('cursor') === '2')
        reply.body = '{"items":[{"id":4,"name":"item 4"}],"next":null}';
    });
    expect(seen).toEqual({ 'GET /items page by page': DIFFERENT_LISTS });
  });

  it('reports a row that appears twice', async () => {
    const seen = await standIn().unexpectedResults((reply, { path, query }) => {
      if (path === '/items' && query.get('cursor') === '2')
        reply.body = '{"items":[{"id":1,"name":"item 1"}],"next":null}';
    });
    expect(seen).toEqual({ 'GET /items page by page': `${DIFFERENT_LISTS}; some rows twice with limit=2` });
  });

  it('reports times that are not in order from newest to oldest', async () => {
    const seen = await standIn().unexpectedResults((reply, { path, query }) => {
      if (path !== '/func1' || !query.has('cursor') || reply.status !== 200) return;
      const page = JSON.parse(reply.body) as { timestamps: string[] };
      reply.body = JSON.stringify({ ...page, timestamps: page.timestamps.reverse() });
    });
    expect(seen).toEqual({ 'GET /func1 page by page': expect.stringContaining('not the newest first') as string });
  });

  it('reports a route that stores another row when it returns a later page', async () => {
    const seen = await standIn().unexpectedResults((reply, { path, query }) => {
      if (path === '/func1' && query.has('cursor'))
        reply.body = reply.body.replace('"recorded":null', '"recorded":"x"');
    });
    expect(seen).toEqual({ 'GET /func1 page by page': 'the request for page 2 stored a row' });
  });
});
