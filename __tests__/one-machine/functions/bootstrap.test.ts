import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import type { Container } from '../../../local/__tests__/support';
import { Rds } from '../support/rds';

jest.setTimeout(120_000);

const VPC = '10.20.0.0/255.255.0.0';

let rds: Rds;
let first: Container;
let second: Container;

beforeAll(async () => {
  rds = await Rds.start();
  const master = { DB_SECRET_ARN: rds.secretArns['admin'] ?? '' };
  first = await rds.launch('bootstrap', 'instance', master);
  second = await rds.launch('bootstrap', 'instance', master);
});

afterAll(() => rds.stop());

const ours = "User IN ('timestamps', 'items', 'analyst', 'newcomer', 'reader', 'own', 'of_a_person')";

beforeEach(async () => {
  const users = await rds.sql<{ User: string; Host: string }>(`SELECT User, Host FROM mysql.user WHERE ${ours}`);
  for (const { User, Host } of users) await rds.sql('DROP USER ?@?', [User, Host]);
  for (const name of ['app', 'renamed', 'deployment']) await rds.sql(`DROP DATABASE IF EXISTS ${name}`);
});

const timestamps = () => ({
  name: 'timestamps',
  login: 'password',
  secretArn: rds.secretArns['timestamps'],
  host: VPC,
  maxUserConnections: 40,
  grants: [{ privileges: ['SELECT', 'INSERT'], on: ['app', 'timestamps'] }],
});
const byIam = (name: string, host = '%', database = 'app') => ({
  name,
  login: 'iam',
  host,
  maxUserConnections: 20,
  grants: [{ privileges: ['SELECT'], on: [database, 'items'] }],
});

type User = ReturnType<typeof timestamps> | ReturnType<typeof byIam>;

const resultOf = async (container: Container, event: unknown) => {
  const { functionError, payload, log } = await container.invoke(event);
  expect({ functionError, payload }).toEqual({ functionError: undefined, payload });
  return { result: JSON.parse(payload) as Record<string, unknown>, log };
};

const make = (users: readonly User[], more: object = {}, container = first) =>
  resultOf(container, { database: 'app', users, ...more });

const cleanUp = (users: readonly User[], container = first, database = 'app') =>
  resultOf(container, { database, keepUsers: users.map(({ name, host }) => ({ name, host })) });

const accounts = async (): Promise<string[]> =>
  (
    await rds.sql<{ name: string }>(`SELECT CONCAT(User, '@', Host) AS name FROM mysql.user WHERE ${ours} ORDER BY 1`)
  ).map(({ name }) => name);

const recorded = async (): Promise<string[]> =>
  (await rds.sql<{ name: string }>("SELECT CONCAT(name, '@', host) AS name FROM deployment.users ORDER BY 1")).map(
    ({ name }) => name,
  );

/** Opens a connection to the server itself, past the endpoint, where the user needs a password. */
async function connectAs(user: string): Promise<Connection> {
  await rds.sql('SET PASSWORD FOR ?@? = PASSWORD(?)', [user, '%', 'for a test']);
  await rds.sql("ALTER USER ?@'%' REQUIRE NONE", [user]);
  return rds.connect({ user, password: 'for a test' });
}

