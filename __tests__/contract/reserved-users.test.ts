import { isReservedUser } from '../../contract/reserved-users';

describe('the user name', () => {
  it.each(['root', 'admin', 'rdsadmin', 'RdsProxyAdmin', 'mysql', 'mysql.sys', 'MariaDB.sys'])(
    '%s is reserved for the server, RDS or the deployment',
    (name) => {
      expect(isReservedUser(name)).toBe(true);
    },
  );

  it.each(['items', 'administrator', 'mysql_reader', 'my.sql'])('%s is not reserved', (name) => {
    expect(isReservedUser(name)).toBe(false);
  });
});
