import { collationName, variableName } from '../../database/mysql-names';

describe('the name in MariaDB', () => {
  it.each([
    ['transaction_isolation', 'tx_isolation'],
    ['TRANSACTION_READ_ONLY', 'tx_read_only'],
    ['max_connections', 'max_connections'],
  ])('of MySQL’s variable %s is %s', (name, expected) => {
    expect(variableName(name)).toBe(expected);
  });

  it.each([
    ['utf8mb4_0900_ai_ci', 'utf8mb4_unicode_520_nopad_ci'],
    ['UTF8MB4_0900_AI_CI', 'utf8mb4_unicode_520_nopad_ci'],
    ['utf8mb4_0900_as_cs', 'utf8mb4_uca1400_nopad_as_cs'],
    ['utf8mb4_0900_bin', 'utf8mb4_nopad_bin'],
    ['utf8mb4_bin', 'utf8mb4_bin'],
  ])('of MySQL’s collation %s is %s', (name, expected) => {
    expect(collationName(name)).toBe(expected);
  });
});
