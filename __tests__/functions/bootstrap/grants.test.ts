import { declaredGrants, revokeStatements, shownGrants } from '../../../functions/bootstrap/grants';

const user = {
  name: 'items',
  login: 'iam',
  host: '%',
  maxUserConnections: 20,
  grants: [
    { privileges: ['SELECT', 'INSERT'], on: ['app', 'items'] },
    { privileges: ['SELECT'], columns: ['User', 'Host'], on: ['mysql', 'user'] },
  ],
} as const;

describe('the grants that a server shows', () => {
  it('equal the declared ones, whatever the quotes, spaces and order', () => {
    expect(
      shownGrants([
        'GRANT USAGE ON *.* TO `items`@`%` REQUIRE SSL WITH MAX_USER_CONNECTIONS 20',
        'GRANT INSERT, SELECT ON `app`.`items` TO `items`@`%`',
        'GRANT SELECT (`Host`, `User`) ON `mysql`.`user` TO `items`@`%`',
      ]),
    ).toEqual(declaredGrants(user));
  });

  it.each([
    'GRANT SELECT, INSERT ON `app`.`items` TO `items`@`%` WITH GRANT OPTION',
    'GRANT SELECT, INSERT, DELETE ON `app`.`items` TO `items`@`%`',
    'GRANT SELECT ON *.* TO `items`@`%`',
    'GRANT USAGE ON *.* TO `items`@`%` WITH GRANT OPTION',
    'GRANT USAGE ON *.* TO `items`@`%` REQUIRE SSL WITH GRANT OPTION MAX_USER_CONNECTIONS 20',
    'GRANT `a role`@`%` TO `items`@`%`',
  ])('are surplus if they allow more than is declared: %s', (line) => {
    const declared = declaredGrants(user);
    expect([...shownGrants([line])].map((shown) => declared.has(shown))).toEqual([false]);
  });
});

describe('the statements that revoke grants', () => {
  it('name roles and proxied users one by one, because ALL PRIVILEGES covers neither', () => {
    expect(
      revokeStatements(user, [
        'GRANT SELECT ON `app`.`a TO b` TO `items`@`%`',
        'GRANT `reader`@`%`,`odd `` TO name`@`%` TO `items`@`%`',
        // MariaDB shows a role without a host.
        'GRANT `mariadb_role` TO `items`@`%`',
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
