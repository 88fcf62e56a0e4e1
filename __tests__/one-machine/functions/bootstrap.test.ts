import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import type { Container } from '../../../local/__tests__/support';
import { errorMessageOf, getEvent, ITEMS_USER, Rds, responseOf, USERS_READER, VPC_HOST } from '../support/rds';

jest.setTimeout(120_000);

/** MariaDB's own users, and `admin`, the master user. */
const SYSTEM_USERS = "('root', 'admin', 'mariadb.sys', 'mysql')";

let rds: Rds;
let bootstrap: Container;
/** A second container of the bootstrap function, for concurrent invocations. */
let secondBootstrap: Container;

beforeAll(async () => {
  rds = await Rds.start();
  const master = { DB_SECRET_ARN: rds.secretArn('admin') };
  bootstrap = await rds.launch('bootstrap', 'instance', master);
  secondBootstrap = await rds.launch('bootstrap', 'instance', master);
});

afterAll(() => rds.stop());

beforeEach(async () => {
  const users = await rds.sql<{ User: string; Host: string }>(
    `SELECT User, Host FROM mysql.user WHERE User NOT IN ${SYSTEM_USERS}`,
  );
  for (const { User, Host } of users) await rds.sql('DROP USER ?@?', [User, Host]);
  for (const name of ['app', 'renamed', 'deployment']) await rds.sql(`DROP DATABASE IF EXISTS ${name}`);
});

interface User {
  readonly name: string;
  readonly host: string;
}

const iamUser = (name: string, host = '%') => ({ ...ITEMS_USER, name, host });

const resultOf = async (container: Container, event: unknown) => {
  const invocation = await container.invoke(event);
  if (invocation.functionError) throw new Error(errorMessageOf(invocation));
  return { result: JSON.parse(invocation.payload) as Record<string, unknown>, log: invocation.log };
};

/** Creates users as Terraform does in the course of a deployment. */
const deploy = (users: readonly User[], moreFields: object = {}, container = bootstrap) =>
  resultOf(container, { database: 'app', users, ...moreFields });

/** Drops undeclared users as Terraform does at the end of a deployment. */
const cleanUp = (users: readonly User[], container = bootstrap, database = 'app') =>
  resultOf(container, { database, keepUsers: users.map(({ name, host }) => ({ name, host })) });

/** Invokes the function, which must fail. */
const failureOf = async (event: unknown) => {
  const invocation = await bootstrap.invoke(event);
  expect(invocation.functionError).toBe('Unhandled');
  return { ...invocation, errorMessage: errorMessageOf(invocation) };
};

const namesIn = async (query: string): Promise<string[]> =>
  (await rds.sql<{ name: string }>(query)).map(({ name }) => name);

const accounts = () =>
  namesIn(`SELECT CONCAT(User, '@', Host) AS name FROM mysql.user WHERE User NOT IN ${SYSTEM_USERS} ORDER BY 1`);

/** Returns the accounts that the deployment has recorded as its own. */
const recordedAccounts = () => namesIn("SELECT CONCAT(name, '@', host) AS name FROM deployment.users ORDER BY 1");

/** Connects as `user@%` over MariaDB's socket. The socket accepts no tokens, so the account first gets a password. */
async function connectAs(user: string): Promise<Connection> {
  await rds.sql('SET PASSWORD FOR ?@? = PASSWORD(?)', [user, '%', 'for a test']);
  await rds.sql("ALTER USER ?@'%' REQUIRE NONE", [user]);
  return rds.connect({ user, password: 'for a test' });
}

