import { twoPasswordsStatements } from '../../../../functions/shared/users/two-passwords';

describe('the statements for two passwords', () => {
  it('first make the current password the only one, then add the next password', () => {
    expect(twoPasswordsStatements({ name: 'timestamps', host: '10.20.%' }, 'present', 'next')).toEqual([
      "ALTER USER 'timestamps'@'10.20.%' IDENTIFIED WITH caching_sha2_password BY 'present'",
      "ALTER USER 'timestamps'@'10.20.%' DISCARD OLD PASSWORD",
      "ALTER USER 'timestamps'@'10.20.%' IDENTIFIED WITH caching_sha2_password BY 'next' RETAIN CURRENT PASSWORD",
    ]);
  });
});
