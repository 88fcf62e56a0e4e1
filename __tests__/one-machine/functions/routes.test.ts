import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { CNAME, getEvent, ITEMS_USER, loggedErrorOf, Rds, responseOf, USERS_READER } from '../support/rds';
import { LOGIN_STAGES } from '../../../local';
import { type Container, HOSTS } from '../../../local/__tests__/support';

jest.setTimeout(120_000);

let rds: Rds;

const deployUsers = () => rds.deploy([rds.timestampsUser(), ITEMS_USER, USERS_READER]);

beforeAll(async () => {
  rds = await Rds.start();
  await deployUsers();
});

afterAll(() => rds.stop());

/** Starts the function of `/func1`. @param environment variables to add or replace, for example `DB_SECRET_ARN` */
const launchFunc1 = (environment: Readonly<Record<string, string>> = {}): Promise<Container> =>
  rds.launch('func1', 'passwordProxy', { DB_SECRET_ARN: rds.secretArn('timestamps'), ...environment });

describe.each([
  ['func1', 'passwordProxy', 'password-proxy'],
  ['func2', 'iamProxy', 'iam-proxy'],
] as const)('GET /%s', (route, target, via) => {
  let container: Container;

  beforeAll(async () => {
    container = await rds.launch(route, target, {
      DB_SECRET_ARN: rds.secretArn('timestamps'),
      DB_USER: 'timestamps',
    });
  });

  beforeEach(() => rds.sql('TRUNCATE app.timestamps'));

  const recordedTimes = () => rds.sql('SELECT 1 FROM app.timestamps');

  /**
   * Inserts times.
   *
   * @param seconds SQL expression for the seconds from the start of 2020 to each time; `seq` runs from 1 to `count`
   */
  const insertOldTimes = (count: number, seconds: string) =>
    rds.sql(
      `INSERT INTO app.timestamps (time, id) SELECT ? + INTERVAL ${seconds} SECOND, UNHEX(MD5(seq)) FROM app.seq_1_to_${count}`,
      ['2020-01-01 00:00:00.000'],
    );

  const call = async (query = {}) => responseOf(await container.invoke(getEvent(query)));

  it('records the time and returns it', async () => {
    const before = new Date().toISOString();
    const { statusCode, headers, body } = await call();
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    expect(body).toEqual({ via, recorded: body.recorded, timestamps: [body.recorded], next: null });
    expect(body.recorded >= before && body.recorded <= new Date().toISOString()).toBe(true);
  });

  it('answers HEAD like GET, without a body, and records nothing', async () => {
    const head = JSON.parse(
      (await container.invoke({ ...(getEvent() as object), httpMethod: 'HEAD' })).payload,
    ) as object;
    expect(await recordedTimes()).toHaveLength(0);
    const { statusCode, headers } = await call();
    expect(head).toEqual({ statusCode, headers, body: '' });
  });

  it('returns the newest times first', async () => {
    const recorded: string[] = [];
    for (let times = 0; times < 3; times += 1) recorded.unshift((await call()).body.recorded);
    const { body } = await call();
    expect(body.timestamps).toEqual([body.recorded, ...recorded]);
  });

  it('returns older times page by page; a request with a cursor records no time', async () => {
    // Up to three rows have the same time, so that the first page ends between equal times.
    await insertOldTimes(25, 'seq DIV 3');
    const first = await call({ limit: '10' });
    const pages = [first.body];
    while (pages.at(-1).next !== null) pages.push((await call({ limit: '10', cursor: pages.at(-1).next })).body);
    expect(pages.map(({ timestamps }) => timestamps.length)).toEqual([10, 10, 6]);
    expect(pages.slice(1).map(({ recorded }) => recorded)).toEqual([null, null]);
    const times = pages.flatMap(({ timestamps }) => timestamps as string[]);
    expect(times).toEqual([...times].sort().reverse());
    expect(await recordedTimes()).toHaveLength(26);
  });

  it('rejects a wrong parameter and records nothing', async () => {
    const { statusCode, body } = await call({ limit: '0' });
    const error = 'limit must be a whole number from 1 to 1000';
    expect({ statusCode, body }).toEqual({ statusCode: 400, body: { error, requestId: 'request-1' } });
    expect(await recordedTimes()).toHaveLength(0);
  });

  it('keeps its connection across calls', async () => {
    await call();
    const before = [...rds.faultsAt(target).connections];
    expect(before).not.toHaveLength(0);
    await call();
    await call();
    const { connections } = rds.faultsAt(target);
    expect(connections.size).toBe(before.length);
    expect(before.every((connection) => connections.has(connection))).toBe(true);
  });

  it.each(LOGIN_STAGES)(
    'records once if its connection is cut and then its next login is cut at stage %s',
    async (stage) => {
      await call();
      const affectedCallers = rds.faultsAt(target).cutNextLogins(stage);
      rds.faultsAt(target).cut();
      expect((await call()).statusCode).toBe(200);
      rds.faultsAt(target).cutNoMoreLogins();
      expect(affectedCallers.size).toBe(1);
      // Each of the two calls has recorded one time.
      expect(await recordedTimes()).toHaveLength(2);
    },
  );

  it('answers on a new connection and records once if the server has closed the old one', async () => {
    await call();
    for (const { id } of await rds.sql<{ id: number }>(
      "SELECT id FROM information_schema.processlist WHERE user = 'timestamps'",
    )) {
      await rds.sql(`KILL ${id}`);
    }
    expect((await call()).statusCode).toBe(200);
    expect(await recordedTimes()).toHaveLength(2);
  });

  it('reads fewer than 100 rows for a page of 10 from a table of 20,000', async () => {
    await insertOldTimes(20_000, 'seq');
    const { next } = (await call({ limit: '10' })).body;
    await rds.sql('FLUSH STATUS');
    const reads = async (): Promise<number> => {
      const rows = await rds.sql<{ Value: string }>("SHOW GLOBAL STATUS LIKE 'Handler_read_%'");
      return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
    };
    const before = await reads();
    await call({ limit: '10', cursor: next });
    expect((await reads()) - before).toBeLessThan(100);
  });
});