describe('users that are no longer declared', () => {
  it('are dropped with their grants and open connections; accounts made by others stay', async () => {
    await make([timestamps(), byIam('analyst'), byIam('newcomer')]);
    await rds.sql("CREATE USER of_a_person@'%' IDENTIFIED BY 'a password'");
    const [analyst, newcomer] = [await connectAs('analyst'), await connectAs('newcomer')];
    const ended = new Promise((resolve) => newcomer.on('error', resolve));

    const left = [timestamps(), byIam('analyst')];
    await make(left);
    expect(await accounts()).toContain('newcomer@%');
    const { result, log } = await cleanUp(left);
    expect(result).toEqual({ dropped: ["'newcomer'@'%'"], kept: [] });
    expect(log).toContain("Dropped: user 'newcomer'@'%'");
    expect(await accounts()).toEqual(['analyst@%', 'of_a_person@%', `timestamps@${VPC}`]);
    expect(await recorded()).toEqual(['analyst@%', `timestamps@${VPC}`]);
    await ended;
    await analyst.query('SELECT 1');
    await analyst.end();

    expect((await cleanUp(left)).result).toEqual({ dropped: [], kept: [] });
  });

  it('leave the record if an interrupted run has already dropped the account', async () => {
    await make([byIam('analyst'), byIam('newcomer')]);
    await rds.sql("DROP USER newcomer@'%'");
    expect((await cleanUp([byIam('analyst')])).result).toEqual({ dropped: ["'newcomer'@'%'"], kept: [] });
    expect(await recorded()).toEqual(['analyst@%']);
  });

  it('are dropped once by two concurrent runs', async () => {
    await make([byIam('analyst'), byIam('newcomer'), byIam('reader')]);
    const runs = await Promise.all([cleanUp([byIam('reader')]), cleanUp([byIam('reader')], second)]);
    expect(runs.flatMap(({ result }) => result['dropped']).sort()).toEqual(["'analyst'@'%'", "'newcomer'@'%'"]);
    expect(await accounts()).toEqual(['reader@%']);
  });

  it('do not include an account that has moved to another host', async () => {
    await make([byIam('analyst', VPC)]);
    await make([byIam('analyst')]);
    expect(await accounts()).toEqual(['analyst@%']);
    expect((await cleanUp([byIam('analyst')])).result).toEqual({ dropped: [], kept: [] });
  });

  it('are dropped without ending connections of a same-named account at another host', async () => {
    await make([byIam('analyst', VPC)]);
    await rds.sql("CREATE USER analyst@'%' IDENTIFIED BY 'x'");
    const open = await connectAs('analyst');
    expect((await cleanUp([])).result).toMatchObject({ dropped: [`'analyst'@'${VPC}'`] });
    await open.query('SELECT 1');
    await open.end();
    expect(await accounts()).toEqual(['analyst@%']);
  });

  it('differ from declared ones also by the case of their names, also in a record of an earlier version', async () => {
    await make([byIam('analyst')]);
    await rds.sql('ALTER TABLE deployment.users MODIFY name VARCHAR(32) NOT NULL');
    await make([byIam('analyst'), byIam('Analyst')]);
    expect(await recorded()).toEqual(['Analyst@%', 'analyst@%']);
    const open = await connectAs('analyst');
    expect((await cleanUp([byIam('analyst')])).result).toMatchObject({ dropped: ["'Analyst'@'%'"] });
    expect(await recorded()).toEqual(['analyst@%']);
    await open.query('SELECT 1');
    await open.end();
  });

  it('never include the master user, even if the record does', async () => {
    await make([]);
    await rds.sql("INSERT INTO deployment.users VALUES ('admin', '%')");
    expect((await cleanUp([])).result).toEqual({ dropped: [], kept: [] });
    expect(await rds.sql("SELECT 1 FROM mysql.user WHERE User = 'admin'")).toHaveLength(1);
  });

  it('are dropped by the next run if one fails; the error names the failed step', async () => {
    await make([byIam('analyst')]);
    const holder = await rds.connect();
    await holder.query("DO GET_LOCK('passwords of analyst', 0)");
    const { functionError, payload } = await first.invoke({ database: 'app', keepUsers: [] });
    expect(functionError).toBe('Unhandled');
    expect((JSON.parse(payload) as { errorMessage: string }).errorMessage).toMatch(
      /^The user 'analyst'@'%' could not be dropped: Connection \d+ has held the password lock of analyst for 10 s/,
    );
    await holder.end();
    expect((await cleanUp([])).result).toMatchObject({ dropped: ["'analyst'@'%'"] });
  });

  it('leave the tables of an earlier database in place; the result lists them', async () => {
    await make([]);
    await make([], { database: 'renamed' });
    const { result } = await cleanUp([], first, 'renamed');
    expect(result).toEqual({ dropped: [], kept: ['app.items', 'app.timestamps'] });
    expect(await rds.sql('SELECT 1 FROM app.items')).toHaveLength(4);
  });
});

describe('a deployment older than the record of users', () => {
  const before = async (): Promise<void> => {
    await make([timestamps(), byIam('items'), byIam('reader')]);
    await rds.sql('DROP DATABASE deployment');
    await rds.sql("CREATE USER of_a_person@'%' IDENTIFIED BY 'a password'");
  };

  it('has its users adopted by name, so that those now switched off are dropped', async () => {
    await before();
    await make([timestamps()], { names: ['timestamps', 'items', 'users_reader'] });
    expect((await cleanUp([timestamps()])).result).toEqual({ dropped: ["'items'@'%'"], kept: [] });
    expect(await accounts()).toEqual(['of_a_person@%', 'reader@%', `timestamps@${VPC}`]);
  });

  it('has them adopted only once: a same-named user that a person creates later stays', async () => {
    await before();
    await make([timestamps()], { names: ['timestamps', 'items'] });
    await cleanUp([timestamps()]);
    await rds.sql("CREATE USER items@'%' IDENTIFIED BY 'a password'");
    await make([timestamps()], { names: ['timestamps', 'items'] });
    expect((await cleanUp([timestamps()])).result).toEqual({ dropped: [], kept: [] });
    expect(await accounts()).toContain('items@%');
  });
});