describe('the bootstrap function', () => {
  const users = () => [rds.timestampsUser(), ITEMS_USER, USERS_READER];

  /** Returns the accounts with their TLS requirement, connection limit and privileges. */
  async function accountsWithPrivileges(): Promise<unknown[]> {
    const rows = await rds.sql<{ User: string; Host: string; ssl_type: string; max_user_connections: number }>(
      `SELECT User, Host, ssl_type, max_user_connections FROM mysql.user WHERE User NOT IN ${SYSTEM_USERS} ORDER BY User, Host`,
    );
    return Promise.all(
      rows.map(async ({ User, Host, ssl_type, max_user_connections }) => {
        const grants = await rds.sql('SHOW GRANTS FOR ?@?', [User, Host]);
        const privileges = grants.slice(1).map((row) => String(Object.values(row)[0]).replace(/ TO .*/, ''));
        return [`${User}@${Host}`, ssl_type, max_user_connections, privileges];
      }),
    );
  }

  const DECLARED = [
    ['items@%', 'ANY', 20, ['GRANT SELECT ON `app`.`items`']],
    [`timestamps@${VPC_HOST}`, '', 40, ['GRANT SELECT, INSERT ON `app`.`timestamps`']],
    ['users_reader@%', 'ANY', 10, ['GRANT SELECT (`User`) ON `mysql`.`user`']],
  ];

  it('creates database, tables, users and grants on an empty server', async () => {
    expect((await deploy(users())).result).toEqual({
      database: 'app',
      users: [`'timestamps'@'${VPC_HOST}'`, "'items'@'%'", "'users_reader'@'%'"],
      migrations: { applied: ['0001-timestamps', '0002-items'], unknown: [] },
    });
    expect(await accountsWithPrivileges()).toEqual(DECLARED);
    expect(await rds.sql('SELECT name FROM app.items')).toHaveLength(4);
  });

  it('ignores the event of the schedule that keeps it active', async () => {
    expect((await resultOf(bootstrap, { keepActive: true })).result).toBeNull();
  });

  it('lets the master user log in over TLS only', async () => {
    await rds.sql("ALTER USER admin@'%' REQUIRE NONE");
    await deploy([]);
    expect(await rds.sql("SELECT ssl_type FROM mysql.user WHERE User = 'admin'")).toEqual([{ ssl_type: 'ANY' }]);
  });

  it('changes nothing when it runs again', async () => {
    await deploy(users());
    await rds.sql("DELETE FROM app.items WHERE name = 'ruler'");
    await deploy(users());
    expect(await accountsWithPrivileges()).toEqual(DECLARED);
    expect(await rds.sql('SELECT name FROM app.items')).toHaveLength(3);
  });

  it('repairs users that drifted, so that the functions of the routes can log in', async () => {
    await deploy(users());
    await rds.sql(`ALTER USER 'timestamps'@'${VPC_HOST}' IDENTIFIED BY 'another' WITH MAX_USER_CONNECTIONS 1`);
    await rds.sql(`ALTER USER 'timestamps'@'${VPC_HOST}' ACCOUNT LOCK`);
    await rds.sql("ALTER USER items@'%' IDENTIFIED BY 'a password' REQUIRE NONE");
    await rds.sql("GRANT SELECT, DELETE ON app.* TO items@'%' WITH GRANT OPTION");
    await rds.sql("REVOKE ALL PRIVILEGES, GRANT OPTION FROM users_reader@'%'");
    await rds.sql("CREATE USER timestamps@'%' IDENTIFIED BY 'open to the world'");

    await deploy(users());
    expect(await accountsWithPrivileges()).toEqual(DECLARED);
    const func1 = await rds.launch('func1', 'passwordProxy', { DB_SECRET_ARN: rds.secretArn('timestamps') });
    const items = await rds.launch('items', 'instance', { DB_USER: 'items' });
    for (const route of [func1, items]) expect(responseOf(await route.invoke(getEvent())).statusCode).toBe(200);
  });

  it('fails with a reason and a remedy if a secret is for another user, and prints no password', async () => {
    const { errorMessage, payload, log } = await failureOf({
      database: 'app',
      users: [{ ...rds.timestampsUser(), name: 'stranger' }],
    });
    expect(errorMessage).toMatch(
      /^The user 'stranger'@'10\.20\.0\.0\/255\.255\.0\.0' could not be made: The secret arn:\S+ holds the user name 'timestamps', not 'stranger'\. Set username in the secret to 'stranger' and deploy again\.$/,
    );
    expect(payload + log).not.toContain('first password');
  });

  it('reports only the error code of a rejected statement, because the message of the server quotes the password', async () => {
    const secretArn = await rds.putSecret('quoted', "half'a secret");
    const [before] = await rds.sql<{ mode: string }>('SELECT @@GLOBAL.sql_mode AS mode');
    // In this mode the quotation mark ends the password, although it is escaped. The server's error quotes the rest.
    await rds.sql("SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES'");
    try {
      const { payload, log } = await failureOf({
        database: 'app',
        users: [{ ...rds.timestampsUser(), name: 'quoted', secretArn }],
      });
      expect(payload).toMatch(/the server answered ER_PARSE_ERROR \(1064\)/);
      expect(payload + log).not.toContain('a secret');
    } finally {
      await rds.sql('SET GLOBAL sql_mode = ?', [before?.mode]);
    }
  });

  it('grants access only to the named database even if its name has an underscore, which is a wildcard in a grant', async () => {
    const reader = { ...iamUser('reader'), grants: [{ privileges: ['SELECT'], on: ['my_app', '*'] }] };
    // The second run must recognise the grant of the first, and not add one with an unescaped underscore.
    for (let times = 0; times < 2; times += 1) await deploy([reader], { database: 'my_app' });
    expect(await accountsWithPrivileges()).toEqual([['reader@%', 'ANY', 20, ['GRANT SELECT ON `my\\_app`.*']]]);
    await rds.sql('DROP DATABASE my_app');
  });

  it('rejects a wrong event before the first statement', async () => {
    await deploy(users());
    const databases = await rds.sql('SHOW DATABASES');
    const { errorMessage } = await failureOf({ database: 'a.b', users: [] });
    expect(errorMessage).toMatch(
      /^The event must define a database and its users\. Nothing was changed\. database: must be .* run `cdktf deploy`\.$/,
    );
    expect(await accountsWithPrivileges()).toEqual(DECLARED);
    expect(await rds.sql('SHOW DATABASES')).toEqual(databases);
  });
});

