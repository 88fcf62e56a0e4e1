import { standInForAllTests } from '../../support/deployment-stand-in';

const standIn = standInForAllTests();

describe('the check of database users', () => {
  it('reports undeclared users, even one named rdsfoo, but not the users that MySQL and RDS create', async () => {
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
