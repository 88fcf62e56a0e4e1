import type { MariaDb } from '../../../database/mariadb';
import { Translator } from '../../../rds/instance/translator';

const CREATE = "CREATE USER a IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";

describe('Translator', () => {
  const translated = async (text: string, sequence = 0, hasIam = true): Promise<string> => {
    const translator = new Translator({ iamPassword: 'marker' } as unknown as MariaDb, hasIam);
    return (await translator.command({ sequence, payload: Buffer.from(text) })).toString();
  };

  it('translates statements, prepared ones included', async () => {
    expect(await translated(`\x03${CREATE}`)).toBe("\x03CREATE USER a IDENTIFIED BY 'marker'");
    expect(await translated('\x16SELECT @@transaction_isolation')).toMatch(/^\x16SELECT @@tx_isolation AS/);
  });

  it('makes statements that name the IAM plugin fail while IAM is off, and no others', async () => {
    expect(await translated(`\x03${CREATE}`, 0, false)).toMatch(/^\x03SIGNAL .* MYSQL_ERRNO = 1524,/);
    expect(await translated('\x03DROP USER a', 0, false)).toBe('\x03DROP USER a');
    const byPassword = "\x03CREATE USER a IDENTIFIED BY 'a password'";
    expect(await translated(byPassword, 0, false)).toBe(byPassword);
  });

  it('makes a refused statement fail, also when it is prepared, after the statements before it', async () => {
    expect(await translated('\x03DROP INDEX IF EXISTS i ON t')).toMatch(
      /^\x03SIGNAL SQLSTATE '42000' SET MYSQL_ERRNO = 1064,/,
    );
    expect(await translated('\x16SELECT rank FROM t')).toMatch(/^\x03SIGNAL /);
    expect(await translated('\x03DO 1; SELECT rank FROM t')).toMatch(/^\x03DO 1; SIGNAL /);
  });

  it.each([
    ['a CREATE USER inside a string', '\x03INSERT INTO notes VALUES ("CREATE USER")', 0],
    ['another command', `\x02${CREATE}`, 0],
    ['a file of the client that begins like a statement', `\x03${CREATE}`, 2],
    ['an empty packet', '', 0],
  ])('does not change %s', async (_what, text, sequence) => {
    expect(await translated(text, sequence)).toBe(text);
  });
});
