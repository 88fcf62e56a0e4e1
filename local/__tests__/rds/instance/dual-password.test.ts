import { hashesOf, passwordStatement } from '../../../rds/instance/dual-password';
import { nativeHash } from '../../../rds/protocol/scramble';

const CURRENT = { primary: '*ONE', secondary: '*OLD' };
const translated = (statement: string, hashes: object = CURRENT) => passwordStatement(statement)?.translate(hashes);
/** MariaDB’s clause for these hashes. */
const identifiedVia = (...hashes: string[]): string =>
  `IDENTIFIED VIA ${hashes.map((hash) => `mysql_native_password USING '${hash}'`).join(' OR ')}`;
const ALTER = "ALTER USER 'timestamps'@'10.20.0.0/255.255.0.0'";
const HASH_OF_TWO = nativeHash('two');

describe('the translation of a MySQL statement about passwords', () => {
  it.each([
    [
      'retains the primary password as the secondary one',
      " IDENTIFIED BY 'two' RETAIN CURRENT PASSWORD",
      identifiedVia(HASH_OF_TWO, '*ONE'),
    ],
    [
      'accepts a clause that names the plugin',
      " IDENTIFIED WITH caching_sha2_password BY 'two' RETAIN CURRENT PASSWORD",
      identifiedVia(HASH_OF_TWO, '*ONE'),
    ],
    ['keeps the secondary password', " IDENTIFIED BY 'two'", identifiedVia(HASH_OF_TWO, '*OLD')],
    ['discards the secondary password', ' DISCARD OLD PASSWORD', identifiedVia('*ONE')],
    [
      'keeps further clauses',
      " IDENTIFIED BY 'two' REQUIRE NONE ACCOUNT UNLOCK",
      `${identifiedVia(HASH_OF_TWO, '*OLD')} REQUIRE NONE ACCOUNT UNLOCK`,
    ],
  ])('%s', (_what, clause, translation) => {
    expect(translated(ALTER + clause)).toBe(`${ALTER} ${translation}`);
  });

  it('adds no secondary password if there is none', () => {
    const onlyPrimary = { primary: '*ONE' };
    expect(translated(`${ALTER} IDENTIFIED BY 'two'`, onlyPrimary)).toBe(`${ALTER} ${identifiedVia(HASH_OF_TWO)}`);
    expect(translated(`${ALTER} DISCARD OLD PASSWORD`, onlyPrimary)).toBe(`${ALTER} ${identifiedVia('*ONE')}`);
  });

  it('comes with the user and host of the account, so that the caller can look up the current hashes', () => {
    expect(passwordStatement(`${ALTER} DISCARD OLD PASSWORD`)).toMatchObject({
      user: 'timestamps',
      host: '10.20.0.0/255.255.0.0',
    });
  });

  it('reads escaped quotes in names and passwords', () => {
    const statement = String.raw`ALTER USER 'o\'brien'@'%' IDENTIFIED BY 'it''s\\'`;
    expect(passwordStatement(statement)?.user).toBe("o'brien");
    expect(translated(statement, {})).toContain(nativeHash("it's\\"));
  });

  it.each([
    "CREATE USER 'timestamps'@'%' IDENTIFIED BY 'one'",
    "ALTER USER 'timestamps'@'%' REQUIRE NONE ACCOUNT UNLOCK",
    "ALTER USER 'items'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
    "INSERT INTO notes VALUES ('ALTER USER me DISCARD OLD PASSWORD')",
  ])('ignores a statement unless it alters the password of a user: %s', (statement) => {
    expect(passwordStatement(statement)).toBeUndefined();
  });
});

describe('the hashes of an account', () => {
  it('are read from MariaDB’s JSON: one, two or none', () => {
    expect(hashesOf('{"authentication_string":"*ONE"}')).toEqual({ primary: '*ONE' });
    expect(hashesOf('{"authentication_string":"*ONE","auth_or":[{},{"authentication_string":"*OLD"}]}')).toEqual(
      CURRENT,
    );
    expect(hashesOf('{}')).toEqual({});
  });
});