describe('a repair', () => {
  /** Everything that the server shows about an account. */
  const shown = async (user: string, host: string): Promise<unknown> => [
    await rds.sql('SHOW CREATE USER ?@?', [user, host]),
    await rds.sql('SHOW GRANTS FOR ?@?', [user, host]),
    await rds.sql('SELECT * FROM mysql.user WHERE User = ? AND Host = ?', [user, host]).then(([row]) => ({
      ...row,
      // Setting the same password again changes this time.
      password_last_changed: undefined,
    })),
  ];

  const users = () => [timestamps(), byIam('items')];
  const named = ['timestamps', 'items'] as const;
  const HOSTS = { timestamps: VPC, items: '%' } as const;
  const all = () => Promise.all(named.map((user) => shown(user, HOSTS[user])));
  const forEach = (statement: string) => named.map((user) => statement.replace('#', `'${user}'@'${HOSTS[user]}'`));

  beforeEach(async () => {
    await make(users());
    await rds.sql('CREATE OR REPLACE PROCEDURE app.nothing() DO 1');
    await rds.sql('CREATE OR REPLACE ROLE reading');
    await rds.sql("GRANT reading TO admin@'%' WITH ADMIN OPTION");
  });

  afterEach(() => rds.sql('DROP ROLE reading'));

  it.each([
    ['limits of statements', 'ALTER USER # WITH MAX_QUERIES_PER_HOUR 1 MAX_UPDATES_PER_HOUR 1'],
    ['limits of connections', 'ALTER USER # WITH MAX_CONNECTIONS_PER_HOUR 1 MAX_USER_CONNECTIONS 1'],
    ['another TLS requirement', "ALTER USER # REQUIRE SUBJECT '/CN=another'"],
    ['a lock', 'ALTER USER # ACCOUNT LOCK'],
    ['a password lifetime', 'ALTER USER # PASSWORD EXPIRE INTERVAL 1 DAY'],
    ['an expired password', 'ALTER USER # PASSWORD EXPIRE'],
    ['another plugin', 'ALTER USER # IDENTIFIED VIA unix_socket'],
    ['a second plugin', 'ALTER USER # IDENTIFIED VIA unix_socket OR mysql_native_password USING PASSWORD("x")'],
    ['all privileges', 'GRANT ALL PRIVILEGES ON app.* TO # WITH GRANT OPTION'],
    ['a privilege on a column', 'GRANT UPDATE (name) ON app.items TO #'],
    ['a privilege on a procedure', 'GRANT EXECUTE ON PROCEDURE app.nothing TO #'],
    ['a global privilege', 'GRANT PROCESS ON *.* TO #'],
    ['a grant option without privileges', 'GRANT USAGE ON *.* TO # WITH GRANT OPTION'],
    ['a proxied user', "GRANT PROXY ON admin@'%' TO #"],
  ])('reverts %s', async (_what, statement) => {
    const before = await all();
    for (const change of forEach(statement)) await rds.sql(change);
    expect(await all()).not.toEqual(before);
    await make(users());
    expect(await all()).toEqual(before);
  });

  it('revokes a role, so that it has no effect as default role', async () => {
    for (const change of forEach('GRANT reading TO #')) await rds.sql(change);
    for (const change of forEach('SET DEFAULT ROLE reading FOR #')) await rds.sql(change);
    await make(users());
    const open = await connectAs('items');
    expect((await open.query('SELECT CURRENT_ROLE() AS role'))[0]).toEqual([{ role: null }]);
    await expect(open.query('SET ROLE reading')).rejects.toThrow('Invalid role specification');
    await open.end();
  });
});

describe('IAM users while IAM database authentication of the instance is off', () => {
  it('are not created; the error names the cause and the remedy, and the next run creates them', async () => {
    const turnOn = await rds.turnIamOff();
    const { functionError, payload } = await first.invoke({ database: 'app', users: [timestamps(), byIam('items')] });
    expect(functionError).toBe('Unhandled');
    const { errorMessage } = JSON.parse(payload) as { errorMessage: string };
    expect(errorMessage).toMatch(
      /^The user 'items'@'%' could not be made: .* Plugin 'AWSAuthenticationPlugin' is not loaded/,
    );
    expect(errorMessage).toContain(
      'set database.iamAuthentication and database.applyImmediately to true and deploy again.',
    );
    await turnOn();
    await make([timestamps(), byIam('items')]);
    expect(await accounts()).toContain('items@%');
  });
});

describe('two concurrent bootstraps', () => {
  it('leave the users of one of them, never a mixture', async () => {
    const [some, others] = [
      [byIam('analyst'), byIam('newcomer')],
      [byIam('analyst', VPC), byIam('newcomer', VPC)],
    ] as const;
    for (let round = 0; round < 6; round += 1) {
      await Promise.all([make(some), sleep(round * 20).then(() => make(others, {}, second))]);
      const found = await accounts();
      expect([
        ['analyst@%', 'newcomer@%'],
        [`analyst@${VPC}`, `newcomer@${VPC}`],
      ]).toContainEqual(found);
      expect(await recorded()).toEqual(found);
    }
  });
});
