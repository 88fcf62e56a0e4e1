import { setTimeout as sleep } from 'node:timers/promises';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import type { Connection } from 'mysql2/promise';
import { frame } from '../../rds/protocol/packets';
import { FULL_AUTHENTICATION } from '../../rds/protocol/wire';
import { HOSTS, SECRETS, set, VPC_CONFIG } from '../support/applied';
import { KEYS, LocalDatabase } from '../support/local-database';

jest.setTimeout(60_000);

const STRANGER = '127.0.0.9';
const VPC = '10.20.0.0/255.255.0.0';
const PLAIN = { ssl: undefined as unknown as string };

let local: LocalDatabase;
let master: Connection;
/** Loopback address of a function in the VPC. */
let inside: string;
let insideAddress: string;

const asMaster = () => ({ from: inside, user: 'admin', password: 'master password' });

beforeAll(async () => {
  local = await LocalDatabase.start();
  inside = local.network.attach(VPC_CONFIG).address;
  insideAddress = local.network.addressOf(inside);
  master = await local.connect('instance', asMaster());
  await master.query('CREATE DATABASE app');
  await master.query('CREATE TABLE app.items (id INT PRIMARY KEY AUTO_INCREMENT, name TEXT)');
  await master.query(`CREATE USER 'timestamps'@'${VPC}' IDENTIFIED WITH caching_sha2_password BY 'first password'`);
  await master.query(`GRANT ALL ON app.* TO 'timestamps'@'${VPC}'`);
  await master.query('create user items@\'%\' identified with awsauthenticationplugin as "RDS" require ssl');
  await master.query("GRANT SELECT ON app.items TO items@'%'");
  await master.query("CREATE USER guarded@'%' IDENTIFIED BY 'guarded password' REQUIRE SSL");
});

afterEach(async () => {
  await local.update();
  local.log.length = 0;
});

afterAll(async () => {
  await master.end();
  await local.stop();
});

const password = (user: string, text: string) => ({ from: inside, user, password: text });
const timestamps = () => password('timestamps', 'first password');
const denied = (user: string, address = insideAddress) =>
  `Access denied for user '${user}'@'${address}' (using password: YES)`;

/** A proxy names no address. */
const deniedByProxy = (user: string): string => denied(user, '%');

const byToken = async (
  target: 'instance' | 'passwordProxy' | 'iamProxy',
  user: string,
  change = {},
  from = inside,
) => ({
  from,
  user,
  token: await local.token(target, user, change),
});

