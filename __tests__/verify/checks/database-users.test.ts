import { standInForAllTests } from '../../support/deployment-stand-in';

const standIn = standInForAllTests();

describe('the check of database users', () => {
  it('reports undeclared users, also one whose name begins with rds, but not those of MySQL and RDS', async () => {
    const seen = await standIn().unexpectedResults((reply, { path }) => {
      if (path === '/' && reply.status === 200)
        reply.body = '{"users":["analyst","bob","mysql.sys","rdsadmin","rdsfoo"]}';
    });
    expect(seen).toEqual({ 'users of the database': 'undeclared: bob, rdsfoo' });
  });

  it('reports an answer without a list of users', async () => {
    const seen = await standIn().unexpectedResults((reply, { path }) => {
      if (path === '/' && reply.status === 200) reply.body = '{}';
    });
    expect(seen).toEqual({ 'users of the database': 'the answer has no list of users' });
  });
});
