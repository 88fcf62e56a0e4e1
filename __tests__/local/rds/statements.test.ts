import { frame } from '../../../local/rds/packets';
import { Statements, translatePlugins } from '../../../local/rds/statements';

const query = (statement: string): Buffer => frame(0, Buffer.from(`\x03${statement}`));

describe('translatePlugins', () => {
  it.each([
    ["CREATE USER a@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'", "CREATE USER a@'%' IDENTIFIED BY 'marker'"],
    [
      'alter  user a identified  with `awsauthenticationplugin` as "RDS" require ssl',
      "alter  user a IDENTIFIED BY 'marker' require ssl",
    ],
    [
      "CREATE USER a IDENTIFIED WITH caching_sha2_password BY 'secret', b IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'",
      "CREATE USER a IDENTIFIED BY 'secret', b IDENTIFIED BY 'marker'",
    ],
  ])('puts into the words of the server: %s', (statement, expected) => {
    expect(translatePlugins(statement, 'marker')).toBe(expected);
  });

  it.each(["CREATE USER a IDENTIFIED WITH AWSAuthenticationPlugin AS 'other'", 'SELECT 1'])(
    'leaves as it is: %s',
    (statement) => {
      expect(translatePlugins(statement, 'marker')).toBe(statement);
    },
  );
});

describe('Statements', () => {
  /** What comes out of what goes in, in chunks of a size. */
  async function through(bytes: Buffer, size: number): Promise<Buffer> {
    const statements = new Statements((statement) => Promise.resolve(translatePlugins(statement, 'marker')));
    for (let start = 0; start < bytes.length; start += size) statements.write(bytes.subarray(start, start + size));
    statements.end();
    return Buffer.concat((await statements.toArray()) as Buffer[]);
  }

  const create = "CREATE USER a IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'";
  const untouched = [
    query("INSERT INTO notes VALUES ('IDENTIFIED WITH AWSAuthenticationPlugin AS ''RDS''')"),
    query('SELECT 1'),
    frame(0, Buffer.from([14])),
    frame(0, Buffer.alloc(0)),
    frame(0, Buffer.from(`\x16${create}`)),
    frame(1, Buffer.from(`\x03${create}`)),
    query('x'.repeat(70_000)),
  ];

  it.each([1, 3, 5, 1000, 1_000_000])(
    'translates what it must and nothing else, in chunks of %d bytes',
    async (size) => {
      const before = Buffer.concat([...untouched, query(create), ...untouched]);
      const after = Buffer.concat([...untouched, query("CREATE USER a IDENTIFIED BY 'marker'"), ...untouched]);
      expect((await through(before, size)).equals(after)).toBe(true);
    },
  );
});
