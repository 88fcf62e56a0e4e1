import { dropUser } from '../../../functions/bootstrap/clean-up';
import type { Query } from '../../../functions/shared/database/database';

const ANALYST = { name: 'analyst', host: '%' };

/** A server with connections of the user, each of which `rds_kill` ends, and with other accounts of its name. */
function serverWith({ open = [] as readonly number[], endless = false, otherHosts = [] as readonly string[] }) {
  const statements: string[] = [];
  let left = [...open];
  const query = (sql: string, values: readonly unknown[] = []): Promise<object[]> => {
    if (!/LOCK|wait_timeout/.test(sql)) statements.push(sql);
    if (sql.includes('mysql.user')) return Promise.resolve(otherHosts.map((host) => ({ host })));
    if (sql.includes('PROCESSLIST')) return Promise.resolve(left.map((id) => ({ id })));
    if (sql.includes('rds_kill') && !endless) left = left.filter((id) => id !== values[0]);
    return Promise.resolve([{ taken: 1 }]);
  };
  return { query: query as unknown as Query, statements, connections: () => left };
}

beforeEach(() => void jest.spyOn(process.stdout, 'write').mockReturnValue(true));
afterEach(() => void jest.restoreAllMocks());

describe('a user that is dropped', () => {
  it('loses its account, then its connections, and leaves the record last', async () => {
    const { query, statements, connections } = serverWith({ open: [7, 8] });
    await dropUser(query, ANALYST);
    expect(statements[0]).toBe("DROP USER IF EXISTS 'analyst'@'%'");
    expect(statements.at(-1)).toMatch(/^DELETE FROM deployment\.users /);
    expect(connections()).toEqual([]);
  });

  it('keeps connections that may belong to another account of its name', async () => {
    const { query, connections } = serverWith({ open: [7], otherHosts: ['10.%'] });
    await dropUser(query, ANALYST);
    expect(connections()).toEqual([7]);
  });

  it('stays in the record if a connection does not end, and the error names the remedy', async () => {
    const { query, statements } = serverWith({ open: [7], endless: true });
    await expect(dropUser(query, ANALYST)).rejects.toThrow(
      'The user is dropped, but its connections are still open. As the master user, run CALL mysql.rds_kill(7);',
    );
    expect(statements.some((sql) => sql.startsWith('DELETE'))).toBe(false);
  });
});