describe('the instance', () => {
  it('accepts a password user, with its address in the VPC', async () => {
    expect(await local.logIn('instance', timestamps())).toBe(`timestamps@${insideAddress}`);
  });

  it('refuses a user of the VPC that connects from the internet', async () => {
    const address = local.network.addressOf(STRANGER);
    expect(await local.logIn('instance', { ...timestamps(), from: STRANGER })).toBe(denied('timestamps', address));
  });

  it('accepts an IAM user with a token from the VPC, from a function outside it and from the EC2 instance', async () => {
    for (const from of [inside, local.network.attach().address, local.network.ec2Instance]) {
      const address = local.network.addressOf(from);
      expect(await local.logIn('instance', await byToken('instance', 'items', {}, from))).toBe(`items@${address}`);
    }
  });

  it.each([
    ['another user', { username: 'timestamps' }, /is refused: it is for the user timestamps$/],
    ['a proxy', { hostname: HOSTS.iamProxy }, /is refused: it is for iam\.proxy/],
    [
      'another session',
      { credentials: { ...KEYS, sessionToken: 'another' } },
      /is refused: its session token does not belong to its access key$/,
    ],
  ])('refuses the token for or with %s, and only the log has the reason', async (_what, change, reason) => {
    expect(await local.logIn('instance', await byToken('instance', 'items', change))).toBe(denied('items'));
    expect(local.log).toContainEqual(expect.stringMatching(reason));
    expect(local.log.join()).not.toContain('X-Amz');
  });

  it('chooses the account with the most specific address, as MariaDB does', async () => {
    await master.query("CREATE USER twofold@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL");
    await master.query("CREATE USER twofold@'10.20.%' IDENTIFIED BY 'its password'");
    expect(await local.logIn('instance', password('twofold', 'its password'))).toBe(`twofold@${insideAddress}`);
  });

  it('refuses a token of a role that may not connect as the user, and the log says so', async () => {
    await local.update(({ aws_iam_role_policy: [policy = {}] = [] }) => {
      policy['policy'] = (policy['policy'] as string).replaceAll('dbuser:db-MATRIX/items', 'dbuser:db-MATRIX/others');
    });
    expect(await local.logIn('instance', await byToken('instance', 'items'))).toBe(denied('items'));
    expect(local.log).toContainEqual(
      expect.stringMatching(/functions is not authorized to perform: rds-db:connect on resource: .*:db-MATRIX\/items$/),
    );
  });

  it('refuses tokens, but not passwords, while IAM database authentication is off', async () => {
    await local.update(set('aws_db_instance', { iam_database_authentication_enabled: false }));
    expect(await local.logIn('instance', await byToken('instance', 'items'))).toBe(denied('items'));
    expect(await local.logIn('instance', timestamps())).toBe(`timestamps@${insideAddress}`);
  });

  it('has not loaded the plugin of IAM users while IAM database authentication is off', async () => {
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
    const login = { ...(await byToken('instance', 'items')), ...PLAIN };
    expect(await local.logIn('instance', login)).toBe(denied('items'));
    expect(local.log).toContainEqual(expect.stringMatching(/a token requires TLS$/));
  });

  it('refuses a wrong password, an unknown user and a token of a password user with the same error', async () => {
    expect(await local.logIn('instance', password('timestamps', 'wrong'))).toBe(denied('timestamps'));
    expect(await local.logIn('instance', password('nobody', 'wrong'))).toBe(denied('nobody'));
    const token = await local.token('instance', 'timestamps');
    expect(await local.logIn('instance', password('timestamps', token))).toBe(denied('timestamps'));
  });

  it('accepts an RSA-encrypted password without TLS, except for users with REQUIRE SSL', async () => {
    expect(await local.logIn('instance', { ...timestamps(), ...PLAIN })).toBe(`timestamps@${insideAddress}`);
    expect(await local.logIn('instance', { ...password('timestamps', 'wrong'), ...PLAIN })).toBe(denied('timestamps'));
    const guarded = password('guarded', 'guarded password');
    expect(await local.logIn('instance', { ...guarded, ...PLAIN })).toBe(denied('guarded'));
    expect(await local.logIn('instance', guarded)).toBe(`guarded@${insideAddress}`);
  });

  it('refuses a locked user with MySQL’s error, and only with the right password', async () => {
    await master.query("CREATE USER locked@'%' IDENTIFIED BY 'its password' ACCOUNT LOCK");
    const words = `Access denied for user 'locked'@'${insideAddress}'. Account is locked.`;
    expect(await local.logIn('instance', password('locked', 'its password'))).toBe(words);
    expect(await local.logIn('instance', password('locked', 'wrong'))).toBe(denied('locked'));
    await master.query("DROP USER locked@'%'");
  });

  it('refuses clients without TLS if require_secure_transport is on, after password and REQUIRE SSL', async () => {
    const parameter = [{ name: 'require_secure_transport', value: '1' }];
    await local.update(set('aws_db_parameter_group', { parameter }));
    expect(await local.logIn('instance', { ...password('timestamps', 'wrong'), ...PLAIN })).toBe(denied('timestamps'));
    expect(await local.logIn('instance', { ...password('guarded', 'guarded password'), ...PLAIN })).toBe(
      denied('guarded'),
    );
    expect(await local.logIn('instance', { ...(await byToken('instance', 'items')), ...PLAIN })).toBe(denied('items'));
    expect(await local.logIn('instance', { ...timestamps(), ...PLAIN })).toBe(
      'Connections using insecure transport are prohibited while --require_secure_transport=ON.',
    );
    expect(await local.logIn('instance', timestamps())).toBe(`timestamps@${insideAddress}`);
  });

  it('greets with the id with which another connection kills a statement', async () => {
    const [one, other] = [await local.connect('instance', timestamps()), await local.connect('instance', timestamps())];
    const [[row]] = (await one.query('SELECT CONNECTION_ID() AS id')) as unknown as [{ id: number }[]];
    expect(one.threadId).toBe(row?.id);
    const slow = one.query('SELECT SLEEP(30)').catch((error: unknown) => error);
    // The server ignores a kill that arrives before the statement.
    const running = `SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ${one.threadId} AND INFO LIKE 'SELECT SLEEP%'`;
    while (((await other.query(running))[0] as unknown[]).length === 0) await sleep(20);
    await other.query(`KILL QUERY ${one.threadId}`);
    expect(await slow).toMatchObject({ code: 'ER_QUERY_INTERRUPTED' });
    await one.end();
    await other.end();
  });

  it.each(['instance', 'passwordProxy'] as const)(
    'closes the connection that KILL ends during a statement without an error, as MySQL does (%s)',
    async (target) => {
      const [one, other] = [await local.connect(target, timestamps()), await local.connect('instance', asMaster())];
      const slow = one.query('SELECT SLEEP(30)').catch((error: unknown) => error);
      const running = "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP%'";
      let id: number | undefined;
      while (id === undefined) [id] = ((await other.query(running))[0] as { id: number }[]).map((row) => row.id);
      await other.query('CALL mysql.rds_kill(?)', [id]);
      expect(await slow).toMatchObject({ code: 'PROTOCOL_CONNECTION_LOST' });
      one.destroy();
      await other.end();
    },
  );

  it.each(['with', 'without'])('transfers 20 MiB both ways, %s compression', async (how) => {
    const compress = how === 'with';
    const connection = await local.connect('instance', { ...asMaster(), compress, database: 'app' });
    const value = randomBytes(10 * 2 ** 20);
    await connection.query('CREATE TABLE app.blobs (id INT PRIMARY KEY, value LONGBLOB, text LONGTEXT)');
    await connection.query('INSERT INTO blobs VALUES (1, ?, REPEAT("x", 20971520))', [Buffer.concat([value, value])]);
    const [[row]] = (await connection.query('SELECT value, LENGTH(text) AS length FROM blobs')) as unknown as [
      { value: Buffer; length: number }[],
    ];
    expect(row?.value.equals(Buffer.concat([value, value]))).toBe(true);
    expect(row?.length).toBe(20 * 2 ** 20);
    await connection.query('DROP TABLE app.blobs');
    await connection.end();
  });

  it('serves prepared statements and resets a session', async () => {
    const connection = await local.connect('instance', { ...timestamps(), compress: true });
    await connection.query('SET @answer = 42');
    expect((await connection.execute('SELECT @answer + ? AS answer', [1]))[0]).toEqual([{ answer: 43 }]);
    await connection.reset();
    expect((await connection.query('SELECT @answer AS answer'))[0]).toEqual([{ answer: null }]);
    await connection.end();
  });

  it.each(['instance', 'passwordProxy'] as const)(
    'answers what Connector/J asks for at connect as MySQL 8.4 (%s)',
    async (target) => {
      const names = [
        ...[
          'session.auto_increment_increment',
          'character_set_client',
          'character_set_connection',
          'character_set_results',
        ],
        ...['character_set_server', 'collation_server', 'collation_connection', 'init_connect', 'interactive_timeout'],
        ...[
          'license',
          'lower_case_table_names',
          'max_allowed_packet',
          'net_write_timeout',
          'performance_schema',
          'sql_mode',
        ],
        ...['system_time_zone', 'time_zone', 'transaction_isolation', 'wait_timeout'],
      ];
      const columns = names.map((name) => `@@${name} AS ${name.replace('session.', '')}`);
      const connection = await local.connect(target, timestamps());
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
    },
  );

  it('changes the user of a connection for a client with mysql_native_password', async () => {
    const connection = await local.connect('instance', asMaster());
    await connection.changeUser({ user: 'timestamps', password: 'first password' });
    expect((await connection.query('SELECT USER() AS user'))[0]).toEqual([{ user: `timestamps@${insideAddress}` }]);
    await connection.end();
  });

  it('loads files of the client only if local_infile is on', async () => {
    const connection = await local.connect('instance', { ...asMaster(), database: 'app' });
    const load = () =>
      connection.query({
        sql: "LOAD DATA LOCAL INFILE 'rows.csv' INTO TABLE items (name)",
        infileStreamFactory: () => Readable.from([Buffer.from('\x03CREATE USER\nsecond\n')]),
      });
    await expect(load()).rejects.toMatchObject({ errno: 4166 });
    await local.update(set('aws_db_parameter_group', { parameter: [{ name: 'local_infile', value: '1' }] }));
    expect((await load())[0]).toMatchObject({ affectedRows: 2 });
    await connection.query('DELETE FROM items');
    await connection.end();
  });

  it('reports too many connections before the login', async () => {
    const parameter = [{ name: 'max_connections', value: '10' }];
    await local.update(set('aws_db_parameter_group', { parameter }));
    const many = await Promise.all(
      Array.from({ length: 12 }, () => local.connect('instance', timestamps()).catch(String)),
    );
    expect(many.filter((one) => typeof one === 'string')).toContain('Error: Too many connections');
    for (const connection of many) if (typeof connection !== 'string') connection.destroy();
  });

  it('compares utf8mb4 text as MySQL does if a statement names no collation', async () => {
    await master.query('CREATE DATABASE compared CHARACTER SET utf8mb4');
    await master.query('CREATE TABLE compared.names (name VARCHAR(9) PRIMARY KEY)');
    await master.query("INSERT INTO compared.names VALUES ('🙂'), ('🙃'), ('a'), ('a ')");
    await expect(master.query("INSERT INTO compared.names VALUES ('Á')")).rejects.toMatchObject({ errno: 1062 });
    await master.query('DROP DATABASE compared');
  });

  it.each(['instance', 'passwordProxy'] as const)(
    'refuses what MySQL refuses and MariaDB accepts, also to prepare it (%s)',
    async (target) => {
      const connection = await local.connect(target, { ...timestamps(), database: 'app', multipleStatements: true });
      const statement = 'CREATE TABLE made_by_error (a INT);\nALTER TABLE made_by_error ADD COLUMN IF NOT EXISTS b INT';
      const words = "use near 'IF NOT EXISTS b INT' at line 2";
      await expect(connection.query(statement)).rejects.toMatchObject({
        errno: 1064,
        sqlState: '42000',
        message: expect.stringContaining(words) as string,
      });
      await connection.query('DROP TABLE made_by_error');
      await expect(connection.execute('SELECT rank FROM items')).rejects.toMatchObject({ code: 'ER_PARSE_ERROR' });
      const text = "CREATE TABLE made_by_error (a TEXT DEFAULT 'it''s \\\\')";
      await expect(connection.query(text)).rejects.toMatchObject({ errno: 1101 });
      await expect(connection.query(`SELECT rank, 'it''s \\\\ ${'x'.repeat(100)}'`)).rejects.toMatchObject({
        message: expect.stringContaining("'rank, 'it''s \\\\ xxx") as string,
      });
      await connection.end();
    },
  );

  it('shows the plugins of users as RDS for MySQL does', async () => {
    const [rows] = await master.query(
      "SELECT User, plugin, authentication_string = 'RDS' AS isRds FROM mysql.user WHERE User IN ('items', 'timestamps') ORDER BY User",
    );
    expect(rows).toEqual([
      { User: 'items', plugin: 'AWSAuthenticationPlugin', isRds: 1 },
      { User: 'timestamps', plugin: 'caching_sha2_password', isRds: 0 },
    ]);
  });

  it('updates the master user’s password when the secret changes', async () => {
    const before = local.secrets[SECRETS.master] ?? '';
    local.secrets[SECRETS.master] = JSON.stringify({ username: 'admin', password: 'rotated' });
    await local.update();
    expect(await local.logIn('instance', asMaster())).toBe(denied('admin'));
    expect(await local.logIn('instance', password('admin', 'rotated'))).toBe(`admin@${insideAddress}`);
    local.secrets[SECRETS.master] = before;
  });
});

