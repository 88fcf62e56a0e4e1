import { translateNames, translateUser } from '../../../rds/sql/translation';

/** The password that replaces AWSAuthenticationPlugin, which MariaDB lacks. */
const IAM_PASSWORD = 'iam-pw';

describe('translateUser', () => {
  it.each([
    ["CREATE USER a@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'", "CREATE USER a@'%' IDENTIFIED BY 'iam-pw'"],
    [
      'alter  user a identified  with `awsauthenticationplugin` as "RDS" require ssl',
      "alter  user a IDENTIFIED BY 'iam-pw' require ssl",
    ],
    [
      "CREATE USER a IDENTIFIED WITH caching_sha2_password BY 'secret', b IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'",
      "CREATE USER a IDENTIFIED BY 'secret', b IDENTIFIED BY 'iam-pw'",
    ],
    // MariaDB lacks the options from PASSWORD HISTORY to PASSWORD_LOCK_TIME.
    [
      'ALTER USER a REQUIRE NONE PASSWORD EXPIRE NEVER PASSWORD HISTORY 0 PASSWORD REUSE INTERVAL 0 DAY PASSWORD REQUIRE CURRENT OPTIONAL FAILED_LOGIN_ATTEMPTS 0 PASSWORD_LOCK_TIME 0 ACCOUNT UNLOCK',
      'ALTER USER a REQUIRE NONE PASSWORD EXPIRE NEVER ACCOUNT UNLOCK',
    ],
  ])('translates for MariaDB: %s', (statement, expected) => {
    expect(translateUser(statement, IAM_PASSWORD)).toBe(expected);
  });

  it.each(["CREATE USER a IDENTIFIED WITH AWSAuthenticationPlugin AS 'other'", 'SELECT 1'])(
    'does not change: %s',
    (statement) => {
      expect(translateUser(statement, IAM_PASSWORD)).toBe(statement);
    },
  );
});

describe('translateNames', () => {
  it.each([
    ['SELECT @@transaction_isolation', 'SELECT @@tx_isolation AS `@@transaction_isolation`'],
    ['select @@SESSION.transaction_read_only;', 'select @@SESSION.tx_read_only AS `@@SESSION.transaction_read_only`;'],
    ['SELECT @@transaction_isolation AS t, 1', 'SELECT @@tx_isolation AS t, 1'],
    ['SELECT CONCAT(@@transaction_isolation) FROM t', 'SELECT CONCAT(@@tx_isolation) FROM t'],
    ['select @@version_comment limit 1', "select 'Source distribution' AS `@@version_comment` limit 1"],
    ['SELECT @@TRANSACTION_READ_ONLY AS r', 'SELECT @@tx_read_only AS r'],
    ["SET transaction_isolation = 'READ-COMMITTED'", "SET tx_isolation = 'READ-COMMITTED'"],
    ['SET NAMES utf8mb4 COLLATE utf8mb4_0900_ai_ci', 'SET NAMES utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci'],
    ["SET NAMES utf8mb4 COLLATE 'utf8mb4_0900_ai_ci'", "SET NAMES utf8mb4 COLLATE 'utf8mb4_unicode_520_nopad_ci'"],
    ["SET collation_connection='utf8mb4_0900_bin'", "SET collation_connection='utf8mb4_nopad_bin'"],
    ['SET NAMES utf8mb4 COLLATE UTF8MB4_0900_AS_CS', 'SET NAMES utf8mb4 COLLATE utf8mb4_uca1400_nopad_as_cs'],
    ['SET NAMES utf8mb4 COLLATE utf8mb4_0900_as_ci', 'SET NAMES utf8mb4 COLLATE utf8mb4_uca1400_nopad_as_ci'],
    [
      'CREATE TABLE t (a TEXT) COLLATE=utf8mb4_0900_ai_ci',
      'CREATE TABLE t (a TEXT) COLLATE=utf8mb4_unicode_520_nopad_ci',
    ],
    [
      'CREATE DATABASE IF NOT EXISTS `app` CHARACTER SET utf8mb4',
      'CREATE DATABASE IF NOT EXISTS `app` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci',
    ],
    [
      'create table t (a char(9) character set utf8mb4 not null) charset=utf8mb4',
      'create table t (a char(9) character set utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci not null) charset=utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci',
    ],
    [
      'ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4',
      'ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_nopad_ci',
    ],
  ])('translates for MariaDB: %s', (statement, expected) => {
    expect(translateNames(statement)).toBe(expected);
  });

  it.each([
    "INSERT INTO t VALUES ('@@transaction_isolation utf8mb4_0900_ai_ci', 'utf8mb4_0900_ai_ci')",
    'SELECT transaction_isolation FROM t',
    'SELECT `transaction_isolation` /* @@transaction_isolation */ FROM t',
    "SET sql_mode = 'transaction_isolation'",
    'SET CHARACTER SET utf8mb4',
    'SELECT CONVERT(a USING utf8mb4), CAST(b AS CHAR CHARACTER SET utf8mb4) FROM t',
    'CREATE TABLE t (a CHAR(9) AS (CAST(b AS CHAR CHARACTER SET utf8mb4)))',
    'CREATE TABLE t (a INT) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin',
    'CREATE DATABASE app COLLATE utf8mb4_bin CHARACTER SET utf8mb4',
    "CREATE TABLE t (a INT COMMENT 'CHARACTER SET utf8mb4')",
    'CREATE PROCEDURE p() SET CHARACTER SET utf8mb4',
  ])('does not change: %s', (statement) => {
    expect(translateNames(statement)).toBe(statement);
  });
});
