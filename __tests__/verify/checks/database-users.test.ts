import { standInForFile } from '../../support/deployment-stand-in';

const standIn = standInForFile();

describe('the check of database users', () => {
  it('reports undeclared users, except those of MySQL and RDS', async () => {
    const seen = await standIn().unexpectedResults((reply, { path }) => {
      if (path === '/' && reply.status === 200) reply.body = '{"users":["analyst","bob","mysql.sys","rdsfoo"]}';
    });
    expect(seen).toEqual({ 'users of the database': 'bob, rdsfoo too' });
  });
});