describe('a client that resets the connection at once', () => {
  it('does not stop others from logging in', async () => {
    const { [HOSTS.instance]: address = '' } = local.network.hosts;
    const reset = `net.connect(${local.port}, '${address}').on('connect', function () { this.resetAndDestroy() })`;
    // This process is blocked meanwhile, and accepts the connection after its end.
    execFileSync(process.execPath, ['-e', reset]);
    expect(await local.logIn('instance', asMaster())).toBe(`admin@${insideAddress}`);
  });
});

describe('a client that is not logged in', () => {
  /** Sends bytes without waiting for an answer. @returns what the server sends until it closes the connection */
  async function converse(...packets: readonly Buffer[]): Promise<string> {
    const socket = connect({ port: local.port, host: local.network.hosts[HOSTS.instance] ?? '', localAddress: inside });
    for (const packet of packets) socket.write(packet);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
    await once(socket, 'close');
    return Buffer.concat(chunks).toString('latin1');
  }

  const TLS_REQUEST = frame(1, Buffer.concat([Buffer.from([0, 8, 0, 0]), Buffer.alloc(28)]));

  it.each([
    ['sends nothing', []],
    ['stops in the middle of a packet', [frame(1, Buffer.alloc(100)).subarray(0, 50)]],
    ['requests TLS and sends no more', [TLS_REQUEST]],
  ])('is disconnected after connect_timeout if it %s', async (_what, packets) => {
    const parameter = [{ name: 'connect_timeout', value: '1' }];
    await local.update(set('aws_db_parameter_group', { parameter }));
    const response = await converse(...packets);
    if (packets[0] !== TLS_REQUEST) expect(response).toContain('#08S01Got timeout reading communication packets');
    expect(local.log).toContainEqual(
      `${HOSTS.instance} refuses unauthenticated user from ${insideAddress}: Got timeout reading communication packets`,
    );
  });

  it('cannot make the server hold more than 128 KiB', async () => {
    const header = Buffer.from([0x01, 0x00, 0x02, 1]);
    expect(await converse(header)).toContain("#08S01Got a packet bigger than 'max_allowed_packet' bytes");
  });
});

