import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import { frame } from '../../../rds/protocol/packets';
import { FULL_AUTHENTICATION } from '../../../rds/protocol/wire';
import { HOSTS, SECRETS, set, without } from '../../support/applied';
import { type EndpointName, LocalDatabase } from '../../support/local-database';

jest.setTimeout(60_000);

/** Loopback address of a caller on the internet. Its simulated public address is in no IP set of the WAF. */
const STRANGER = '127.0.0.9';

let local: LocalDatabase;
let master: Connection;
/** Loopback address of a function in the VPC. */
let functionLoopback: string;
/** The function's address in the VPC. */
let functionVpcAddress: string;

beforeAll(async () => {
  local = await LocalDatabase.start();
  functionLoopback = local.functionAddress;
  functionVpcAddress = local.network.addressOf(functionLoopback);
  master = await local.connectAsMaster();
  await master.query('CREATE DATABASE app');
  await master.query('CREATE TABLE app.items (id INT PRIMARY KEY AUTO_INCREMENT, name TEXT)');
  const account = "'timestamps'@'10.20.0.0/255.255.0.0'";
  await master.query(`CREATE USER ${account} IDENTIFIED WITH caching_sha2_password BY 'first password'`);
  await master.query(`GRANT ALL ON app.* TO ${account}`);
  // In lower case and with double quotes: the endpoint must also translate this spelling for MariaDB.
  await master.query('create user items@\'%\' identified with awsauthenticationplugin as "RDS" require ssl');
  await master.query("GRANT SELECT ON app.items TO items@'%'");
  await master.query("CREATE USER guarded@'%' IDENTIFIED BY 'guarded password' REQUIRE SSL");
});

afterEach(async () => {
  setSecret('admin', 'master password');
  setSecret('timestamps', 'first password');
  await local.update();
  local.log.length = 0;
});

afterAll(async () => {
  await master.end();
  await local.stop();
});

function setSecret(username: 'admin' | 'timestamps', password: string): void {
  local.secrets[SECRETS[username === 'admin' ? 'master' : 'timestamps']] = JSON.stringify({ username, password });
}

const byPassword = (user: string, password: string) => ({ from: functionLoopback, user, password });
const asMaster = () => byPassword('admin', 'master password');
const asTimestamps = () => byPassword('timestamps', 'first password');
const byToken = async (endpoint: EndpointName, user: string, change = {}, from = functionLoopback) => ({
  from,
  user,
  token: await local.token(endpoint, user, change),
});

const withoutTls = <Login extends object>(login: Login) => ({ ...login, tls: false });
/** A change that gives the instance's parameter group this one parameter. */
const setParameter = (name: string, value: string) => set('aws_db_parameter_group', { parameter: [{ name, value }] });

/** The `auth` block of a proxy whose clients log in with mysql_native_password. */
const NATIVE_PASSWORD_AUTH = {
  iam_auth: 'DISABLED',
  client_password_auth_type: 'MYSQL_NATIVE_PASSWORD',
  secret_arn: SECRETS.timestamps,
};

/** A login with a token, and a mock that is called if the server asks for the token. */
async function withTokenMock(endpoint: EndpointName, user: string) {
  const { token, ...login } = await byToken(endpoint, user);
  const sendToken = jest.fn(() => () => Buffer.from(`${token}\0`));
  return { login: { ...login, authPlugins: { mysql_clear_password: sendToken } }, sendToken };
}

/** Whether an endpoint with this host exists: `faultsAt` returns `undefined` if none does. */
const isServed = (host: string): boolean => local.endpoints.faultsAt(host) !== undefined;

const denied = (user: string, address = functionVpcAddress) =>
  `Access denied for user '${user}'@'${address}' (using password: YES)`;

/** A proxy's error has `%` in place of the client's address. */
const deniedByProxy = (user: string): string => denied(user, '%');

/** Starts a slow statement, and waits until the database runs it. @returns a promise of its error, and the id of its connection */
async function runSlowly(connection: Connection): Promise<{ error: Promise<unknown>; id: number }> {
  const error = connection.query('SELECT SLEEP(30)').catch((failure: unknown) => failure);
  for (;;) {
    const running = "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP%'";
    const [[row]] = (await master.query(running)) as unknown as [{ id: number }[]];
    if (row) return { error, id: row.id };
    await sleep(20);
  }
}