describe('users that are no longer declared', () => {
  it('are dropped and disconnected; declared users and accounts made by people stay', async () => {
    await deploy([rds.timestampsUser(), iamUser('analyst'), iamUser('newcomer')]);
    await rds.sql("CREATE USER of_a_person@'%' IDENTIFIED BY 'a password'");
    const [analyst, newcomer] = [await connectAs('analyst'), await connectAs('newcomer')];
    const ended = new Promise((resolve) => newcomer.on('error', resolve));

    const declared = [rds.timestampsUser(), iamUser('analyst')];
    await deploy(declared);
    expect(await accounts()).toContain('newcomer@%');
    const { result, log } = await cleanUp(declared);
    expect(result).toEqual({ dropped: ["'newcomer'@'%'"], kept: [] });
    expect(log).toContain("Dropped: user 'newcomer'@'%'");
    expect(await accounts()).toEqual(['analyst@%', 'of_a_person@%', `timestamps@${VPC_HOST}`]);
    expect(await recordedAccounts()).toEqual(['analyst@%', `timestamps@${VPC_HOST}`]);
    await ended;
    await analyst.query('SELECT 1');
    await analyst.end();

    expect((await cleanUp(declared)).result).toEqual({ dropped: [], kept: [] });
  });

  it('are removed from the record if an interrupted run has already dropped the account', async () => {
    await deploy([iamUser('analyst'), iamUser('newcomer')]);
    await rds.sql("DROP USER newcomer@'%'");
    expect((await cleanUp([iamUser('analyst')])).result).toEqual({ dropped: ["'newcomer'@'%'"], kept: [] });
    expect(await recordedAccounts()).toEqual(['analyst@%']);
  });

  it('are dropped once by two concurrent runs', async () => {
    await deploy([iamUser('analyst'), iamUser('newcomer'), iamUser('reader')]);
    const results = await Promise.all([cleanUp([iamUser('reader')]), cleanUp([iamUser('reader')], secondBootstrap)]);
    expect(results.flatMap(({ result }) => result['dropped']).sort()).toEqual(["'analyst'@'%'", "'newcomer'@'%'"]);
    expect(await accounts()).toEqual(['reader@%']);
  });

  it('do not include a user with a new host: the deployment has already dropped the account with the old host', async () => {
    await deploy([iamUser('analyst', VPC_HOST)]);
    await deploy([iamUser('analyst')]);
    expect(await accounts()).toEqual(['analyst@%']);
    expect((await cleanUp([iamUser('analyst')])).result).toEqual({ dropped: [], kept: [] });
  });

  it('are dropped if their name differs from a declared name only in letter case', async () => {
    await deploy([iamUser('analyst')]);
    // Gives the column the collation that it had in an earlier version. This collation ignores case.
    await rds.sql('ALTER TABLE deployment.users MODIFY name VARCHAR(32) NOT NULL');
    await deploy([iamUser('analyst'), iamUser('Analyst')]);
    expect(await recordedAccounts()).toEqual(['Analyst@%', 'analyst@%']);
    const connection = await connectAs('analyst');
    expect((await cleanUp([iamUser('analyst')])).result).toMatchObject({ dropped: ["'Analyst'@'%'"] });
    expect(await recordedAccounts()).toEqual(['analyst@%']);
    await connection.query('SELECT 1');
    await connection.end();
  });

  it('are dropped without ending connections of a same-named account at another host', async () => {
    await deploy([iamUser('analyst', VPC_HOST)]);
    await rds.sql("CREATE USER analyst@'%' IDENTIFIED BY 'x'");
    const connection = await connectAs('analyst');
    expect((await cleanUp([])).result).toMatchObject({ dropped: [`'analyst'@'${VPC_HOST}'`] });
    await connection.query('SELECT 1');
    await connection.end();
    expect(await accounts()).toEqual(['analyst@%']);
  });

  it('never include the master user, even if the record does', async () => {
    await deploy([]);
    await rds.sql("INSERT INTO deployment.users VALUES ('admin', '%')");
    expect((await cleanUp([])).result).toEqual({ dropped: [], kept: [] });
    expect(await rds.sql("SELECT 1 FROM mysql.user WHERE User = 'admin'")).toHaveLength(1);
  });

  it('are dropped by the next run if a run fails, and the error of the failed run names user and cause', async () => {
    await deploy([iamUser('analyst')]);
    const lockHolder = await rds.connect();
    try {
      await lockHolder.query("DO GET_LOCK('passwords of analyst', 0)");
      expect((await failureOf({ database: 'app', keepUsers: [] })).errorMessage).toMatch(
        /^The user 'analyst'@'%' could not be dropped: Connection \d+ still holds the password lock of 'analyst' after 10 s/,
      );
    } finally {
      await lockHolder.end();
    }
    expect((await cleanUp([])).result).toMatchObject({ dropped: ["'analyst'@'%'"] });
  });
});