describe('a caller that cannot reach an endpoint', () => {
  it('times out, and the log names the missing rule', async () => {
    const login = { ...(await byToken('iamProxy', 'timestamps')), from: STRANGER, connectTimeout: 500 };
    expect(await local.logIn('iamProxy', login)).toBe('connect ETIMEDOUT');
    expect(local.log).toEqual([
      `A connection to ${HOSTS.iamProxy} is blocked: ${HOSTS.iamProxy} is a proxy, and proxies are never public`,
    ]);
  });
});

describe('a caller whose public address cannot be found', () => {
  it('is disconnected, and other callers are served', async () => {
    await local.update(set('aws_wafv2_ip_set', { addresses: ['0.0.0.0/1', '192.0.0.0/3'] }));
    expect(await local.logIn('instance', { ...timestamps(), from: STRANGER })).toMatch(/closed|ECONNRESET/i);
    expect(local.log).toContainEqual(expect.stringMatching(/^A connection to \S+ failed: .*No public address is left/));
    expect(await local.logIn('instance', timestamps())).toBe(`timestamps@${insideAddress}`);
  });
});

describe('the password proxy', () => {
  it('accepts the user of its secret, and connects to the database from its own address', async () => {
    const proxyAddress = local.network.addressOf('127.0.1.2');
    expect(await local.logIn('passwordProxy', timestamps())).toBe(`timestamps@${proxyAddress}`);
  });

  it('refuses caching_sha2_password without TLS, even if it does not require TLS', async () => {
    expect(await local.logIn('passwordProxy', { ...timestamps(), ...PLAIN })).toBe(deniedByProxy('timestamps'));
  });

  it('accepts mysql_native_password if that is its authentication type', async () => {
    const [auth] = [{ iam_auth: 'DISABLED', client_password_auth_type: '', secret_arn: SECRETS.timestamps }];
    await local.update(set('aws_db_proxy', { auth: [auth], require_tls: false }));
    expect(await local.logIn('passwordProxy', { ...timestamps(), ...PLAIN })).toMatch(/^timestamps@/);
    expect(await local.logIn('passwordProxy', { ...password('timestamps', 'no'), ...PLAIN })).toBe(
      deniedByProxy('timestamps'),
    );
  });

  it('uses TLS to the database exactly for clients with TLS, which share no connection with others', async () => {
    const auth = { iam_auth: 'DISABLED', client_password_auth_type: '', secret_arn: SECRETS.timestamps };
    await local.update(set('aws_db_proxy', { auth: [auth], require_tls: false }));
    const isEncrypted = async (login: object): Promise<boolean> => {
      const connection = await local.connect('passwordProxy', { ...timestamps(), ...login });
      const [[row]] = (await connection.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'")) as unknown as [
        { Value: string }[],
      ];
      await connection.end();
      return row?.Value !== '';
    };
    const found = [];
    for (const login of [{}, PLAIN, {}, PLAIN]) found.push(await isEncrypted(login));
    expect(found).toEqual([true, false, true, false]);
  });

  it('asks for the password itself over TLS if the scramble is wrong, as MySQL does', async () => {
    // PyMySQL 1.0 treats the zero after the nonce as a part of it, so its scramble is always wrong.
    const misfit = (text: string) => ({
      ...password('timestamps', text),
      authPlugins: {
        caching_sha2_password: () => (data: Buffer) =>
          data.equals(FULL_AUTHENTICATION.subarray(1)) ? Buffer.from(`${text}\0`) : Buffer.alloc(32, 1),
      },
    });
    expect(await local.logIn('passwordProxy', misfit('first password'))).toMatch(/^timestamps@/);
    expect(await local.logIn('passwordProxy', misfit('wrong'))).toBe(deniedByProxy('timestamps'));
    expect(await local.logIn('passwordProxy', { ...misfit('first password'), ...PLAIN })).toBe(
      deniedByProxy('timestamps'),
    );
  });

  it('transfers a value of 20 MiB', async () => {
    const connection = await local.connect('passwordProxy', timestamps());
    const value = 'x'.repeat(20 * 2 ** 20);
    expect((await connection.query('SELECT LENGTH(?) AS length', [value]))[0]).toEqual([{ length: value.length }]);
    await connection.end();
  });

  it('offers no compression, and refuses a client that still compresses', async () => {
    const compressed = { ...timestamps(), compress: true };
    expect(await local.logIn('passwordProxy', compressed)).toMatch(/^timestamps@/);
    expect(await local.logIn('passwordProxy', { ...timestamps(), flags: ['COMPRESS'] })).toBe('Bad handshake');
  });

  it('refuses a wrong password and a token', async () => {
    expect(await local.logIn('passwordProxy', password('timestamps', 'wrong'))).toBe(deniedByProxy('timestamps'));
    const token = await local.token('passwordProxy', 'timestamps');
    expect(await local.logIn('passwordProxy', password('timestamps', token))).toBe(deniedByProxy('timestamps'));
  });

  it('requires TLS if the setting says so', async () => {
    await local.update(set('aws_db_proxy', { require_tls: true }));
    expect(await local.logIn('passwordProxy', { ...timestamps(), ...PLAIN })).toBe(
      'This RDS Proxy requires TLS connections',
    );
    expect(await local.logIn('passwordProxy', timestamps())).toMatch(/^timestamps@/);
  });
});