describe('overlapping updates of the endpoints', () => {
  it('each read the master user’s secret, because it may have changed since the earlier update read it', async () => {
    const text = local.secrets[SECRETS.master];
    const read = jest.fn(() => text);
    Object.defineProperty(local.secrets, SECRETS.master, { get: read, configurable: true });
    await Promise.all([local.update(), local.update()]);
    Object.defineProperty(local.secrets, SECRETS.master, { value: text, writable: true });
    expect(read).toHaveBeenCalledTimes(2);
  });
});

describe('the instance', () => {
  it('accepts a password user and sees the user’s address in the VPC', async () => {
    expect(await local.logIn('instance', asTimestamps())).toBe(`timestamps@${functionVpcAddress}`);
  });

  it('refuses a user whose account allows only the VPC, if it connects from the internet', async () => {
    const address = local.network.addressOf(STRANGER);
    expect(await local.logIn('instance', { ...asTimestamps(), from: STRANGER })).toBe(denied('timestamps', address));
  });

  it('accepts an IAM user’s token from a function in the VPC, a function outside the VPC, and the EC2 instance', async () => {
    for (const from of [functionLoopback, local.network.attach().address, local.network.ec2Instance]) {
      const address = local.network.addressOf(from);
      expect(await local.logIn('instance', await byToken('instance', 'items', {}, from))).toBe(`items@${address}`);
    }
  });

  it('refuses a token for another user with the usual error, and logs the reason but not the token', async () => {
    const token = await byToken('instance', 'items', { username: 'timestamps' });
    expect(await local.logIn('instance', token)).toBe(denied('items'));
    expect(local.log).toContainEqual(expect.stringMatching(/is refused: the token is for the user 'timestamps'$/));
    expect(local.log.join()).not.toContain('X-Amz');
  });

  it('chooses the account with the most specific address, as MySQL does', async () => {
    await master.query("CREATE USER twofold@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL");
    await master.query("CREATE USER twofold@'10.20.%' IDENTIFIED BY 'its password'");
    expect(await local.logIn('instance', byPassword('twofold', 'its password'))).toBe(`twofold@${functionVpcAddress}`);
  });

  it('refuses tokens, but not passwords, while IAM database authentication is off', async () => {
    await local.update(set('aws_db_instance', { iam_database_authentication_enabled: false }));
    expect(await local.logIn('instance', await byToken('instance', 'items'))).toBe(denied('items'));
    expect(await local.logIn('instance', asTimestamps())).toBe(`timestamps@${functionVpcAddress}`);
  });

  it('rejects statements that name the plugin of IAM users while IAM database authentication is off', async () => {
    await local.update(set('aws_db_instance', { iam_database_authentication_enabled: false }));
    const connection = await local.connect('instance', asMaster());
    const plugin = "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL";
    const notLoaded = { errno: 1524, message: "Plugin 'AWSAuthenticationPlugin' is not loaded" };
    for (const statement of ["CREATE USER IF NOT EXISTS late@'%'", "CREATE USER late@'%'", "ALTER USER items@'%'"]) {
      await expect(connection.query(`${statement} ${plugin}`)).rejects.toMatchObject(notLoaded);
    }
    await connection.end();
  });

  it('never asks for a token without TLS', async () => {
    const { login, sendToken } = await withTokenMock('instance', 'items');
    expect(await local.logIn('instance', withoutTls(login))).toBe(denied('items'));
    expect(sendToken).not.toHaveBeenCalled();
    expect(local.log).toContainEqual(expect.stringMatching(/a token requires TLS$/));
    expect(await local.logIn('instance', login)).toBe(`items@${functionVpcAddress}`);
    expect(sendToken).toHaveBeenCalledTimes(1);
  });

  it('gives the same error for a wrong password, for an unknown user, and for a token in place of a password', async () => {
    expect(await local.logIn('instance', byPassword('timestamps', 'wrong'))).toBe(denied('timestamps'));
    expect(await local.logIn('instance', byPassword('nobody', 'wrong'))).toBe(denied('nobody'));
    const token = await local.token('instance', 'timestamps');
    expect(await local.logIn('instance', byPassword('timestamps', token))).toBe(denied('timestamps'));
  });

  it('accepts an RSA-encrypted password without TLS, except for users with REQUIRE SSL', async () => {
    expect(await local.logIn('instance', withoutTls(asTimestamps()))).toBe(`timestamps@${functionVpcAddress}`);
    expect(await local.logIn('instance', withoutTls(byPassword('timestamps', 'wrong')))).toBe(denied('timestamps'));
    const guarded = byPassword('guarded', 'guarded password');
    expect(await local.logIn('instance', withoutTls(guarded))).toBe(denied('guarded'));
    expect(await local.logIn('instance', guarded)).toBe(`guarded@${functionVpcAddress}`);
  });

  it('refuses a locked user, and mentions the lock only if the password is right', async () => {
    await master.query("CREATE USER locked@'%' IDENTIFIED BY 'its password' ACCOUNT LOCK");
    const locked = `Access denied for user 'locked'@'${functionVpcAddress}'. Account is locked.`;
    expect(await local.logIn('instance', byPassword('locked', 'its password'))).toBe(locked);
    expect(await local.logIn('instance', byPassword('locked', 'wrong'))).toBe(denied('locked'));
    await master.query("DROP USER locked@'%'");
  });

  it('refuses clients without TLS if require_secure_transport is on, but checks password and REQUIRE SSL first', async () => {
    await local.update(setParameter('require_secure_transport', '1'));
    expect(await local.logIn('instance', withoutTls(byPassword('timestamps', 'wrong')))).toBe(denied('timestamps'));
    expect(await local.logIn('instance', withoutTls(byPassword('guarded', 'guarded password')))).toBe(
      denied('guarded'),
    );
    expect(await local.logIn('instance', withoutTls(await byToken('instance', 'items')))).toBe(denied('items'));
    expect(await local.logIn('instance', withoutTls(asTimestamps()))).toBe(
      'Connections using insecure transport are prohibited while --require_secure_transport=ON.',
    );
    expect(await local.logIn('instance', asTimestamps())).toBe(`timestamps@${functionVpcAddress}`);
  });

  it('sends a client the id of its connection, and KILL QUERY with this id interrupts the client’s statement', async () => {
    const killed = await local.connect('instance', asTimestamps());
    const killer = await local.connect('instance', asTimestamps());
    const { error, id } = await runSlowly(killed);
    expect(id).toBe(killed.threadId);
    await killer.query(`KILL QUERY ${killed.threadId}`);
    expect(await error).toMatchObject({ code: 'ER_QUERY_INTERRUPTED' });
    await killed.end();
    await killer.end();
  });

  it.each([
    ['with', true],
    ['without', false],
  ])('transfers 20 MiB both ways, %s compression', async (_how, compress) => {
    const connection = await local.connect('instance', { ...asMaster(), compress, database: 'app' });
    // A packet has at most 16 MiB, so this value needs two.
    const value = randomBytes(20 * 2 ** 20);
    await connection.query('CREATE TABLE app.blobs (id INT PRIMARY KEY, value LONGBLOB)');
    await connection.query('INSERT INTO blobs VALUES (1, ?)', [value]);
    const [[row]] = (await connection.query('SELECT value FROM blobs')) as unknown as [{ value: Buffer }[]];
    expect(row?.value.equals(value)).toBe(true);
    await connection.query('DROP TABLE app.blobs');
    await connection.end();
  });

  it('serves prepared statements and resets a session, with compression', async () => {
    const connection = await local.connect('instance', { ...asTimestamps(), compress: true });
    await connection.query('SET @answer = 42');
    expect((await connection.execute('SELECT @answer + ? AS answer', [1]))[0]).toEqual([{ answer: 43 }]);
    await connection.reset();
    expect((await connection.query('SELECT @answer AS answer'))[0]).toEqual([{ answer: null }]);
    await connection.end();
  });

  it('changes the user of a connection (COM_CHANGE_USER) for clients that support mysql_native_password, such as mysql2', async () => {
    const connection = await local.connect('instance', asMaster());
    await connection.changeUser({ user: 'timestamps', password: 'first password' });
    expect((await connection.query('SELECT USER() AS user'))[0]).toEqual([
      { user: `timestamps@${functionVpcAddress}` },
    ]);
    await connection.end();
  });

  it('loads files of the client only if the parameter local_infile is on', async () => {
    const connection = await local.connect('instance', { ...asMaster(), database: 'app' });
    // Looks like a COM_QUERY packet with a variable of MySQL. The endpoint must not translate it, because it is data of a file.
    const file = Buffer.from('\x03SELECT @@version_comment\nsecond\n');
    const load = () =>
      connection.query({
        sql: "LOAD DATA LOCAL INFILE 'rows.csv' INTO TABLE items (name)",
        infileStreamFactory: () => Readable.from([file]),
      });
    await expect(load()).rejects.toMatchObject({
      errno: 3948,
      sqlState: '42000',
      message: 'Loading local data is disabled; this must be enabled on both the client and server sides',
    });
    await local.update(setParameter('local_infile', '1'));
    expect((await load())[0]).toMatchObject({ affectedRows: 2 });
    expect((await connection.query('SELECT name FROM items ORDER BY id'))[0]).toEqual([
      { name: '\x03SELECT @@version_comment' },
      { name: 'second' },
    ]);
    await connection.query('DELETE FROM items');
    await connection.end();
  });

  it('refuses connections beyond max_connections', async () => {
    await local.update(setParameter('max_connections', '10'));
    const connectionsAndErrors = await Promise.all(
      Array.from({ length: 12 }, () => local.connect('instance', asTimestamps()).catch(String)),
    );
    expect(connectionsAndErrors).toContain('Error: Too many connections');
    for (const connection of connectionsAndErrors) if (typeof connection !== 'string') connection.destroy();
  });

  it('compares utf8mb4 text as MySQL does if a statement names no collation', async () => {
    await master.query('CREATE DATABASE compared CHARACTER SET utf8mb4');
    await master.query('CREATE TABLE compared.names (name VARCHAR(9) PRIMARY KEY)');
    // MySQL's default collation distinguishes one emoji from another, and 'a' from 'a ', but ignores case and accents.
    await master.query("INSERT INTO compared.names VALUES ('🙂'), ('🙃'), ('a'), ('a ')");
    await expect(master.query("INSERT INTO compared.names VALUES ('Á')")).rejects.toMatchObject({ errno: 1062 });
    await master.query('DROP DATABASE compared');
  });

  it('shows the plugins of users as RDS for MySQL does', async () => {
    const [rows] = await master.query(
      "SELECT User, plugin, authentication_string = 'RDS' AS isRds FROM mysql.user WHERE User IN ('items', 'timestamps') ORDER BY User",
    );
    expect(rows).toEqual([
      { User: 'items', plugin: 'AWSAuthenticationPlugin', isRds: 1 },
      { User: 'timestamps', plugin: 'caching_sha2_password', isRds: 0 },
    ]);
  });

  it('takes the master user’s password from its secret at each update', async () => {
    setSecret('admin', 'rotated');
    await local.update();
    expect(await local.logIn('instance', asMaster())).toBe(denied('admin'));
    expect(await local.logIn('instance', byPassword('admin', 'rotated'))).toBe(`admin@${functionVpcAddress}`);
  });
});