describe('a renamed database', () => {
  it('leaves the tables under the old name in place, and the result lists them', async () => {
    await deploy([]);
    await deploy([], { database: 'renamed' });
    const { result } = await cleanUp([], bootstrap, 'renamed');
    expect(result).toEqual({ dropped: [], kept: ['app.items', 'app.timestamps'] });
    expect(await rds.sql('SELECT 1 FROM app.items')).toHaveLength(4);
  });
});

describe('an update from a version that kept no record of users', () => {
  const deployWithoutRecord = async (): Promise<void> => {
    await deploy([rds.timestampsUser(), ITEMS_USER, iamUser('reader')]);
    await rds.sql('DROP DATABASE deployment');
    await rds.sql("CREATE USER of_a_person@'%' IDENTIFIED BY 'a password'");
  };

  it('adopts the users of that version by their names, and drops those that are no longer declared', async () => {
    await deployWithoutRecord();
    await deploy([rds.timestampsUser()], { unrecordedNames: ['timestamps', 'items', 'users_reader'] });
    expect((await cleanUp([rds.timestampsUser()])).result).toEqual({ dropped: ["'items'@'%'"], kept: [] });
    expect(await accounts()).toEqual(['of_a_person@%', 'reader@%', `timestamps@${VPC_HOST}`]);
  });

  it('adopts users only once: a same-named user that a person creates later stays', async () => {
    await deployWithoutRecord();
    await deploy([rds.timestampsUser()], { unrecordedNames: ['timestamps', 'items'] });
    await cleanUp([rds.timestampsUser()]);
    await rds.sql("CREATE USER items@'%' IDENTIFIED BY 'a password'");
    await deploy([rds.timestampsUser()], { unrecordedNames: ['timestamps', 'items'] });
    expect((await cleanUp([rds.timestampsUser()])).result).toEqual({ dropped: [], kept: [] });
    expect(await accounts()).toContain('items@%');
  });
});