describe('the IAM proxy', () => {
  it('accepts the user of its secret with a token', async () => {
    const proxyAddress = local.network.addressOf('127.0.1.3');
    expect(await local.logIn('iamProxy', await byToken('iamProxy', 'timestamps'))).toBe(`timestamps@${proxyAddress}`);
  });

  it('refuses passwords, tokens for the instance, and roles that may not connect, with the same error', async () => {
    const words = deniedByProxy('timestamps');
    const asToken = { from: inside, user: 'timestamps', token: 'first password' };
    expect(await local.logIn('iamProxy', asToken)).toBe(words);
    expect(await local.logIn('iamProxy', await byToken('instance', 'timestamps'))).toBe(words);
    await local.update(({ aws_iam_role_policy: [policy = {}] = [] }) => {
      policy['policy'] = (policy['policy'] as string).replaceAll('prx-iam', 'db-MATRIX');
    });
    expect(await local.logIn('iamProxy', await byToken('iamProxy', 'timestamps'))).toBe(words);
  });

  it('refuses clients without TLS', async () => {
    expect(await local.logIn('iamProxy', { ...(await byToken('iamProxy', 'timestamps')), ...PLAIN })).toBe(
      'This RDS Proxy requires TLS connections',
    );
  });
});

describe('an IAM proxy that requires no TLS', () => {
  it('does not exist, because RDS rejects it', async () => {
    await local.update(set('aws_db_proxy', { require_tls: false }));
    expect(local.endpoints.faultsAt(HOSTS.iamProxy)).toBeUndefined();
    expect(local.endpoints.faultsAt(HOSTS.passwordProxy)).toBeDefined();
    expect(local.log).toContain(
      'There is no proxy iam: require_tls must be true, got false. RDS Proxy refuses iam_auth REQUIRED without TLS. Set require_tls to true.',
    );
  });
});