describe.each<EndpointName>(['instance', 'passwordProxy'])('an endpoint, here the %s,', (endpoint) => {
  it('closes a connection without sending an error if KILL ends it during a statement, as MySQL does', async () => {
    const killed = await local.connect(endpoint, asTimestamps());
    const { error, id } = await runSlowly(killed);
    await master.query('CALL mysql.rds_kill(?)', [id]);
    expect(await error).toMatchObject({ code: 'PROTOCOL_CONNECTION_LOST' });
    killed.destroy();
  });

  it('knows every system variable in the first query of Connector/J, lets a client set transaction_isolation, and reports MySQL 8.4', async () => {
    const names =
      'session.auto_increment_increment character_set_client character_set_connection character_set_results ' +
      'character_set_server collation_server collation_connection init_connect interactive_timeout license ' +
      'lower_case_table_names max_allowed_packet net_write_timeout performance_schema sql_mode system_time_zone ' +
      'time_zone transaction_isolation wait_timeout';
    const columns = names.split(' ').map((name) => `@@${name} AS ${name.replace('session.', '')}`);
    const connection = await local.connect(endpoint, asTimestamps());
    const [[row]] = (await connection.query(
      `/* mysql-connector-j-9.4.0 */SELECT  ${columns.join(', ')}`,
    )) as unknown as [object[]];
    expect(row).toMatchObject({ transaction_isolation: 'REPEATABLE-READ', max_allowed_packet: 67_108_864 });
    await connection.query("SET SESSION transaction_isolation = 'READ-COMMITTED'");
    expect((await connection.execute('SELECT @@transaction_isolation, @@version_comment, VERSION()'))[0]).toEqual([
      {
        '@@transaction_isolation': 'READ-COMMITTED',
        '@@version_comment': 'Source distribution',
        'VERSION()': '8.4.7',
      },
    ]);
    await connection.end();
  });

  it('refuses statements that MariaDB accepts but MySQL does not, also if they are prepared', async () => {
    const connection = await local.connect(endpoint, {
      ...asTimestamps(),
      database: 'app',
      multipleStatements: true,
    });
    const statement = 'CREATE TABLE drafts (a INT);\nALTER TABLE drafts ADD COLUMN IF NOT EXISTS b INT';
    // MySQL counts lines from the start of each statement, so the error on the second line of the text is at line 1.
    const words = "use near 'IF NOT EXISTS b INT' at line 1";
    await expect(connection.query(statement)).rejects.toMatchObject({
      errno: 1064,
      sqlState: '42000',
      message: expect.stringContaining(words) as string,
    });
    await connection.query('DROP TABLE drafts');
    await expect(connection.execute('SELECT rank FROM items')).rejects.toMatchObject({ code: 'ER_PARSE_ERROR' });
    const text = "CREATE TABLE drafts (a TEXT DEFAULT 'it''s \\\\')";
    await expect(connection.query(text)).rejects.toMatchObject({ errno: 1101 });
    // The error contains a part of the statement. This part must have the statement's quotes and backslashes unchanged.
    await expect(connection.query(`SELECT rank, 'it''s \\\\ ${'x'.repeat(100)}'`)).rejects.toMatchObject({
      message: expect.stringContaining("'rank, 'it''s \\\\ xxx") as string,
    });
    await connection.end();
  });
});