describe('GET /func1', () => {
  it('answers 502 if its login is refused, even if the previous version of its secret is not JSON', async () => {
    const arn = await rds.putSecretText('stranger', 'no JSON');
    await rds.putSecret('stranger', 'a password');
    const func1 = await launchFunc1({ DB_SECRET_ARN: arn });
    const invocation = await func1.invoke(getEvent());
    expect(responseOf(invocation).statusCode).toBe(502);
    expect(invocation.log).toContain('The previous version of the secret cannot be read');
    expect(invocation.log).not.toContain('no JSON');
  });
});

describe('GET /func1 through a proxy that has not yet noticed a rotation', () => {
  afterEach(() => rds.followSecretsAfter(0));

  it('logs in with the previous password until the proxy has the current password', async () => {
    const logIn = async () => {
      const func1 = await launchFunc1();
      const invocation = await func1.invoke(getEvent());
      expect(responseOf(invocation).statusCode).toBe(200);
      return { func1, isSecondTry: invocation.log.includes('trying another version of the secret') };
    };
    rds.followSecretsAfter(3600);
    expect((await logIn()).isSecondTry).toBe(false);
    // Simulates a rotation: only the secret changes. The instance still accepts the previous password, and the proxy knows no other.
    await rds.putSecret('timestamps', 'second password');
    const { func1, isSecondTry } = await logIn();
    expect(isSecondTry).toBe(true);

    // Instance and proxy get the second password. The running function remembers the first one and tries it first.
    rds.followSecretsAfter(0);
    await deployUsers();
    rds.faultsAt('passwordProxy').cut();
    const invocation = await func1.invoke(getEvent());
    expect(responseOf(invocation).statusCode).toBe(200);
    expect(invocation.log).toContain('The login was refused; trying another version of the secret');
    expect(invocation.log).not.toMatch(/first password|second password|"password"/);
    expect((await logIn()).isSecondTry).toBe(false);
  });
});

describe('GET /func1 while Secrets Manager is unreachable', () => {
  const silentServer = createServer();

  beforeAll(() => once(silentServer.listen(0, '127.0.0.1'), 'listening'));

  afterAll(() => silentServer.close());

  it.each([
    ['does not answer', () => `http://127.0.0.1:${(silentServer.address() as AddressInfo).port}`],
    ['refuses connections', () => 'http://127.0.0.1:1'],
    ['has an unknown name', () => 'http://secretsmanager.invalid'],
  ])('names Secrets Manager, not the database, as the cause if the endpoint %s', async (_what, endpoint) => {
    const func1 = await launchFunc1({ AWS_ENDPOINT_URL: endpoint() });
    const invocation = await func1.invoke(getEvent());
    expect(responseOf(invocation).statusCode).toBe(503);
    expect(loggedErrorOf(invocation)).toMatchObject({
      message: 'The database is unavailable',
      reason: 'Secrets Manager does not answer',
      check: [expect.stringMatching(/^Secrets Manager is unreachable: /)],
    });
    expect(invocation.log).not.toContain(HOSTS.passwordProxy);
  });
});

describe('GET /items', () => {
  it('returns the rows of the table, page by page', async () => {
    const items = await rds.launch('items', 'instance', { DB_USER: 'items' });
    const first = responseOf(await items.invoke(getEvent({ limit: '2' }))).body;
    expect(first.items).toEqual([
      { id: 1, name: 'notebook' },
      { id: 2, name: 'pencil' },
    ]);
    const second = responseOf(await items.invoke(getEvent({ cursor: first.next }))).body;
    expect(second).toEqual({
      items: [
        { id: 3, name: 'eraser' },
        { id: 4, name: 'ruler' },
      ],
      next: null,
    });
  });
});

