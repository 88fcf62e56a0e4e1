import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '../../../certificates/certificate-authority';
import { MariaDb } from '../../../database/mariadb';
import { replaceUserView } from '../../../rds/instance/user-table';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'user-table-'));
let server: MariaDb;
/** MariaDB's own definition of the view mysql.user. */
let original: string;

beforeAll(async () => {
  server = await MariaDb.open(folder, await (await CertificateAuthority.create()).issue('localhost'));
  // The local RDS translates CREATE USER … IDENTIFIED WITH AWSAuthenticationPlugin into this statement of MariaDB.
  await server.query("CREATE USER by_iam@'%' IDENTIFIED BY ?", [server.iamPassword]);
  await server.query("CREATE USER by_password@'%' IDENTIFIED BY 'its password'");
  original = await definition();
  await replaceUserView(server);
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

async function definition(): Promise<string> {
  const [view] = await server.query<{ 'Create View': string }>('SHOW CREATE VIEW mysql.user');
  return view?.['Create View'] ?? '';
}

const users = () =>
  server.query(
    `SELECT User, plugin, authentication_string AS auth FROM mysql.user WHERE User LIKE 'by\\_%' ORDER BY User`,
  );

describe('mysql.user', () => {
  it('shows the plugins that users have in RDS for MySQL, and no hash of IAM users', async () => {
    expect(await users()).toEqual([
      { User: 'by_iam', plugin: 'AWSAuthenticationPlugin', auth: 'RDS' },
      { User: 'by_password', plugin: 'caching_sha2_password', auth: expect.stringMatching(/^\*[0-9A-F]{40}$/) },
    ]);
  });

  it('keeps its definition if replaceUserView runs again', async () => {
    const before = await definition();
    await replaceUserView(server);
    expect(await definition()).toEqual(before);
  });

  it.each([
    ['plugin', 'AS `plugin`', 'AS `authentication_plugin`'],
    ['authentication_string', 'AS `authentication_string`', 'AS `hash`'],
  ])('is not replaced if MariaDB defines %s in another way', async (_column, known, unknown) => {
    expect(original).toContain(known);
    const query = jest.fn().mockResolvedValue([{ 'Create View': original.replace(known, unknown) }]);
    const serverWithOtherView = { query, iamPassword: 'a password' } as unknown as MariaDb;
    await expect(replaceUserView(serverWithOtherView)).rejects.toThrow(
      "MariaDB's view mysql.user cannot be changed to show AWSAuthenticationPlugin, because its definition is not that of MariaDB 10.11: CREATE ALGORITHM",
    );
    expect(query).toHaveBeenCalledTimes(1);
  });
});