describe('the secret of a proxy', () => {
  afterEach(() => {
    local.secrets[SECRETS.timestamps] = JSON.stringify({ username: 'timestamps', password: 'first password' });
  });

  it('logs in only its own user, and the log says so', async () => {
    expect(await local.logIn('passwordProxy', asMaster())).toBe(deniedByProxy('admin'));
    expect(local.log).toContainEqual(expect.stringMatching(/login of 'admin' is refused: the proxy has no secret/));
  });

  it('logs in no user if the proxy cannot read it, and the log says why', async () => {
    local.secrets[SECRETS.timestamps] = 'first password';
    expect(await local.logIn('passwordProxy', timestamps())).toBe(deniedByProxy('timestamps'));
    expect(local.log).toContainEqual(expect.stringMatching(/cannot be read: it is not JSON$/));
    expect(local.log.join()).not.toContain('first password');
  });

  it('is read again after a rotation', async () => {
    local.secrets[SECRETS.timestamps] = JSON.stringify({ username: 'timestamps', password: 'second password' });
    expect(await local.logIn('passwordProxy', timestamps())).toBe(deniedByProxy('timestamps'));
    expect(await local.logIn('passwordProxy', password('timestamps', 'second password'))).toMatch(/^timestamps@/);
  });
});

describe('a proxy without its database', () => {
  const words = 'Timed-out waiting to acquire database connection';

  it('lets clients time out if it has no target', async () => {
    await local.update((resources) => {
      resources['aws_db_proxy_target'] = [];
    });
    local.endpoints.faultsAt(HOSTS.passwordProxy)?.cut();
    const login = { ...timestamps(), database: 'app' };
    expect(await local.logIn('passwordProxy', login)).toBe(words);
    expect(local.log).toContainEqual('The proxy cannot reach its target: the proxy password has no target');
  });

  it('lets clients time out if no rule allows its connection', async () => {
    await local.update((resources) => {
      resources['aws_vpc_security_group_egress_rule'] = (resources['aws_vpc_security_group_egress_rule'] ?? []).filter(
        ({ security_group_id }) => security_group_id !== 'sg-proxies',
      );
    });
    const login = { ...timestamps(), database: 'app' };
    expect(await local.logIn('passwordProxy', login)).toBe(words);
    expect(local.log).toContainEqual(expect.stringMatching(/its target: no egress rule of proxies allows TCP 3306/));
  });
});

