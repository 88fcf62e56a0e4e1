import type { MariaDb } from '../../database/mariadb';
import { LocalDatabase } from '../support/local-database';

jest.setTimeout(60_000);

let local: LocalDatabase;
let server: MariaDb;

beforeAll(async () => {
  local = await LocalDatabase.start();
  server = local.database;
});

afterEach(() => server.configure({}));

afterAll(() => local.stop());

const globalValue = async (name: string): Promise<unknown> =>
  (await server.query<{ value: unknown }>(`SELECT @@GLOBAL.${name} AS value`))[0]?.value;
const globalValues = (...names: readonly string[]) => Promise.all(names.map(globalValue));

describe('the MariaDB server', () => {
  it.each([
    ['version', '8.4.7'],
    [
      'sql_mode',
      'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION',
    ],
    ['max_allowed_packet', 67_108_864],
    ['character_set_server', 'utf8mb4'],
    ['collation_server', 'utf8mb4_unicode_520_nopad_ci'],
    ['group_concat_max_len', 1024],
    ['local_infile', 0],
  ])('has MySQL 8.4’s %s, or MariaDB’s equivalent', async (name, value) => {
    expect(await globalValue(name)).toBe(value);
  });

  it('follows a parameter group, and restores the default of a parameter that left the group', async () => {
    const group = {
      max_connections: '77',
      slow_query_log: '1',
      long_query_time: '0.5',
      collation_server: 'utf8mb4_0900_ai_ci',
      character_set_server: 'utf8mb4',
      transaction_isolation: 'READ-COMMITTED',
      sql_mode: 'STRICT_ALL_TABLES',
    };
    expect(await server.configure(group)).toEqual([]);
    const changed = await globalValues('max_connections', 'slow_query_log', 'long_query_time', 'tx_isolation');
    expect(changed).toEqual([77, 1, 0.5, 'READ-COMMITTED']);
    // The server always adds NO_AUTO_CREATE_USER. Without it, MariaDB's GRANT creates missing users. MySQL's GRANT never creates users.
    expect(await globalValue('sql_mode')).toBe('STRICT_ALL_TABLES,NO_AUTO_CREATE_USER');

    expect(await server.configure({ max_connections: '78' })).toEqual([]);
    expect(await globalValues('max_connections', 'slow_query_log', 'tx_isolation')).toEqual([78, 0, 'REPEATABLE-READ']);
    expect(await globalValue('sql_mode')).toContain('ONLY_FULL_GROUP_BY');
  });

  it('keeps the parameters of its group after a restart', async () => {
    await server.configure({ max_connections: '77' });
    await server.stop('SIGKILL');
    await server.restart();
    expect(await globalValue('max_connections')).toBe(77);
  });

  it('reports every parameter that has no effect, and the reason', async () => {
    const group = {
      innodb_dedicated_server: '1',
      lower_case_table_names: '1',
      max_connections: '{DBInstanceClassMemory/12582880}',
      wait_timeout: 'long',
    };
    expect(await server.configure(group)).toEqual([
      'The parameter innodb_dedicated_server = 1 has no effect: MariaDB has no such parameter.',
      'The parameter lower_case_table_names = 1 has no effect: MariaDB reads this parameter only at startup.',
      'The parameter max_connections = {DBInstanceClassMemory/12582880} has no effect: RDS formulas are not evaluated.',
      "The parameter wait_timeout = long has no effect: Incorrect argument type to variable 'wait_timeout'.",
    ]);
  });
});