describe('a client that resets the connection at once', () => {
  it('does not stop others from logging in', async () => {
    const address = local.loopbackOf('instance');
    const reset = `net.connect(${local.port}, '${address}').on('connect', function () { this.resetAndDestroy() })`;
    // execFileSync blocks this process, so the endpoint accepts the connection only after the reset.
    execFileSync(process.execPath, ['-e', reset]);
    expect(await local.logIn('instance', asMaster())).toBe(`admin@${functionVpcAddress}`);
  });
});

describe('a client that is not logged in', () => {
  /** Sends bytes without waiting for an answer. @returns what the server sends until it closes the connection */
  async function responseTo(...packets: readonly Buffer[]): Promise<string> {
    const socket = connect({ port: local.port, host: local.loopbackOf('instance'), localAddress: functionLoopback });
    for (const packet of packets) socket.write(packet);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
    await once(socket, 'close');
    return Buffer.concat(chunks).toString('latin1');
  }

  /** The start of a login that requests TLS: 32 bytes with the flag CLIENT_SSL. */
  const TLS_REQUEST = frame(1, Buffer.concat([Buffer.from([0, 8, 0, 0]), Buffer.alloc(28)]));

  it.each([
    ['stops in the middle of a packet', [frame(1, Buffer.alloc(100)).subarray(0, 50)]],
    ['requests TLS and sends no more', [TLS_REQUEST]],
  ])('is disconnected after connect_timeout if it %s', async (_what, packets) => {
    await local.update(setParameter('connect_timeout', '1'));
    const response = await responseTo(...packets);
    // After a request for TLS, the server sends no error in clear text.
    if (packets[0] !== TLS_REQUEST) expect(response).toContain('#08S01Got timeout reading communication packets');
    expect(local.log).toContainEqual(
      `${HOSTS.instance} refuses unauthenticated user from ${functionVpcAddress}: Got timeout reading communication packets`,
    );
  });

  it('cannot make the server hold more than 128 KiB', async () => {
    // The first three bytes are the length of the packet: one byte more than 128 KiB.
    const header = Buffer.from([0x01, 0x00, 0x02, 1]);
    expect(await responseTo(header)).toContain("#08S01Got a packet bigger than 'max_allowed_packet' bytes");
  });
});

