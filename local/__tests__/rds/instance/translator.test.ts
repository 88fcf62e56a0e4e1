import type { MariaDb } from '../../../database/mariadb';
import { Translator } from '../../../rds/instance/translator';

/** Codes of the commands that contain a statement. */
const [QUERY, PREPARE] = ['\x03', '\x16'];

const CREATE = "CREATE USER a IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";

describe('Translator', () => {
  const translated = async (command: string, { sequence = 0, hasIam = true } = {}): Promise<string> => {
    const translator = new Translator({ iamPassword: 'marker' } as unknown as MariaDb, hasIam);
    return (await translator.translate({ sequence, payload: Buffer.from(command) })).toString();
  };

  it('translates statements, also prepared ones', async () => {
    expect(await translated(`${QUERY}${CREATE}`)).toBe(`${QUERY}CREATE USER a IDENTIFIED BY 'marker'`);
    expect(await translated(`${PREPARE}SELECT @@transaction_isolation`)).toMatch(/^\x16SELECT @@tx_isolation AS/);
  });

  it('while IAM is off, makes a statement fail only if it names the IAM plugin', async () => {
    expect(await translated(`${QUERY}${CREATE}`, { hasIam: false })).toMatch(/^\x03SIGNAL .* MYSQL_ERRNO = 1524,/);
    expect(await translated(`${QUERY}DROP USER a`, { hasIam: false })).toBe(`${QUERY}DROP USER a`);
    const byPassword = `${QUERY}CREATE USER a IDENTIFIED BY 'a password'`;
    expect(await translated(byPassword, { hasIam: false })).toBe(byPassword);
  });

  it('makes a statement fail if MySQL would reject it, also if it is prepared or follows another', async () => {
    expect(await translated(`${QUERY}DROP INDEX IF EXISTS i ON t`)).toMatch(
      /^\x03SIGNAL SQLSTATE '42000' SET MYSQL_ERRNO = 1064,/,
    );
    expect(await translated(`${PREPARE}SELECT rank FROM t`)).toMatch(/^\x03SIGNAL /);
    expect(await translated(`${QUERY}DO 1; SELECT rank FROM t`)).toMatch(/^\x03DO 1; SIGNAL /);
  });

  it.each([
    [0, /^\x03DO 1; SIGNAL SQLSTATE '42000' SET MYSQL_ERRNO = 3948,/],
    [1, /^\x03DO 1; load data low_priority local infile/],
  ])('makes LOAD DATA LOCAL INFILE fail only if local_infile is 0; here it is %d', async (isOn, expected) => {
    const query = jest.fn().mockResolvedValue([{ isOn }]);
    const translator = new Translator({ query } as unknown as MariaDb, true);
    const payload = Buffer.from(`${QUERY}DO 1; load data low_priority local infile 'rows.csv' INTO TABLE t`);
    expect((await translator.translate({ sequence: 0, payload })).toString()).toMatch(expected);
  });

  it.each([
    "SELECT 'LOAD DATA LOCAL INFILE'",
    "LOAD DATA INFILE 'local' INTO TABLE t",
    'SELECT load, data, local, infile FROM t',
  ])('does not mistake another statement for LOAD DATA LOCAL INFILE: %s', async (statement) => {
    expect(await translated(`${QUERY}${statement}`)).toBe(`${QUERY}${statement}`);
  });

  it.each([
    ['a CREATE USER inside a string', `${QUERY}INSERT INTO notes VALUES ("${CREATE}")`, 0],
    ['a command that contains no statement', `\x02${CREATE}`, 0],
    ['a file that a client sends, even if its content begins like a statement', `${QUERY}${CREATE}`, 2],
    ['an empty packet', '', 0],
  ])('does not change %s', async (_what, command, sequence) => {
    expect(await translated(command, { sequence })).toBe(command);
  });
});
