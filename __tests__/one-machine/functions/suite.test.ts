import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { responseOf, CNAME, getEvent, Rds } from '../support/rds';
import { LOGIN_STAGES } from '../../../local';
import { type Container, HOSTS } from '../../../local/__tests__/support';

jest.setTimeout(120_000);

const VPC = '10.20.0.0/255.255.0.0';

/** Events that do not come from a REST API. */
const FOREIGN_EVENTS: readonly unknown[] = [
  null,
  'text',
  42,
  [],
  {},
  { key1: 'value1', key2: 'value2', key3: 'value3' },
  { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {}, resources: ['arn:aws:events:…'] },
  { Records: [{ eventSource: 'aws:sqs', body: '{}' }] },
  { version: '2.0', rawPath: '/', requestContext: { http: { method: 'GET' }, requestId: 'one' }, headers: {} },
  { requestContext: null, httpMethod: null },
  { httpMethod: 'GET', multiValueQueryStringParameters: { limit: '1' } },
  { httpMethod: 'GET', multiValueQueryStringParameters: { limit: [1] } },
  { httpMethod: 'GET', multiValueHeaders: 'accept' },
];

let rds: Rds;

beforeAll(async () => {
  rds = await Rds.start();
});

afterAll(() => rds.stop());

const definition = () => ({
  database: 'app',
  users: [
    {
      name: 'timestamps',
      login: 'password',
      secretArn: rds.secretArns['timestamps'],
      host: VPC,
      maxUserConnections: 40,
      grants: [{ privileges: ['SELECT', 'INSERT'], on: ['app', 'timestamps'] }],
    },
    {
      name: 'items',
      login: 'iam',
      host: '%',
      maxUserConnections: 20,
      grants: [{ privileges: ['SELECT'], on: ['app', 'items'] }],
    },
    {
      name: 'users_reader',
      login: 'iam',
      host: '%',
      maxUserConnections: 10,
      grants: [{ privileges: ['SELECT'], columns: ['User'], on: ['mysql', 'user'] }],
    },
  ],
});

/** Runs the bootstrap function once, as a deployment does. */
async function bootstrap(event: unknown = definition()) {
  const container = await rds.launch('bootstrap', 'instance', { DB_SECRET_ARN: rds.secretArns['admin'] ?? '' });
  return container.invoke(event);
}

/** Returns the server's users with their requirements and privileges. */
async function accounts(): Promise<unknown[]> {
  const users = await rds.sql<{ User: string; Host: string; ssl_type: string; max_user_connections: number }>(
    "SELECT User, Host, ssl_type, max_user_connections FROM mysql.user WHERE User NOT IN ('root', 'admin', 'mariadb.sys', 'mysql') ORDER BY User, Host",
  );
  return Promise.all(
    users.map(async ({ User, Host, ssl_type, max_user_connections }) => {
      const grants = await rds.sql('SHOW GRANTS FOR ?@?', [User, Host]);
      const rights = grants.map((row) => String(Object.values(row)[0])).slice(1);
      return [`${User}@${Host}`, ssl_type, max_user_connections, rights.map((right) => right.replace(/ TO .*/, ''))];
    }),
  );
}

const asDeclared = [
  ['items@%', 'ANY', 20, ['GRANT SELECT ON `app`.`items`']],
  [`timestamps@${VPC}`, '', 40, ['GRANT SELECT, INSERT ON `app`.`timestamps`']],
  ['users_reader@%', 'ANY', 10, ['GRANT SELECT (`User`) ON `mysql`.`user`']],
];