describe('a repair of users by the bootstrap function', () => {
  /** Returns everything that the server shows about an account. */
  const accountOf = async (user: string, host: string): Promise<unknown> => [
    await rds.sql('SHOW CREATE USER ?@?', [user, host]),
    await rds.sql('SHOW GRANTS FOR ?@?', [user, host]),
    await rds.sql('SELECT * FROM mysql.user WHERE User = ? AND Host = ?', [user, host]).then(([row]) => ({
      ...row,
      // A repair sets the same password again, which changes this timestamp.
      password_last_changed: undefined,
    })),
  ];

  const users = () => [rds.timestampsUser(), ITEMS_USER];
  const allAccounts = () => Promise.all(users().map(({ name, host }) => accountOf(name, host)));

  /** Runs a statement for each user, with the account in place of `#`. */
  const runForEach = async (statement: string): Promise<void> => {
    for (const { name, host } of users()) await rds.sql(statement.replace('#', `'${name}'@'${host}'`));
  };

  beforeEach(async () => {
    await deploy(users());
    await rds.sql('CREATE OR REPLACE PROCEDURE app.nothing() DO 1');
    await rds.sql('CREATE OR REPLACE ROLE reading');
    // Allows the bootstrap, which logs in as admin, to revoke the role.
    await rds.sql("GRANT reading TO admin@'%' WITH ADMIN OPTION");
  });

  afterEach(() => rds.sql('DROP ROLE reading'));

  it.each([
    ['limits of statements', 'ALTER USER # WITH MAX_QUERIES_PER_HOUR 1 MAX_UPDATES_PER_HOUR 1'],
    ['limits of connections', 'ALTER USER # WITH MAX_CONNECTIONS_PER_HOUR 1 MAX_USER_CONNECTIONS 1'],
    ['another TLS requirement', "ALTER USER # REQUIRE SUBJECT '/CN=another'"],
    ['a locked account', 'ALTER USER # ACCOUNT LOCK'],
    ['a password lifetime', 'ALTER USER # PASSWORD EXPIRE INTERVAL 1 DAY'],
    ['an expired password', 'ALTER USER # PASSWORD EXPIRE'],
    ['another plugin', 'ALTER USER # IDENTIFIED VIA unix_socket'],
    ['a second plugin', 'ALTER USER # IDENTIFIED VIA unix_socket OR mysql_native_password USING PASSWORD("x")'],
    ['all privileges', 'GRANT ALL PRIVILEGES ON app.* TO # WITH GRANT OPTION'],
    ['a privilege on a column', 'GRANT UPDATE (name) ON app.items TO #'],
    ['a privilege on a procedure', 'GRANT EXECUTE ON PROCEDURE app.nothing TO #'],
    ['a global privilege', 'GRANT PROCESS ON *.* TO #'],
    ['a grant option without privileges', 'GRANT USAGE ON *.* TO # WITH GRANT OPTION'],
    ['a PROXY privilege', "GRANT PROXY ON admin@'%' TO #"],
  ])('reverts %s', async (_what, statement) => {
    const before = await allAccounts();
    await runForEach(statement);
    expect(await allAccounts()).not.toEqual(before);
    await deploy(users());
    expect(await allAccounts()).toEqual(before);
  });

  it('revokes a role that is also the default role', async () => {
    await runForEach('GRANT reading TO #');
    await runForEach('SET DEFAULT ROLE reading FOR #');
    await deploy(users());
    const connection = await connectAs('items');
    expect((await connection.query('SELECT CURRENT_ROLE() AS role'))[0]).toEqual([{ role: null }]);
    await expect(connection.query('SET ROLE reading')).rejects.toThrow('Invalid role specification');
    await connection.end();
  });
});

describe('users that log in by IAM, while IAM database authentication of the instance is off', () => {
  it('are not created; the error names the cause and the remedy, and once IAM is on, the next run creates them', async () => {
    const turnOn = await rds.turnIamOff();
    const users = [rds.timestampsUser(), ITEMS_USER];
    const { errorMessage } = await failureOf({ database: 'app', users });
    expect(errorMessage).toMatch(
      /^The user 'items'@'%' could not be made: .* Plugin 'AWSAuthenticationPlugin' is not loaded/,
    );
    expect(await accounts()).not.toContain('items@%');
    expect(errorMessage).toContain(
      'set database.iamAuthentication and database.applyImmediately to true and deploy again.',
    );
    await turnOn();
    await deploy(users);
    expect(await accounts()).toContain('items@%');
  });
});

describe('two concurrent runs of the bootstrap function', () => {
  it('leave the users of one of them, never a mixture', async () => {
    const anywhere = [iamUser('analyst'), iamUser('newcomer')];
    const fromVpc = [iamUser('analyst', VPC_HOST), iamUser('newcomer', VPC_HOST)];
    for (let round = 0; round < 6; round += 1) {
      // Each round delays the second run by another 20 ms.
      await Promise.all([deploy(anywhere), sleep(round * 20).then(() => deploy(fromVpc, {}, secondBootstrap))]);
      const left = await accounts();
      expect([
        ['analyst@%', 'newcomer@%'],
        [`analyst@${VPC_HOST}`, `newcomer@${VPC_HOST}`],
      ]).toContainEqual(left);
      expect(await recordedAccounts()).toEqual(left);
    }
  });
});