describe('a caller that cannot reach an endpoint', () => {
  it('times out, and the log says why', async () => {
    const login = { ...(await byToken('iamProxy', 'timestamps')), from: STRANGER, connectTimeout: 500 };
    expect(await local.logIn('iamProxy', login)).toBe('connect ETIMEDOUT');
    expect(local.log).toEqual([
      `A connection to ${HOSTS.iamProxy} is blocked: ${HOSTS.iamProxy} is a proxy, and proxies are never public`,
    ]);
  });
});

describe('a caller from the internet, if no simulated public address is left', () => {
  it('is disconnected, and other callers are served', async () => {
    // The simulated address of a stranger must be outside the WAF's IP sets. This block contains every candidate.
    await local.update(set('aws_wafv2_ip_set', { addresses: ['192.0.0.0/3'] }));
    expect(await local.logIn('instance', { ...asTimestamps(), from: STRANGER })).toMatch(/closed|ECONNRESET/i);
    expect(local.log).toContainEqual(
      expect.stringMatching(/^A connection to \S+ failed: .*The simulated public address of \S+ must be outside/),
    );
    expect(await local.logIn('instance', asTimestamps())).toBe(`timestamps@${functionVpcAddress}`);
  });
});

describe('the password proxy', () => {
  it('accepts the user of its secret, and connects to the database from its own address', async () => {
    const proxyAddress = local.network.addressOf(local.loopbackOf('passwordProxy'));
    expect(await local.logIn('passwordProxy', asTimestamps())).toBe(`timestamps@${proxyAddress}`);
  });

  it.each(['MYSQL_CACHING_SHA2_PASSWORD', ''])(
    'with the authentication type "%s" refuses caching_sha2_password without TLS even if require_tls is false',
    async (client_password_auth_type) => {
      const auth = [{ ...NATIVE_PASSWORD_AUTH, client_password_auth_type }];
      await local.update(set('aws_db_proxy', { auth, require_tls: false }));
      expect(await local.logIn('passwordProxy', withoutTls(asTimestamps()))).toBe(deniedByProxy('timestamps'));
      expect(local.log.join()).toContain('is refused: caching_sha2_password requires TLS');
    },
  );

  it('accepts logins without TLS if the authentication type is mysql_native_password', async () => {
    await local.update(set('aws_db_proxy', { auth: [NATIVE_PASSWORD_AUTH], require_tls: false }));
    expect(await local.logIn('passwordProxy', withoutTls(asTimestamps()))).toMatch(/^timestamps@/);
    expect(await local.logIn('passwordProxy', withoutTls(byPassword('timestamps', 'no')))).toBe(
      deniedByProxy('timestamps'),
    );
  });

  it('uses TLS to the database only for clients with TLS, and shares no connection between clients with and without TLS', async () => {
    await local.update(set('aws_db_proxy', { auth: [NATIVE_PASSWORD_AUTH], require_tls: false }));
    const isEncrypted = async (tls: boolean): Promise<boolean> => {
      const connection = await local.connect('passwordProxy', { ...asTimestamps(), tls });
      const [[row]] = (await connection.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'")) as unknown as [
        { Value: string }[],
      ];
      await connection.end();
      return row?.Value !== '';
    };
    const encrypted = [];
    for (const tls of [true, false, true, false]) encrypted.push(await isEncrypted(tls));
    expect(encrypted).toEqual([true, false, true, false]);
  });

  it('asks for the password in clear text if the scramble is wrong, as MySQL does, but only over TLS', async () => {
    // PyMySQL 1.0 treats the zero byte after the nonce as a part of the nonce, so its scramble is always wrong.
    const withWrongScramble = (password: string) => ({
      ...byPassword('timestamps', password),
      authPlugins: {
        caching_sha2_password: () => (data: Buffer) =>
          data.equals(FULL_AUTHENTICATION.subarray(1)) ? Buffer.from(`${password}\0`) : Buffer.alloc(32, 1),
      },
    });
    expect(await local.logIn('passwordProxy', withWrongScramble('first password'))).toMatch(/^timestamps@/);
    expect(await local.logIn('passwordProxy', withWrongScramble('wrong'))).toBe(deniedByProxy('timestamps'));
    expect(await local.logIn('passwordProxy', withoutTls(withWrongScramble('first password')))).toBe(
      deniedByProxy('timestamps'),
    );
  });

  it('offers no compression, and refuses a client that requests it anyway', async () => {
    const compressed = { ...asTimestamps(), compress: true };
    expect(await local.logIn('passwordProxy', compressed)).toMatch(/^timestamps@/);
    expect(await local.logIn('passwordProxy', { ...asTimestamps(), flags: ['COMPRESS'] })).toBe('Bad handshake');
  });

  it('refuses a token, like any wrong password', async () => {
    const token = await local.token('passwordProxy', 'timestamps');
    expect(await local.logIn('passwordProxy', byPassword('timestamps', token))).toBe(deniedByProxy('timestamps'));
  });
});