describe('the target of a proxy', () => {
  const health = () => local.endpoints.targetHealthOf('password');

  afterEach(() => {
    local.secrets[SECRETS.timestamps] = JSON.stringify({ username: 'timestamps', password: 'first password' });
  });

  it('is available if the proxy can log in', async () => {
    expect(await health()).toEqual({ state: 'AVAILABLE' });
  });

  it('becomes available some time after its registration, and a login waits for it', async () => {
    await local.update((resources) => void resources['aws_db_proxy']?.shift());
    local.endpoints.registerTargetsIn(0.5);
    await local.update();
    local.endpoints.registerTargetsIn(0);
    expect(await health()).toMatchObject({ state: 'UNAVAILABLE', reason: 'PENDING_PROXY_CAPACITY' });
    expect(await local.logIn('passwordProxy', timestamps())).toMatch(/^timestamps@/);
    expect(await health()).toEqual({ state: 'AVAILABLE' });
  });

  it('is unreachable if no rule allows the proxy’s connection', async () => {
    await local.update((resources) => {
      resources['aws_vpc_security_group_egress_rule'] = [];
    });
    const description = expect.stringMatching(/^no egress rule of proxies allows TCP 3306/);
    expect(await health()).toEqual({ state: 'UNAVAILABLE', reason: 'UNREACHABLE', description });
  });

  it('refuses the proxy if its secret holds another password', async () => {
    local.secrets[SECRETS.timestamps] = JSON.stringify({ username: 'timestamps', password: 'another password' });
    expect(await health()).toEqual({
      state: 'UNAVAILABLE',
      reason: 'AUTH_FAILURE',
      description: expect.stringMatching(/^Access denied for user 'timestamps'@/),
    });
  });

  it('refuses the proxy if it may not read its secret', async () => {
    await local.update(({ aws_iam_role_policy: policies = [] }) => void policies.pop());
    expect(await health()).toEqual({
      state: 'UNAVAILABLE',
      reason: 'AUTH_FAILURE',
      description: 'the proxy password cannot read a secret with username and password',
    });
  });

  it('is unknown without such a proxy', async () => {
    expect(await local.endpoints.targetHealthOf('another')).toBeUndefined();
  });
});

describe('an update of the applied state', () => {
  it('opens new endpoints, closes deleted ones, and keeps the others', async () => {
    await local.update((resources) => {
      resources['aws_db_proxy'] = [];
    });
    expect(Object.keys(local.endpoints.hosts)).toEqual([HOSTS.instance]);
    expect(local.endpoints.faultsAt(HOSTS.iamProxy)).toBeUndefined();
    await expect(master.query('SELECT 1')).resolves.toBeDefined();
    await local.update();
    expect(await local.logIn('passwordProxy', timestamps())).toMatch(/^timestamps@/);
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
    expect(await local.logIn('instance', await byToken('instance', 'items'))).toBe(`items@${insideAddress}`);
    expect(await local.logIn('instance', timestamps())).toBe(`timestamps@${insideAddress}`);
  });
});
