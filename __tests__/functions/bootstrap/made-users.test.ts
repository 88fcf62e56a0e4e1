import { prepareRecord, undeclaredAccounts } from '../../../functions/bootstrap/made-users';
import type { Query } from '../../../functions/shared/database/database';

const ITEMS = { name: 'items', host: '%' };
const GUEST = { name: 'guest', host: '10.20.0.0/255.255.0.0' };

/**
 * Stands in for a server. Collects the statements, each with its parameters.
 *
 * @param recorded the users in the record
 * @param collationRows one row if the record ignores the case of names, otherwise no row
 */
function serverWith(recorded: object[] = [], collationRows: object[] = []) {
  const statements: [string, unknown][] = [];
  const query: Query = (sql, parameters) => {
    statements.push([sql, parameters]);
    if (sql.includes('COLLATION_NAME')) return Promise.resolve(collationRows as never);
    return Promise.resolve((sql.includes('COUNT(*)') ? [{ count: recorded.length }] : recorded) as never);
  };
  return { query, statements };
}

describe('the record of users', () => {
  /** Returns the parameters of the statements that copy existing users into the record. */
  const adoptedIn = (statements: [sql: string, parameters: unknown][]): unknown[] =>
    statements.filter(([sql]) => sql.startsWith('INSERT')).map(([, parameters]) => parameters);

  it('adopts the users of the given names, in one statement, if it is empty', async () => {
    const { query, statements } = serverWith();
    await prepareRecord(query, ['items', 'guest']);
    expect(adoptedIn(statements)).toEqual([[['items', 'guest']]]);
  });

  it('adopts no user if it is not empty', async () => {
    const { query, statements } = serverWith([ITEMS]);
    await prepareRecord(query, ['items', 'guest']);
    expect(adoptedIn(statements)).toEqual([]);
  });

  it('adopts no user if no name is given', async () => {
    const { query, statements } = serverWith();
    await prepareRecord(query, []);
    expect(adoptedIn(statements)).toEqual([]);
  });

  it.each([
    ['gets a case-sensitive collation if it ignores the case of names', [{ 1: 1 }], 1],
    ['keeps its collation if it does not ignore the case of names', [], 0],
  ])('%s', async (_what, collationRows, count) => {
    const { query, statements } = serverWith([ITEMS], collationRows);
    await prepareRecord(query, []);
    const alter =
      /^ALTER TABLE deployment\.users MODIFY name VARCHAR\(32\) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL$/;
    expect(statements.filter(([sql]) => alter.test(sql))).toHaveLength(count);
  });
});

describe('the undeclared users', () => {
  it('are the recorded users that are not declared', async () => {
    expect(await undeclaredAccounts(serverWith([GUEST, ITEMS]).query, [ITEMS])).toEqual([GUEST]);
  });

  it('include a recorded user whose name is declared only with another host', async () => {
    expect(await undeclaredAccounts(serverWith([ITEMS]).query, [{ name: 'items', host: '10.%' }])).toEqual([ITEMS]);
  });
});