describe('the IAM proxy', () => {
  it('accepts the user of its secret with a token', async () => {
    const proxyAddress = local.network.addressOf(local.loopbackOf('iamProxy'));
    expect(await local.logIn('iamProxy', await byToken('iamProxy', 'timestamps'))).toBe(`timestamps@${proxyAddress}`);
  });

  it('refuses passwords, tokens for the instance, and roles that may not connect, with the same error', async () => {
    const refusal = deniedByProxy('timestamps');
    const passwordAsToken = { from: functionLoopback, user: 'timestamps', token: 'first password' };
    expect(await local.logIn('iamProxy', passwordAsToken)).toBe(refusal);
    expect(await local.logIn('iamProxy', await byToken('instance', 'timestamps'))).toBe(refusal);
    await local.update(({ aws_iam_role_policy: [policy = {}] = [] }) => {
      policy['policy'] = (policy['policy'] as string).replaceAll('prx-iam', 'db-MATRIX');
    });
    expect(await local.logIn('iamProxy', await byToken('iamProxy', 'timestamps'))).toBe(refusal);
  });

  it('refuses clients without TLS, and never asks them for a token', async () => {
    const { login, sendToken } = await withTokenMock('iamProxy', 'timestamps');
    expect(await local.logIn('iamProxy', withoutTls(login))).toBe('This RDS Proxy requires TLS connections');
    expect(sendToken).not.toHaveBeenCalled();
    expect(await local.logIn('iamProxy', login)).toMatch(/^timestamps@/);
    expect(sendToken).toHaveBeenCalledTimes(1);
  });
});