describe('GET /items of a table with columns of many types', () => {
  /** JSON is not among the types, because MariaDB stores it as text. */
  const COLUMNS: readonly (readonly [type: string, value: string, json: unknown])[] = [
    ['TINYINT', '-128', -128],
    ['BOOLEAN', 'TRUE', 1],
    ['INT UNSIGNED', '4294967295', 4_294_967_295],
    ['MEDIUMINT ZEROFILL', '7', 7],
    ['BIGINT', '-9007199254740993', '-9007199254740993'],
    ['BIGINT UNSIGNED', '18446744073709551615', '18446744073709551615'],
    ['DECIMAL(20,2)', '123456789012345678.90', '123456789012345678.90'],
    ['FLOAT', '0.5', 0.5],
    ['DOUBLE', '-1.5e300', -1.5e300],
    ['DOUBLE', 'NULL', null],
    ['YEAR', '2026', 2026],
    ['DATE', "'2024-02-29'", '2024-02-29'],
    ['TIME', "'-838:59:59'", '-838:59:59'],
    ['TIME(3)', "'12:00:00.125'", '12:00:00.125'],
    ['DATETIME', "'2026-01-31 12:00:00'", '2026-01-31T12:00:00'],
    ['DATETIME(6)', "'1000-01-01 00:00:00.000001'", '1000-01-01T00:00:00.000001'],
    ['TIMESTAMP NULL', "'2026-07-01 12:00:00'", '2026-07-01T12:00:00Z'],
    ['TIMESTAMP(3) NULL', "'2026-01-31 12:00:00.5'", '2026-01-31T12:00:00.500Z'],
    ['TIMESTAMP NULL', 'NULL', null],
    ['BIT(1)', "b'1'", '1'],
    ['BIT(10)', "b'101'", '0000000101'],
    ['BIT(64)', "b'1'", '1'.padStart(64, '0')],
    ['CHAR(4)', "'a'", 'a'],
    ['VARCHAR(20) CHARACTER SET latin1', "'Größe'", 'Größe'],
    ['TEXT', "'😀 \"'", '😀 "'],
    ["ENUM('small','large')", "'large'", 'large'],
    ["SET('a','b','c')", "'a,c'", 'a,c'],
    ['BINARY(3)', "x'0001ff'", 'AAH/'],
    ['VARBINARY(10)', "x''", ''],
    ['BLOB', "x'c3a4'", 'w6Q='],
    ['BLOB', 'NULL', null],
    ['POINT', 'ST_GeomFromText("POINT(1 2)")', 'AAAAAAEBAAAAAAAAAAAA8D8AAAAAAAAAQA=='],
  ];

  beforeAll(async () => {
    await rds.sql("SET GLOBAL time_zone = '+00:00'");
    const additions = COLUMNS.map(([type], index) => `ADD COLUMN c${index} ${type}`);
    const values = COLUMNS.map(([, value], index) => `c${index} = ${value}`);
    await rds.sql(`ALTER TABLE app.items ${additions.join(', ')}`);
    await rds.sql(`UPDATE app.items SET ${values.join(', ')} WHERE id = 1`);
  });

  afterAll(() => rds.sql(`ALTER TABLE app.items ${COLUMNS.map((_, index) => `DROP COLUMN c${index}`).join(', ')}`));

  it('returns each value as docs/api.md defines it, without loss', async () => {
    const items = await rds.launch('items', 'instance', { DB_USER: 'items' });
    const { statusCode, body } = responseOf(await items.invoke(getEvent({ limit: '1' })));
    expect(statusCode).toBe(200);
    const returned = COLUMNS.map(([type, value], index) => [type, value, body.items[0][`c${index}`]]);
    expect(returned).toEqual(COLUMNS);
  });

  it('continues after ids that a JavaScript number would round', async () => {
    await rds.sql('ALTER TABLE app.items MODIFY id BIGINT UNSIGNED AUTO_INCREMENT');
    await rds.sql(
      "INSERT INTO app.items (id, name) VALUES (18446744073709551613, 'a'), (18446744073709551614, 'b'), (18446744073709551615, 'c')",
    );
    const items = await rds.launch('items', 'instance', { DB_USER: 'items' });
    const cursor = Buffer.from('18446744073709551613').toString('base64url');
    const { body } = responseOf(await items.invoke(getEvent({ cursor, limit: '1' })));
    expect(body.items).toMatchObject([{ id: '18446744073709551614', name: 'b' }]);
    expect(responseOf(await items.invoke(getEvent({ cursor: body.next }))).body).toMatchObject({
      items: [{ id: '18446744073709551615' }],
      next: null,
    });
    await rds.sql('DELETE FROM app.items WHERE id > 4294967295');
    await rds.sql('ALTER TABLE app.items MODIFY id INT UNSIGNED AUTO_INCREMENT');
  });
});