describe('bootstrap', () => {
  it('creates database, tables, users and grants on an empty server', async () => {
    const { payload, functionError } = await bootstrap();
    expect({ functionError, payload: JSON.parse(payload) as unknown }).toEqual({
      functionError: undefined,
      payload: {
        database: 'app',
        users: [`'timestamps'@'${VPC}'`, "'items'@'%'", "'users_reader'@'%'"],
        migrations: { applied: ['0001-timestamps', '0002-items'], unknown: [] },
      },
    });
    expect(await accounts()).toEqual(asDeclared);
    expect(await rds.sql('SELECT name FROM app.items ORDER BY id')).toHaveLength(4);
  });

  it('ignores the event of the schedule that keeps it active', async () => {
    const { payload, functionError } = await bootstrap({ keepActive: true });
    expect({ payload, functionError }).toEqual({ payload: 'null', functionError: undefined });
  });

  it('lets the master user log in over TLS only', async () => {
    expect(await rds.sql("SELECT ssl_type FROM mysql.user WHERE User = 'admin'")).toEqual([{ ssl_type: 'ANY' }]);
  });

  it('changes nothing when it runs again', async () => {
    await rds.sql("DELETE FROM app.items WHERE name = 'ruler'");
    expect((await bootstrap()).functionError).toBeUndefined();
    expect(await accounts()).toEqual(asDeclared);
    expect(await rds.sql('SELECT name FROM app.items ORDER BY id')).toHaveLength(3);
  });

  it('repairs users that drifted', async () => {
    await rds.sql(`ALTER USER 'timestamps'@'${VPC}' IDENTIFIED BY 'another' WITH MAX_USER_CONNECTIONS 1`);
    await rds.sql(`ALTER USER 'timestamps'@'${VPC}' ACCOUNT LOCK`);
    await rds.sql("ALTER USER items@'%' IDENTIFIED BY 'a password' REQUIRE NONE");
    await rds.sql("GRANT SELECT, DELETE ON app.* TO items@'%' WITH GRANT OPTION");
    await rds.sql("REVOKE ALL PRIVILEGES, GRANT OPTION FROM users_reader@'%'");
    await rds.sql("CREATE USER timestamps@'%' IDENTIFIED BY 'open to the world'");

    expect((await bootstrap()).functionError).toBeUndefined();
    expect(await accounts()).toEqual(asDeclared);
    const func1 = await rds.launch('func1', 'passwordProxy', { DB_SECRET_ARN: rds.secretArns['timestamps'] ?? '' });
    expect(responseOf(await func1.invoke(getEvent())).statusCode).toBe(200);
    const items = await rds.launch('items', 'instance', { DB_USER: 'items' });
    expect(responseOf(await items.invoke(getEvent())).statusCode).toBe(200);
  });

  it('fails with a reason and a remedy, and without a password', async () => {
    const [timestamps, ...others] = definition().users;
    const { functionError, payload, log } = await bootstrap({
      database: 'app',
      users: [{ ...timestamps, name: 'somebody' }, ...others],
    });
    expect(functionError).toBe('Unhandled');
    const { errorMessage } = JSON.parse(payload) as { errorMessage: string };
    expect(errorMessage).toMatch(
      /^The user 'somebody'@'10\.20\.0\.0\/255\.255\.0\.0' could not be made: The secret arn:\S+ holds the user name timestamps, not somebody\. Fix it and apply again\.$/,
    );
    expect(payload + log).not.toContain('first password');
  });

  it('reports only the code of a rejected statement, because the message quotes the password', async () => {
    await rds.putSecret('quoted', "half'a secret");
    const [before] = await rds.sql<{ mode: string }>('SELECT @@GLOBAL.sql_mode AS mode');
    // For the server the quotation mark ends the password. Its error quotes the rest.
    await rds.sql("SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES'");
    try {
      const { payload, log } = await bootstrap({
        database: 'app',
        users: [{ ...definition().users[0], name: 'quoted', secretArn: rds.secretArns['quoted'] }],
      });
      expect(payload).toMatch(/the server answered ER_PARSE_ERROR \(1064\)/);
      expect(payload + log).not.toContain('a secret');
    } finally {
      await rds.sql('SET GLOBAL sql_mode = ?', [before?.mode]);
    }
  });

  it('grants tables of a database whose name has an underscore, and of no database with a similar name', async () => {
    await rds.sql('CREATE DATABASE myXapp');
    const reader = {
      name: 'reader',
      login: 'iam',
      host: '%',
      maxUserConnections: 5,
      grants: [{ privileges: ['SELECT'], on: ['my_app', '*'] }],
    };
    const event = { database: 'my_app', users: [reader] };
    for (let run = 0; run < 2; run += 1) expect((await bootstrap(event)).functionError).toBeUndefined();
    const grants = await rds.sql("SHOW GRANTS FOR reader@'%'");
    expect(grants.flatMap((row) => Object.values(row))).toContainEqual(
      expect.stringMatching(/^GRANT SELECT ON `my\\_app`\.\* TO /),
    );
    await rds.sql('DROP DATABASE my_app');
    await rds.sql('DROP DATABASE myXapp');
    await rds.sql("DROP USER reader@'%'");
  });

  const [timestamps, items] = [0, 1].map((index) => () => definition().users[index]);

  it.each([
    ['nothing', () => ({}), /database: .*expected string, received undefined; users: .*expected array/],
    ['null', () => null, /the event: .*expected object, received null/],
    ['text', () => 'app', /the event: .*expected object, received string/],
    ['no database name', () => ({ database: null, users: [] }), /database: .*expected string, received null/],
    ['a name with a dot', () => ({ database: 'a.b', users: [] }), /database: must be letters, digits and underscores/],
    ['a name that is too long', () => ({ database: 'x'.repeat(65), users: [] }), /database: .*<=64 characters/],
    ['an unknown field', () => ({ database: 'app', users: [], drop: true }), /Unrecognized key: "drop"/],
    [
      'a privilege of more than one word',
      () => ({
        database: 'app',
        users: [{ ...items?.(), grants: [{ privileges: ["ALL ON *.* TO 'x'@'%' -- "], on: ['app', 'items'] }] }],
      }),
      /users\.0\.grants\.0\.privileges\.0: Invalid option/,
    ],
    [
      'a password user without a secret',
      () => ({ database: 'app', users: [{ ...timestamps?.(), secretArn: undefined }] }),
      /users\.0\.secretArn: must be set for a user that logs in by password/,
    ],
    [
      'an IAM user with a secret',
      () => ({ database: 'app', users: [{ ...items?.(), secretArn: 'arn:aws:secretsmanager:x' }] }),
      /users\.0\.secretArn: must be set for a user that logs in by password, and only for such a user/,
    ],
    [
      'a host name as host',
      () => ({ database: 'app', users: [{ ...items?.(), host: 'example.com' }] }),
      /users\.0\.host: must be % or an IPv4 address/,
    ],
    [
      'no connection limit',
      () => ({ database: 'app', users: [{ ...items?.(), maxUserConnections: 0 }] }),
      /users\.0\.maxUserConnections: .*>=1/,
    ],
  ])('rejects an event with %s before the first statement', async (_what, event, problem) => {
    const databases = await rds.sql('SHOW DATABASES');
    const before = await accounts();
    const { functionError, payload } = await bootstrap(event());
    expect(functionError).toBe('Unhandled');
    const { errorMessage } = JSON.parse(payload) as { errorMessage: string };
    expect(errorMessage).toMatch(
      /^The event must define a database and its users\. Nothing was changed\. .* run `cdktf deploy`\.$/,
    );
    expect(errorMessage).toMatch(problem);
    expect(await accounts()).toEqual(before);
    expect(await rds.sql('SHOW DATABASES')).toEqual(databases);
  });
});

