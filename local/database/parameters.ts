import { collationName, variableName } from './mysql-names';

/** Parameter values by MySQL's parameter names. */
export type Parameters = Readonly<Record<string, string>>;

type Query = <Row>(statement: string, values?: readonly unknown[]) => Promise<Row[]>;

/**
 * Defaults of MySQL 8.4 that differ from MariaDB's. RDS does not change them.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html
 */
const MYSQL_DEFAULTS: Parameters = {
  sql_mode:
    'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
  max_allowed_packet: '67108864',
  character_set_server: 'utf8mb4',
  collation_server: 'utf8mb4_0900_ai_ci',
  group_concat_max_len: '1024',
  lock_wait_timeout: '31536000',
  local_infile: '0',
};

/** sql_mode with which GRANT creates no users, as in MySQL. Without it MariaDB's GRANT creates users without a password. */
const NO_USERS_BY_GRANT = 'NO_AUTO_CREATE_USER';

/** Applies parameter groups to a running server. */
export class ServerParameters {
  /** Dynamic parameters that the last `apply` set, by MariaDB's names. The next `apply` resets those that have left the group. */
  private changed: readonly string[] = [];

  constructor(private readonly query: Query) {}

  /**
   * Applies a group's parameters to new sessions. A parameter that left the group gets its default.
   *
   * @returns a line for each parameter without effect
   */
  async apply(group: Parameters): Promise<string[]> {
    const wanted = Object.entries({ ...MYSQL_DEFAULTS, ...group });
    const names = wanted.map(([name]) => variableName(name));
    for (const name of this.changed) if (!names.includes(name)) await this.query(`SET GLOBAL ${name} = DEFAULT`);
    const isStaticByName = await this.staticFlags(names);
    this.changed = names.filter((name) => isStaticByName.get(name) === false);
    const problems: string[] = [];
    for (const [name, value] of wanted) {
      const problem = await this.change(name, value, isStaticByName.get(variableName(name)));
      if (problem !== undefined) problems.push(`The parameter ${name} = ${value} has no effect: ${problem}.`);
    }
    return problems;
  }

  /** Returns whether each variable is static: MariaDB reads a static one only at startup. Omits names that MariaDB lacks. */
  private async staticFlags(names: readonly string[]): Promise<Map<string, boolean>> {
    const rows = await this.query<{ name: string; isStatic: string }>(
      'SELECT LOWER(VARIABLE_NAME) AS name, READ_ONLY AS isStatic FROM information_schema.SYSTEM_VARIABLES WHERE VARIABLE_NAME IN (?)',
      [names],
    );
    return new Map(rows.map(({ name, isStatic }) => [name, isStatic === 'YES']));
  }

  private async change(parameter: string, value: string, isStatic: boolean | undefined): Promise<string | undefined> {
    const name = variableName(parameter);
    if (isStatic === undefined) return 'MariaDB has no such parameter';
    if (value.includes('{')) return 'RDS formulas are not evaluated';
    if (isStatic) return 'MariaDB reads this parameter only at startup';
    try {
      await this.query(`SET GLOBAL ${name} = ?`, [valueFor(name, value)]);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

function valueFor(name: string, value: string): string | number {
  if (name === 'sql_mode') return [value, NO_USERS_BY_GRANT].filter(Boolean).join(',');
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : collationName(value);
}