describe('GET /', () => {
  let users: Container;

  beforeAll(async () => {
    users = await rds.launch('users', 'instance', { DB_USER: 'users_reader' });
  });

  it('returns the sorted names of the database users, each once', async () => {
    const { statusCode, body } = responseOf(await users.invoke(getEvent()));
    expect(statusCode).toBe(200);
    expect(body.users).toEqual(expect.arrayContaining(['items', 'timestamps', 'users_reader']));
    expect(body.users).toEqual([...new Set(body.users)].sort());
  });
});

describe('a refused login', () => {
  /** Calls a route that cannot log in. Returns the first entry of `check` in the logged error. */
  async function checkAfterRefusal(...launchArguments: Parameters<Rds['launch']>): Promise<string> {
    const invocation = await (await rds.launch(...launchArguments)).invoke(getEvent());
    const { statusCode, body } = responseOf(invocation);
    expect({ statusCode, body }).toEqual({
      statusCode: 502,
      body: { error: 'The database refused the login of this service.', requestId: 'request-1' },
    });
    const logged = loggedErrorOf(invocation);
    expect(logged).toMatchObject({ message: 'The login to the database was refused', requestId: 'request-1' });
    expect(invocation.log).not.toContain('X-Amz-Signature');
    return String(logged['check'][0]);
  }

  it.each([
    [
      'a user that must log in by password',
      { DB_USER: 'timestamps' },
      /^the server asked for a password, not for a token: the user 'timestamps' does not exist/,
    ],
    [
      'a wrong secret key',
      { AWS_SECRET_ACCESS_KEY: 'wrong' },
      /^the role of this function must allow rds-db:connect on arn:aws:rds-db:eu-central-1:ACCOUNT:dbuser:db-…\/items, /,
    ],
    ['another region', { AWS_REGION: 'eu-west-1' }, /^the token is signed for eu-west-1 and \S+ is in eu-central-1/],
    [
      'the certificate authorities of the proxies',
      { DB_CA_FILE: '/opt/certs/amazon-roots.pem' },
      /^no authority in DB_CA_FILE signed .*: DB_CA_FILE must be \/opt\/certs\/rds\.pem for an instance$/,
    ],
    ['a host not in the certificate', { DB_HOST: CNAME }, /^the certificate is not for database\.example\.com/],
  ])('with %s gets 502 without details, and the log says what to check', async (_what, environment, check) => {
    expect(await checkAfterRefusal('items', 'instance', { DB_USER: 'items', ...environment })).toMatch(check);
  });

  it.each([
    [
      'the password proxy',
      'passwordProxy',
      'timestamps',
      /^the proxy asked for no token: either its IAM setting is DISABLED/,
    ],
    [
      'a proxy without a secret for the user',
      'iamProxy',
      'items',
      /; or the proxy has no secret for 'items': an auth block of the proxy must/,
    ],
  ] as const)(
    'with a token at %s gets 502 without details, and the log says what to check',
    async (_what, proxy, DB_USER, check) => {
      expect(await checkAfterRefusal('func2', proxy, { DB_USER })).toMatch(check);
    },
  );

  it('with a password at the IAM proxy gets 502 without details, and the log says what to check', async () => {
    const environment = { DB_SECRET_ARN: rds.secretArn('timestamps') };
    expect(await checkAfterRefusal('func1', 'iamProxy', environment)).toMatch(
      /^the proxy asked for a token, not for a password: its IAM setting is REQUIRED/,
    );
  });
});

describe('the function of a route', () => {
  it('names a missing environment variable when it starts', async () => {
    const func2 = await rds.launch('func2', 'iamProxy', { DB_USER: '' });
    const { functionError, payload } = await func2.invoke(getEvent());
    expect(functionError).toBe('Unhandled');
    expect(payload).toContain('The environment variable DB_USER must be set: the database user to log in as');
  });

  it('answers 503 while the database is unreachable, and 200 afterwards', async () => {
    const items = await rds.launch('items', 'instance', { DB_USER: 'items' });
    expect(responseOf(await items.invoke(getEvent())).statusCode).toBe(200);
    const restart = await rds.stopEndpoints();
    const { statusCode, headers, body } = responseOf(await items.invoke(getEvent()));
    expect({ statusCode, body }).toEqual({
      statusCode: 503,
      body: { error: 'The database is unavailable at the moment. Try again later.', requestId: 'request-1' },
    });
    expect(headers['retry-after']).toBe('10');
    await restart();
    expect(responseOf(await items.invoke(getEvent())).statusCode).toBe(200);
  });
});
