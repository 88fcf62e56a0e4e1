import { isReservedUser } from '../../contract/reserved-users';

describe('the name of a user', () => {
  it.each(['root', 'admin', 'rdsadmin', 'RdsProxyAdmin', 'mysql', 'mysql.sys', 'MariaDB.sys'])(
    'is reserved for the server, RDS or the deployment: %s',
    (name) => {
      expect(isReservedUser(name)).toBe(true);
    },
  );

  it.each(['items', 'administrator', 'mysql_reader', 'my.sql'])('is free: %s', (name) => {
    expect(isReservedUser(name)).toBe(false);
  });
});