describe('an IAM proxy that requires no TLS', () => {
  it('is not served, because RDS rejects it', async () => {
    await local.update(set('aws_db_proxy', { require_tls: false }));
    expect(isServed(HOSTS.iamProxy)).toBe(false);
    expect(isServed(HOSTS.passwordProxy)).toBe(true);
    expect(local.log).toContain(
      "There is no proxy 'iam': require_tls must be true, got false. RDS Proxy refuses iam_auth REQUIRED without TLS. Set require_tls to true.",
    );
  });
});

describe('the secret of a proxy', () => {
  it('lets only its own user log in, and the log says why another user is refused', async () => {
    expect(await local.logIn('passwordProxy', asMaster())).toBe(deniedByProxy('admin'));
    expect(local.log).toContainEqual(
      expect.stringMatching(/login of 'admin' is refused: the proxy can read no secret/),
    );
  });

  it('is read again after a rotation', async () => {
    // The first login leaves a connection in the pool, and the third login reuses this connection. A new connection would fail,
    // because the database still has the first password.
    expect(await local.logIn('passwordProxy', asTimestamps())).toMatch(/^timestamps@/);
    setSecret('timestamps', 'second password');
    expect(await local.logIn('passwordProxy', asTimestamps())).toBe(deniedByProxy('timestamps'));
    expect(await local.logIn('passwordProxy', byPassword('timestamps', 'second password'))).toMatch(/^timestamps@/);
  });
});

