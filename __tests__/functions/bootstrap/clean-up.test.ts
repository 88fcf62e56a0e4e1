import { dropUser } from '../../../functions/bootstrap/clean-up';
import type { Query } from '../../../functions/shared/database/database';

const ANALYST = { name: 'analyst', host: '%' };

/** Stands in for a server with these open connections of the user. With `isKillBroken`, `rds_kill` ends none. */
function serverWith({ open, isKillBroken = false }: { open: readonly number[]; isKillBroken?: boolean }) {
  const statements: string[] = [];
  let connections = [...open];
  const query = (sql: string, values: readonly unknown[] = []): Promise<object[]> => {
    if (!/LOCK|wait_timeout/.test(sql)) statements.push(sql);
    if (sql.includes('mysql.user')) return Promise.resolve([]);
    if (sql.includes('PROCESSLIST')) return Promise.resolve(connections.map((id) => ({ id })));
    if (sql.includes('rds_kill') && !isKillBroken) connections = connections.filter((id) => id !== values[0]);
    return Promise.resolve([{ acquired: 1 }]);
  };
  return { query: query as unknown as Query, statements, connections: () => connections };
}

beforeEach(() => void jest.spyOn(process.stdout, 'write').mockReturnValue(true));
afterEach(() => void jest.restoreAllMocks());

describe('a user that is dropped', () => {
  it('loses its account, then its connections, and last its row in the record of users', async () => {
    const { query, statements, connections } = serverWith({ open: [7, 8] });
    await dropUser(query, ANALYST);
    expect(statements[0]).toBe("DROP USER IF EXISTS 'analyst'@'%'");
    expect(statements.at(-1)).toMatch(/^DELETE FROM deployment\.users /);
    expect(connections()).toEqual([]);
  });

  it('stays in the record if a connection does not end, and the error says how to end the connection', async () => {
    const { query, statements } = serverWith({ open: [7], isKillBroken: true });
    await expect(dropUser(query, ANALYST)).rejects.toThrow(
      'Connections of analyst are still open after DROP USER. As the master user, run CALL mysql.rds_kill(7);',
    );
    expect(statements.some((sql) => sql.startsWith('DELETE'))).toBe(false);
  });
});
