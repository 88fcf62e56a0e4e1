import { hashesOf, passwordStatement } from '../../../rds/instance/dual-password';
import { nativeHash } from '../../../rds/protocol/scramble';

const present = { primary: '*ONE', secondary: '*OLD' };
const translated = (statement: string, hashes: object = present) => passwordStatement(statement)?.translate(hashes);
const via = (...hashes: string[]): string =>
  `IDENTIFIED VIA ${hashes.map((hash) => `mysql_native_password USING '${hash}'`).join(' OR ')}`;
const [account, next] = ["ALTER USER 'timestamps'@'10.20.0.0/255.255.0.0'", nativeHash('two')];

describe('a MySQL statement about passwords', () => {
  it.each([
    [
      'retains the primary password as the secondary one',
      " IDENTIFIED BY 'two' RETAIN CURRENT PASSWORD",
      via(next, '*ONE'),
    ],
    [
      'accepts the plugin’s name',
      " IDENTIFIED WITH caching_sha2_password BY 'two' RETAIN CURRENT PASSWORD",
      via(next, '*ONE'),
    ],
    ['keeps the secondary password', " IDENTIFIED BY 'two'", via(next, '*OLD')],
    ['discards the secondary password', ' DISCARD OLD PASSWORD', via('*ONE')],
    [
      'keeps further clauses',
      " IDENTIFIED BY 'two' REQUIRE NONE ACCOUNT UNLOCK",
      `${via(next, '*OLD')} REQUIRE NONE ACCOUNT UNLOCK`,
    ],
  ])('%s', (_what, clause, mariadb) => {
    expect(translated(account + clause)).toBe(`${account} ${mariadb}`);
  });

  it('works without a secondary password', () => {
    const one = { primary: '*ONE' };
    expect(translated(`${account} IDENTIFIED BY 'two'`, one)).toBe(`${account} ${via(next)}`);
    expect(translated(`${account} DISCARD OLD PASSWORD`, one)).toBe(`${account} ${via('*ONE')}`);
  });

  it('names the account whose passwords it needs', () => {
    expect(passwordStatement(`${account} DISCARD OLD PASSWORD`)).toMatchObject({
      user: 'timestamps',
      host: '10.20.0.0/255.255.0.0',
    });
  });

  it('reads quoted quotes', () => {
    const statement = String.raw`ALTER USER 'o\'brien'@'%' IDENTIFIED BY 'it''s\\'`;
    expect(passwordStatement(statement)?.user).toBe("o'brien");
    expect(translated(statement, {})).toContain(nativeHash("it's\\"));
  });

  it.each([
    "CREATE USER 'timestamps'@'%' IDENTIFIED BY 'one'",
    "ALTER USER 'timestamps'@'%' REQUIRE NONE ACCOUNT UNLOCK",
    "ALTER USER 'items'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL",
    "INSERT INTO notes VALUES ('ALTER USER me DISCARD OLD PASSWORD')",
  ])('is not recognised in: %s', (statement) => {
    expect(passwordStatement(statement)).toBeUndefined();
  });
});

describe('hashesOf', () => {
  it('finds one password, two, or none', () => {
    expect(hashesOf('{"authentication_string":"*ONE"}')).toEqual({ primary: '*ONE' });
    expect(hashesOf('{"authentication_string":"*ONE","auth_or":[{},{"authentication_string":"*OLD"}]}')).toEqual(
      present,
    );
    expect(hashesOf('{}')).toEqual({});
  });
});