describe.each([
  ['func1', 'passwordProxy', 'password-proxy'],
  ['func2', 'iamProxy', 'iam-proxy'],
] as const)('GET /%s', (route, target, via) => {
  let container: Container;

  beforeAll(async () => {
    container = await rds.launch(route, target, {
      DB_SECRET_ARN: rds.secretArns['timestamps'] ?? '',
      DB_USER: 'timestamps',
    });
  });

  beforeEach(() => rds.sql('TRUNCATE app.timestamps'));

  const call = async (query = {}) => responseOf(await container.invoke(getEvent(query)));

  it('records the time and answers with it', async () => {
    const before = new Date().toISOString();
    const { statusCode, headers, body } = await call();
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    expect(body).toEqual({ via, recorded: body.recorded, timestamps: [body.recorded], next: null });
    expect(body.recorded >= before && body.recorded <= new Date().toISOString()).toBe(true);
  });

  it('answers HEAD like GET, without a body and without recording', async () => {
    const head = JSON.parse(
      (await container.invoke({ ...(getEvent() as object), httpMethod: 'HEAD' })).payload,
    ) as object;
    expect(await rds.sql('SELECT 1 FROM app.timestamps')).toHaveLength(0);
    const { statusCode, headers } = await call();
    expect(head).toEqual({ statusCode, headers, body: '' });
  });

  it('answers with the newest times first', async () => {
    const recorded: string[] = [];
    for (let i = 0; i < 3; i += 1) recorded.unshift((await call()).body.recorded);
    const { body } = await call();
    expect(body.timestamps).toEqual([body.recorded, ...recorded]);
  });

  it('continues with a cursor, page by page, without recording', async () => {
    await rds.sql(
      'INSERT INTO app.timestamps (time, id) SELECT ? + INTERVAL seq DIV 3 SECOND, UNHEX(MD5(seq)) FROM app.seq_1_to_25',
      ['2020-01-01 00:00:00.000'],
    );
    const first = await call({ limit: '10' });
    const pages = [first.body];
    while (pages.at(-1).next !== null) pages.push((await call({ limit: '10', cursor: pages.at(-1).next })).body);
    expect(pages.map(({ timestamps }) => timestamps.length)).toEqual([10, 10, 6]);
    expect(pages.slice(1).map(({ recorded }) => recorded)).toEqual([null, null]);
    const all = pages.flatMap(({ timestamps }) => timestamps as string[]);
    expect(all).toEqual([...all].sort().reverse());
    expect(await rds.sql('SELECT 1 FROM app.timestamps')).toHaveLength(26);
  });

  it.each([
    [{ limit: '0' }, 'limit must be a whole number from 1 to 1000'],
    [{ limit: '1001' }, 'limit must be a whole number from 1 to 1000'],
    [{ limit: 'ten' }, 'limit must be a whole number from 1 to 1000'],
    [{ limit: ['1', '2'] }, 'limit must be given once'],
    [{ cursor: 'none of ours' }, 'cursor must be the value of next in an earlier answer'],
    [{ page: '2' }, 'Unknown parameter "page". Supported: limit, cursor.'],
  ])('rejects %j and records nothing', async (query, error) => {
    const { statusCode, body } = await call(query);
    expect({ statusCode, body }).toEqual({ statusCode: 400, body: { error, requestId: 'request-1' } });
    expect(await rds.sql('SELECT 1 FROM app.timestamps')).toHaveLength(0);
  });

  it.each([
    ['31 February', '2026-02-31T12:00:00.000Z'],
    ['29 February 2025', '2025-02-29T12:00:00.000Z'],
    ['31 April', '2026-04-31T12:00:00.000Z'],
    ['day 0', '2026-01-00T12:00:00.000Z'],
    ['month 0', '2026-00-01T12:00:00.000Z'],
    ['24:00', '2026-01-31T24:00:00.000Z'],
    ['a leap second', '2026-01-31T12:00:60.000Z'],
    ['the year 0', '0000-01-01T12:00:00.000Z'],
  ])('rejects a cursor whose time is %s', async (_what, time) => {
    const cursor = Buffer.from(`${time} 00000000-0000-0000-0000-000000000000`).toString('base64url');
    const { statusCode, body } = await call({ cursor });
    const error = 'cursor must be the value of next in an earlier answer';
    expect({ statusCode, body }).toEqual({ statusCode: 400, body: { error, requestId: 'request-1' } });
  });

  it('keeps its connection across calls', async () => {
    await call();
    const before = [...rds.faultsAt(target).connections];
    await call();
    await call();
    const { connections } = rds.faultsAt(target);
    expect(connections.size).toBe(before.length);
    expect(before.every((connection) => connections.has(connection))).toBe(true);
  });

  it('answers on a new connection and records once if the old one broke', async () => {
    await call();
    rds.faultsAt(target).cut();
    expect((await call()).statusCode).toBe(200);
    expect(await rds.sql('SELECT 1 FROM app.timestamps')).toHaveLength(2);
  });

  it.each(LOGIN_STAGES)('records once if the next login breaks too: %s', async (stage) => {
    await call();
    const unlucky = rds.faultsAt(target).cutNextLogins(stage);
    rds.faultsAt(target).cut();
    expect((await call()).statusCode).toBe(200);
    rds.faultsAt(target).cutNextLogins();
    expect(unlucky.size).toBe(1);
    expect(await rds.sql('SELECT 1 FROM app.timestamps')).toHaveLength(2);
  });

  it('answers on a new connection if the server closed the old one', async () => {
    await call();
    for (const { id } of await rds.sql<{ id: number }>(
      "SELECT id FROM information_schema.processlist WHERE user = 'timestamps'",
    )) {
      await rds.sql(`KILL ${id}`);
    }
    expect((await call()).statusCode).toBe(200);
    expect(await rds.sql('SELECT 1 FROM app.timestamps')).toHaveLength(2);
  });

  it('reads no more rows than it returns, however long the table is', async () => {
    await rds.sql(
      'INSERT INTO app.timestamps (time, id) SELECT ? + INTERVAL seq SECOND, UNHEX(MD5(seq)) FROM app.seq_1_to_20000',
      ['2020-01-01 00:00:00.000'],
    );
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

describe('GET /func1 and its secret', () => {
  it('reads the secret again after the password changed', async () => {
    const func1 = await rds.launch('func1', 'passwordProxy', { DB_SECRET_ARN: rds.secretArns['timestamps'] ?? '' });
    expect(responseOf(await func1.invoke(getEvent())).statusCode).toBe(200);
    await rds.putSecret('timestamps', 'second password');
    expect((await bootstrap()).functionError).toBeUndefined();
    rds.faultsAt('passwordProxy').cut();
    const { log, ...answer } = await func1.invoke(getEvent());
    expect(responseOf({ ...answer, log }).statusCode).toBe(200);
    expect(log).toContain('The login was refused; trying another version of the secret');
    expect(log).not.toContain('password"');
  });

  it('reports that its login was refused, even if the previous version has no value', async () => {
    const arn = await rds.putSecretText('stranger', 'no JSON');
    await rds.putSecret('stranger', 'a password');
    const func1 = await rds.launch('func1', 'passwordProxy', { DB_SECRET_ARN: arn });
    const { log, ...answer } = await func1.invoke(getEvent());
    expect(responseOf({ ...answer, log }).statusCode).toBe(502);
    expect(log).toContain('The previous version of the secret cannot be read');
    expect(log).not.toContain('no JSON');
  });
});

describe('GET /func1 through a proxy that has not noticed a rotation yet', () => {
  afterEach(() => rds.followSecretsAfter(0));

  it('logs in with the previous password, and with the current one once the proxy has it', async () => {
    const logIn = async () => {
      const func1 = await rds.launch('func1', 'passwordProxy', { DB_SECRET_ARN: rds.secretArns['timestamps'] ?? '' });
      const invocation = await func1.invoke(getEvent());
      expect(responseOf(invocation).statusCode).toBe(200);
      return { func1, isSecondTry: invocation.log.includes('trying another version of the secret') };
    };
    rds.followSecretsAfter(3600);
    expect((await logIn()).isSecondTry).toBe(false);
    // The instance accepts the previous password, as after a rotation; the proxy has only that one.
    await rds.putSecret('timestamps', 'third password');
    const { func1, isSecondTry } = await logIn();
    expect(isSecondTry).toBe(true);

    rds.followSecretsAfter(0);
    expect((await bootstrap()).functionError).toBeUndefined();
    rds.faultsAt('passwordProxy').cut();
    const { log, ...answer } = await func1.invoke(getEvent());
    expect(responseOf({ ...answer, log }).statusCode).toBe(200);
    expect(log).toContain('The login was refused; trying another version of the secret');
    expect((await logIn()).isSecondTry).toBe(false);
  });
});

describe('GET /func1 while Secrets Manager is unreachable', () => {
  const silent = createServer();

  beforeAll(() => once(silent.listen(0, '127.0.0.1'), 'listening'));

  afterAll(() => silent.close());

  it.each([
    ['silent', () => `http://127.0.0.1:${(silent.address() as AddressInfo).port}`],
    ['closed', () => 'http://127.0.0.1:1'],
    ['unknown', () => 'http://secretsmanager.invalid'],
  ])('reports the endpoint of Secrets Manager, not the database, if it is %s', async (_what, endpoint) => {
    const secret = { DB_SECRET_ARN: rds.secretArns['timestamps'] ?? '', AWS_ENDPOINT_URL: endpoint() };
    const func1 = await rds.launch('func1', 'passwordProxy', secret);
    const invocation = await func1.invoke(getEvent());
    expect(responseOf(invocation).statusCode).toBe(503);
    const line = invocation.log.split('\n').find((text) => text.includes('"level":"error"'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      message: 'The database is unreachable',
      reason: 'Secrets Manager does not answer',
      check: [expect.stringMatching(/^Secrets Manager is unreachable: /)],
    });
    expect(invocation.log).not.toContain(HOSTS.passwordProxy);
  });
});

describe('GET /items', () => {
  it('answers with the rows of the table, page by page', async () => {
    const items = await rds.launch('items', 'instance', { DB_USER: 'items' });
    const first = responseOf(await items.invoke(getEvent({ limit: '2' }))).body;
    expect(first.items).toEqual([
      { id: 1, name: 'notebook' },
      { id: 2, name: 'pencil' },
    ]);
    const second = responseOf(await items.invoke(getEvent({ cursor: first.next }))).body;
    expect(second).toEqual({ items: [{ id: 3, name: 'eraser' }], next: null });
  });
});

describe('GET /items with any type of column', () => {
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
  const names = COLUMNS.map((_column, index) => `c${index}`);

  beforeAll(async () => {
    await rds.sql("SET GLOBAL time_zone = '+00:00'");
    const columns = COLUMNS.map(([type], index) => `ADD COLUMN c${index} ${type}`);
    const values = COLUMNS.map(([, value], index) => `c${index} = ${value}`);
    await rds.sql(`ALTER TABLE app.items ${columns.join(', ')}`);
    await rds.sql(`UPDATE app.items SET ${values.join(', ')} WHERE id = 1`);
  });

  afterAll(() => rds.sql(`ALTER TABLE app.items ${names.map((name) => `DROP COLUMN ${name}`).join(', ')}`));

  it('answers with each type as docs/api.md defines it, without loss', async () => {
    const items = await rds.launch('items', 'instance', { DB_USER: 'items' });
    const { statusCode, body } = responseOf(await items.invoke(getEvent({ limit: '1' })));
    expect(statusCode).toBe(200);
    const seen = COLUMNS.map(([type, value], index) => [type, value, body.items[0][`c${index}`]]);
    expect(seen).toEqual(COLUMNS);
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
  it('answers with the names of the users', async () => {
    const users = await rds.launch('users', 'instance', { DB_USER: 'users_reader' });
    const { statusCode, body } = responseOf(await users.invoke(getEvent()));
    expect({ statusCode, names: body.users }).toMatchObject({ statusCode: 200 });
    expect(body.users).toEqual(expect.arrayContaining(['items', 'timestamps', 'users_reader']));
    expect(body.users).toEqual([...new Set(body.users)].sort());
  });

  it('takes no parameters', async () => {
    const users = await rds.launch('users', 'instance', { DB_USER: 'users_reader' });
    expect(responseOf(await users.invoke(getEvent({ limit: '1' }))).statusCode).toBe(400);
  });
});

describe('a login that is refused', () => {
  const refused = {
    statusCode: 502,
    body: { error: 'The database refused the login of this service.', requestId: 'request-1' },
  };

  it.each([
    [
      'a user with a password',
      { DB_USER: 'timestamps' },
      'instance',
      'items',
      /^the server asked for a password, not for a token: timestamps/,
    ],
    [
      'a wrong secret key',
      { DB_USER: 'items', AWS_SECRET_ACCESS_KEY: 'wrong' },
      'instance',
      'items',
      /^the role of this function allows rds-db:connect on arn:aws:rds-db:eu-central-1:ACCOUNT:dbuser:db-…\/items, /,
    ],
    [
      'another region',
      { DB_USER: 'items', AWS_REGION: 'eu-west-1' },
      'instance',
      'items',
      /^the token is signed for eu-west-1 and \S+ is in eu-central-1/,
    ],
    [
      'the authorities of the proxies',
      { DB_USER: 'items', DB_CA_FILE: '/opt/certs/amazon-roots.pem' },
      'instance',
      'items',
      /^no authority in DB_CA_FILE signed .*: DB_CA_FILE must be \/opt\/certs\/rds\.pem for an instance$/,
    ],
    [
      'a host that the certificate does not name',
      { DB_USER: 'items', DB_HOST: CNAME },
      'instance',
      'items',
      /^the certificate is not for database\.example\.com/,
    ],
    [
      'a token at the password proxy',
      { DB_USER: 'timestamps' },
      'passwordProxy',
      'func2',
      /^the proxy asked for no token: its IAM setting is DISABLED/,
    ],
    [
      'a user without a secret at the proxy',
      { DB_USER: 'items' },
      'iamProxy',
      'func2',
      /^the proxy asked for no token: .*; or the proxy has no secret for items: its auth must name/,
    ],
  ] as const)(
    'with %s is a 502 without details, and a log line with what to check',
    async (_why, environment, target, route, check) => {
      const container = await rds.launch(route, target, environment);
      const invocation = await container.invoke(getEvent());
      const { statusCode, body } = responseOf(invocation);
      expect({ statusCode, body }).toEqual(refused);
      const line = invocation.log.split('\n').find((text) => text.includes('The login to the database was refused'));
      const logged = JSON.parse(line ?? '{}') as { check: string[] };
      expect(logged).toMatchObject({ level: 'error', requestId: 'request-1' });
      expect(logged.check[0]).toMatch(check);
      expect(invocation.log).not.toContain('X-Amz-Signature');
    },
  );

  it('with a password at the IAM proxy is a refusal too', async () => {
    const func1 = await rds.launch('func1', 'iamProxy', { DB_SECRET_ARN: rds.secretArns['timestamps'] ?? '' });
    expect(responseOf(await func1.invoke(getEvent())).statusCode).toBe(502);
  });
});

describe('a route that the REST API does not invoke', () => {
  const routes = [
    ['func1', 'passwordProxy'],
    ['func2', 'iamProxy'],
    ['items', 'instance'],
    ['users', 'instance'],
  ] as const;

  it.each(routes)('answers 400 to any event: %s', async (route, target) => {
    const container = await rds.launch(route, target, {
      DB_USER: route === 'func2' ? 'timestamps' : 'items',
      DB_SECRET_ARN: rds.secretArns['timestamps'] ?? '',
    });
    for (const event of FOREIGN_EVENTS) {
      const invocation = await container.invoke(event);
      expect([event, invocation.functionError]).toEqual([event, undefined]);
      const { statusCode, body } = responseOf(invocation);
      expect([event, statusCode]).toEqual([event, 400]);
      expect(body.error).toBe(
        'This function answers requests of API Gateway. Call the URL of the API instead of the function',
      );
    }
  });
});

describe('a function', () => {
  it('names a missing variable when it starts', async () => {
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
      body: { error: 'The database does not answer at the moment. Try again later.', requestId: 'request-1' },
    });
    expect(headers['retry-after']).toBe('10');
    await restart();
    expect(responseOf(await items.invoke(getEvent())).statusCode).toBe(200);
  });
});
