import { revokeStatements, setGrants, surplusIn } from '../../../functions/bootstrap/grants';
import type { Query } from '../../../functions/shared/database/database';

const grants = [{ privileges: ['SELECT'], on: ['my_app', '*'] }] as const;
const user = { name: 'items', login: 'iam', host: '%', maxUserConnections: 20, grants } as const;

describe('the grants that a server shows', () => {
  const declared = ['GRANT SELECT, INSERT ON `app`.`items`', 'GRANT SELECT (`User`,`Host`) ON `mysql`.`user`'];

  it('are not surplus if they allow nothing, or if they differ from declared ones only in quotes, spaces and order', () => {
    const shown = [
      'GRANT USAGE ON *.* TO `items`@`%` REQUIRE SSL WITH MAX_USER_CONNECTIONS 20',
      'GRANT INSERT, SELECT ON app.items TO `items`@`%`',
      'GRANT SELECT (`Host`, `User`) ON `mysql`.`user` TO `items`@`%`',
    ];
    expect(surplusIn(shown, declared)).toEqual([]);
  });

  it.each([
    'GRANT SELECT, INSERT ON `app`.`items` TO `items`@`%` WITH GRANT OPTION',
    'GRANT SELECT, INSERT, DELETE ON `app`.`items` TO `items`@`%`',
    'GRANT SELECT ON *.* TO `items`@`%`',
    'GRANT USAGE ON *.* TO `items`@`%` WITH GRANT OPTION',
    'GRANT USAGE ON *.* TO `items`@`%` REQUIRE SSL WITH GRANT OPTION MAX_USER_CONNECTIONS 20',
    'GRANT `a role`@`%` TO `items`@`%`',
  ])('are surplus if they allow more than is declared: %s', (line) => {
    expect(surplusIn([line], declared)).toHaveLength(1);
  });
});

describe('the statements that revoke grants', () => {
  it('name the roles and the proxied users, because ALL PRIVILEGES covers neither', () => {
    expect(
      revokeStatements(user, [
        'GRANT SELECT ON `app`.`a TO b` TO `items`@`%`',
        'GRANT `reader`@`%`,`odd `` TO name`@`%` TO `items`@`%`',
        // MariaDB shows a role without a host.
        'GRANT `mariadb_role` TO `items`@`%`',
        // Servers differ in the quotes.
        'GRANT PROXY ON `admin`@`%` TO `items`@`%`',
        "GRANT PROXY ON 'admin'@'%' TO 'items'@'%'",
      ]),
    ).toEqual([
      "REVOKE `reader`@`%`,`odd `` TO name`@`%` FROM 'items'@'%'",
      "REVOKE `mariadb_role` FROM 'items'@'%'",
      "REVOKE PROXY ON `admin`@`%` FROM 'items'@'%'",
      "REVOKE PROXY ON 'admin'@'%' FROM 'items'@'%'",
      "REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'items'@'%'",
    ]);
  });
});

describe('setting a grant on a whole database', () => {
  /**
   * Sets the grants of `user` at a fake server. The server shows one grant. At first
   * this grant is on the database `shown`. After a GRANT statement it is on the database of that statement.
   *
   * @param variables the server's answer about partial_revokes
   * @returns the GRANT and REVOKE statements
   */
  async function statementsOn(variables: object[], shown: string): Promise<string[]> {
    const statements: string[] = [];
    let granted = shown;
    const query: Query = (sql) => {
      if (sql.startsWith('GRANT')) granted = /`(.*)`\.\*/.exec(sql)?.[1] ?? '';
      if (/^(GRANT|REVOKE)/.test(sql)) statements.push(sql);
      const shownGrants = [{ grants: `GRANT SELECT ON \`${granted}\`.* TO \`items\`@\`%\`` }];
      return Promise.resolve((sql.startsWith('SHOW GRANTS') ? shownGrants : variables) as never);
    };
    await setGrants(query, user);
    return statements;
  }

  const ESCAPED = "GRANT SELECT ON `my\\_app`.* TO 'items'@'%'";
  const LITERAL = "GRANT SELECT ON `my_app`.* TO 'items'@'%'";
  const REVOKE = "REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'items'@'%'";
  const partialRevokesOn = [{ Variable_name: 'partial_revokes', Value: 'ON' }];
  const partialRevokesOff = [{ Variable_name: 'partial_revokes', Value: 'OFF' }];

  it.each([
    ['on MariaDB, which has no partial_revokes', [], 'my\\_app', [ESCAPED]],
    ['if partial_revokes is off', partialRevokesOff, 'my\\_app', [ESCAPED]],
    [
      'after revoking a grant with unescaped wildcards, if partial_revokes is off',
      partialRevokesOff,
      'my_app',
      [REVOKE, ESCAPED],
    ],
  ])('escapes the wildcards in the database name %s', async (_where, variables, shown, statements) => {
    expect(await statementsOn(variables, shown)).toEqual(statements);
  });

  it('does not escape the database name if partial_revokes is on, and revokes an old grant on the escaped name', async () => {
    expect(await statementsOn(partialRevokesOn, 'my_app')).toEqual([LITERAL]);
    expect(await statementsOn(partialRevokesOn, 'my\\_app')).toEqual([REVOKE, LITERAL]);
  });
});