describe('a proxy without a target', () => {
  it('answers that no connection became available', async () => {
    await local.update(without('aws_db_proxy_target', () => true));
    // Earlier tests logged in without a database, so the pool has no idle connection for this login.
    const login = { ...asTimestamps(), database: 'app' };
    expect(await local.logIn('passwordProxy', login)).toBe('Timed-out waiting to acquire database connection');
    expect(local.log).toContain("The proxy cannot reach its target: the proxy 'password' has no target");
  });
});

describe('the target of a proxy', () => {
  const health = () => local.endpoints.targetHealthOf('password');

  it('is available if the proxy can log in', async () => {
    expect(await health()).toEqual({ state: 'AVAILABLE' });
  });

  it('becomes available some time after its registration, and a login waits until then', async () => {
    await local.update(without('aws_db_proxy', ({ name }) => name === 'password'));
    local.endpoints.makeTargetsAvailableAfter(0.5);
    await local.update();
    local.endpoints.makeTargetsAvailableAfter(0);
    expect(await health()).toMatchObject({ state: 'UNAVAILABLE', reason: 'PENDING_PROXY_CAPACITY' });
    expect(await local.logIn('passwordProxy', asTimestamps())).toMatch(/^timestamps@/);
    expect(await health()).toEqual({ state: 'AVAILABLE' });
  });

  it('is unreachable if no rule allows the proxy’s connection', async () => {
    await local.update(without('aws_vpc_security_group_egress_rule', () => true));
    const description = expect.stringMatching(/^no egress rule of the security group "proxies" allows TCP 3306/);
    expect(await health()).toEqual({ state: 'UNAVAILABLE', reason: 'UNREACHABLE', description });
  });

  it('is unavailable if the password in the proxy’s secret is wrong', async () => {
    setSecret('timestamps', 'another password');
    expect(await health()).toEqual({
      state: 'UNAVAILABLE',
      reason: 'AUTH_FAILURE',
      description: expect.stringMatching(/^Access denied for user 'timestamps'@/),
    });
  });

  it('is unavailable if the proxy may not read its secret', async () => {
    await local.update(without('aws_iam_role_policy', ({ role }) => role === 'proxy'));
    expect(await health()).toEqual({
      state: 'UNAVAILABLE',
      reason: 'AUTH_FAILURE',
      description: "the proxy 'password' can read no secret that contains a username and a password",
    });
  });

  it('has no health status if the proxy does not exist', async () => {
    expect(await local.endpoints.targetHealthOf('another')).toBeUndefined();
  });
});

describe('an update of the applied state', () => {
  it('opens new endpoints, closes deleted ones, and keeps the others', async () => {
    await local.update(without('aws_db_proxy', () => true));
    expect(Object.keys(local.endpoints.hosts)).toEqual([HOSTS.instance]);
    expect(isServed(HOSTS.iamProxy)).toBe(false);
    await expect(master.query('SELECT 1')).resolves.toBeDefined();
    await local.update();
    expect(await local.logIn('passwordProxy', asTimestamps())).toMatch(/^timestamps@/);
  });
});

describe('the database', () => {
  it('has its users and data after a restart', async () => {
    await master.query("INSERT INTO app.items (name) VALUES ('kept')");
    await master.end();
    await local.close();
    await local.open();
    master = await local.connect('instance', asMaster());
    expect((await master.query('SELECT name FROM app.items'))[0]).toEqual([{ name: 'kept' }]);
    expect(await local.logIn('instance', await byToken('instance', 'items'))).toBe(`items@${functionVpcAddress}`);
    expect(await local.logIn('instance', asTimestamps())).toBe(`timestamps@${functionVpcAddress}`);
  });
});
