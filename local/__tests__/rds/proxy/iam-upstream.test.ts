import type { Connection } from 'mysql2/promise';
import { HOSTS, REGION, SECRETS, VPC_CONFIG, type Resources } from '../../support/applied';
import { trustPolicy } from '../../support/functions';
import { ACCOUNT } from '../../support/http-state';
import { LocalDatabase } from '../../support/local-database';

jest.setTimeout(60_000);

const VPC = '10.20.0.0/255.255.0.0';
const RESOURCE = (id: string, user: string): string => `arn:aws:rds-db:${REGION}:${ACCOUNT}:dbuser:${id}/${user}`;

const policy = (name: string, role: string, ...Resource: string[]): Record<string, string> => ({
  name,
  role,
  policy: JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'rds-db:connect', Resource }],
  }),
});

/** Default resources that the proxy's role may connect to. */
const GRANTED = ['through', 'password_user', 'timestamps'].map((user) => RESOURCE('db-MATRIX', user));

/** Gives the IAM proxy the scheme IAM_AUTH, no secret, and a role with these permissions. */
const endToEnd =
  (granted: readonly string[] = GRANTED, change: (resources: Resources) => void = () => undefined) =>
  (resources: Resources): void => {
    const proxy = resources['aws_db_proxy']?.find(({ name }) => name === 'iam');
    Object.assign(proxy ?? {}, { auth: [], default_auth_scheme: 'IAM_AUTH' });
    const clients = ['through', 'password_user', 'timestamps', 'nobody'].map((user) => RESOURCE('prx-iam', user));
    resources['aws_iam_role_policy'] = [
      policy('to-proxy', 'functions', ...clients, RESOURCE('db-MATRIX', 'through')),
      policy('to-instance', 'proxy', ...granted),
    ];
    change(resources);
  };

let local: LocalDatabase;
let master: Connection;
/** Loopback address of a function in the VPC. */
let inside: string;

beforeAll(async () => {
  local = await LocalDatabase.start();
  inside = local.network.attach(VPC_CONFIG).address;
  master = await local.connect('instance', { from: inside, user: 'admin', password: 'master password' });
  await master.query('CREATE DATABASE app');
  await master.query(`CREATE USER 'through'@'${VPC}' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL`);
  await master.query(`GRANT ALL ON app.* TO 'through'@'${VPC}'`);
  await master.query(`CREATE USER 'password_user'@'${VPC}' IDENTIFIED BY 'its password'`);
  await master.query(`CREATE USER 'timestamps'@'${VPC}' IDENTIFIED BY 'first password'`);
});

beforeEach(async () => {
  await local.update(endToEnd());
  local.log.length = 0;
});

afterAll(async () => {
  await master.end();
  await local.stop();
});

const byToken = async (user: string, change = {}) => ({
  from: inside,
  user,
  token: await local.token('iamProxy', user, change),
});
const logIn = async (user: string): Promise<string> => local.logIn('iamProxy', await byToken(user));

/** The proxy's own address in the VPC. */
const ownAddress = (): string => local.network.addressOf(local.network.hosts[HOSTS.iamProxy] ?? '');
const denied = (user: string): string => `Access denied for user '${user}'@'${ownAddress()}' (using password: YES)`;
/** The proxy’s own refusal. */
const iamFailed = (user: string): string => `Access denied for user '${user}'@'%' (using password: YES)`;
const lines = (): string => local.log.join('\n');

describe('a proxy that logs in by IAM', () => {
  it('accepts a client’s token and logs in as its user, from the proxy’s address', async () => {
    expect(await logIn('through')).toBe(`through@${ownAddress()}`);
  });

  it('logs in over TLS, which the user requires', async () => {
    const connection = await local.connect('iamProxy', await byToken('through'));
    const [rows] = await connection.query("SHOW STATUS LIKE 'Ssl_cipher'");
    await connection.end();
    expect(rows).toEqual([{ Variable_name: 'Ssl_cipher', Value: expect.stringMatching(/./) as string }]);
  });

  it('logs in once for several clients of one user', async () => {
    const before = local.endpoints.faultsAt(HOSTS.instance)?.connections.size ?? 0;
    const all = await Promise.all(
      Array.from({ length: 8 }, async () => local.connect('iamProxy', await byToken('through'))),
    );
    for (const one of all) await one.query('SELECT 1');
    const opened = (local.endpoints.faultsAt(HOSTS.instance)?.connections.size ?? 0) - before;
    await Promise.all(all.map((one) => one.end()));
    expect(opened).toBeLessThan(8);
    const held = local.endpoints.faultsAt(HOSTS.instance)?.connections.size;
    for (let times = 0; times < 4; times += 1) await logIn('through');
    expect(local.endpoints.faultsAt(HOSTS.instance)?.connections.size).toBe(held);
  });

  it('serves transactions, long statements and changed sessions like any proxy', async () => {
    const connection = await local.connect('iamProxy', await byToken('through'));
    await connection.query('CREATE TABLE app.rows_of_it (text LONGTEXT)');
    await connection.beginTransaction();
    const text = 'x'.repeat(200_000);
    await connection.query('INSERT INTO app.rows_of_it VALUES (?)', [text]);
    await connection.commit();
    const [rows] = await connection.query('SELECT LENGTH(text) AS length FROM app.rows_of_it');
    await connection.query('DROP TABLE app.rows_of_it');
    await connection.end();
    expect(rows).toEqual([{ length: text.length }]);
  });

  it('has an available target', async () => {
    expect(await local.endpoints.targetHealthOf('iam')).toEqual({ state: 'AVAILABLE' });
  });
});

describe('a proxy that logs in by IAM refuses a client', () => {
  it('whose token is for the instance, with the proxy’s message', async () => {
    const token = await local.token('instance', 'through');
    expect(await local.logIn('iamProxy', { from: inside, user: 'through', token })).toBe(iamFailed('through'));
    expect(lines()).toContain(`it is for ${HOSTS.instance}`);
  });

  it('whose role may not connect to the proxy as this user', async () => {
    const onInstance = endToEnd(GRANTED, (resources) => {
      resources['aws_iam_role_policy']?.splice(0, 1, policy('wrong', 'functions', RESOURCE('db-MATRIX', 'through')));
    });
    await local.update(onInstance);
    expect(await logIn('through')).toBe(iamFailed('through'));
    expect(lines()).toContain(
      `is not authorized to perform: rds-db:connect on resource: ${RESOURCE('prx-iam', 'through')}`,
    );
  });

  it('with the token of another user', async () => {
    const token = await local.token('iamProxy', 'timestamps');
    expect(await local.logIn('iamProxy', { from: inside, user: 'through', token })).toBe(iamFailed('through'));
    expect(lines()).toContain('it is for the user timestamps');
  });

  it('with a password, even the correct one', async () => {
    const login = { from: inside, user: 'password_user', token: 'its password' };
    expect(await local.logIn('iamProxy', login)).toBe(iamFailed('password_user'));
  });

  it('without TLS', async () => {
    const login = { ...(await byToken('through')), ssl: undefined as unknown as string };
    expect(await local.logIn('iamProxy', login)).toBe('This RDS Proxy requires TLS connections');
  });
});

describe('the instance refuses such a proxy', () => {
  it.each([
    ['with the right on another instance', [RESOURCE('db-OTHER', 'through')]],
    ['with the right on the proxy instead of the instance', [RESOURCE('prx-iam', 'through')]],
    ['with the right as another user', [RESOURCE('db-MATRIX', 'timestamps')]],
    ['with the right on the identifier of the instance instead of its resource id', [RESOURCE('matrix', 'through')]],
  ])('%s', async (_what, granted) => {
    await local.update(endToEnd(granted));
    expect(await logIn('through')).toBe(denied('through'));
    expect(lines()).toContain(
      `role/proxy is not authorized to perform: rds-db:connect on resource: ${RESOURCE('db-MATRIX', 'through')}`,
    );
  });

  it('if its IAM authentication is off', async () => {
    await local.update(
      endToEnd(GRANTED, (resources) => {
        Object.assign(resources['aws_db_instance']?.[0] ?? {}, { iam_database_authentication_enabled: false });
      }),
    );
    expect(await logIn('through')).toBe(denied('through'));
    expect(lines()).toContain('IAM database authentication of the instance is off');
    expect(await local.endpoints.targetHealthOf('iam')).toMatchObject({ state: 'UNAVAILABLE', reason: 'AUTH_FAILURE' });
  });

  it.each(['password_user', 'timestamps'])(
    'as a user without the plugin, for whom it sends no token: %s',
    async (user) => {
      expect(await logIn(user)).toBe(denied(user));
      expect(lines()).toContain(`the user ${user} does not log in by IAM at the instance`);
    },
  );

  it('as an unknown user', async () => {
    await local.update(endToEnd([RESOURCE('db-MATRIX', 'nobody')]));
    expect(await logIn('nobody')).toBe(denied('nobody'));
  });

  it('whose role RDS may not assume', async () => {
    await local.update(
      endToEnd(GRANTED, (resources) => {
        const role = resources['aws_iam_role']?.find(({ name }) => name === 'proxy');
        Object.assign(role ?? {}, { assume_role_policy: trustPolicy('lambda.amazonaws.com') });
      }),
    );
    expect(await logIn('through')).toBe(denied('through'));
    expect(lines()).toContain('does not allow rds.amazonaws.com to assume it');
    expect(await local.endpoints.targetHealthOf('iam')).toMatchObject({ reason: 'AUTH_FAILURE' });
  });
});

describe('such a proxy', () => {
  it('logs in by password for a user that has a secret', async () => {
    await local.update((resources) => {
      for (const proxy of resources['aws_db_proxy'] ?? [])
        Object.assign(proxy, { default_auth_scheme: 'IAM_AUTH', require_tls: true });
    });
    local.secrets[SECRETS.timestamps] = JSON.stringify({ username: 'timestamps', password: 'first password' });
    expect(await logIn('timestamps')).toBe(`timestamps@${ownAddress()}`);
  });
});
