import type { Connection } from 'mysql2/promise';
import { dbUserArn, HOSTS, policy, set, without, type Resources } from '../../support/applied';
import { trustPolicy } from '../../support/functions';
import { LocalDatabase } from '../../support/local-database';

jest.setTimeout(60_000);

const USERS = ['iam_user', 'password_user', 'timestamps'];

/** ARNs that the policy of the proxy’s role allows by default: the proxy may connect to the instance as each user. */
const GRANTED = USERS.map((user) => dbUserArn('db-MATRIX', user));

/**
 * Returns a change that gives the IAM proxy the scheme IAM_AUTH, no secret, and a role that may connect to the granted resources.
 * The functions' role may connect to the proxy as each user, and to the instance as `iam_user`.
 */
const logsInByIam =
  (granted: readonly string[] = GRANTED, change: (resources: Resources) => void = () => undefined) =>
  (resources: Resources): void => {
    const proxy = resources['aws_db_proxy']?.find(({ name }) => name === 'iam');
    Object.assign(proxy ?? {}, { auth: [], default_auth_scheme: 'IAM_AUTH' });
    const usersAtProxy = USERS.map((user) => dbUserArn('prx-iam', user));
    resources['aws_iam_role_policy'] = [
      connectPolicy('functions', ...usersAtProxy, dbUserArn('db-MATRIX', 'iam_user')),
      connectPolicy('proxy', ...granted),
    ];
    change(resources);
  };

/** Makes a policy that allows a role to connect to these resources. */
const connectPolicy = (role: string, ...resources: string[]) => ({
  name: 'connect',
  role,
  policy: policy(['rds-db:connect', ...resources]),
});

let local: LocalDatabase;
let master: Connection;

beforeAll(async () => {
  local = await LocalDatabase.start();
  master = await local.connectAsMaster();
  const host = "'10.20.0.0/255.255.0.0'";
  await master.query(`CREATE USER iam_user@${host} IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL`);
  await master.query(`CREATE USER password_user@${host} IDENTIFIED BY 'its password'`);
  await master.query(`CREATE USER timestamps@${host} IDENTIFIED BY 'first password'`);
});

beforeEach(async () => {
  // Removing the proxies closes the idle connections of earlier tests.
  await local.update(without('aws_db_proxy', () => true));
  await local.update(logsInByIam());
  local.log.length = 0;
});

afterAll(async () => {
  await master.end();
  await local.stop();
});

const byToken = async (user: string) => ({
  from: local.functionAddress,
  user,
  token: await local.token('iamProxy', user),
});
const logIn = async (user: string): Promise<string> => local.logIn('iamProxy', await byToken(user));

/** The proxy's own address in the VPC. */
const ownAddress = (): string => local.network.addressOf(local.loopbackOf('iamProxy'));
const deniedAtInstance = (user: string): string =>
  `Access denied for user '${user}'@'${ownAddress()}' (using password: YES)`;
const deniedByProxy = (user: string): string => `Access denied for user '${user}'@'%' (using password: YES)`;
const logText = (): string => local.log.join('\n');
const instanceConnectionCount = (): number | undefined => local.endpoints.faultsAt(HOSTS.instance)?.connections.size;

describe('a proxy that logs in by IAM', () => {
  it('accepts a client’s token and logs in over TLS as the client’s user, from the proxy’s address', async () => {
    // This user requires TLS.
    expect(await logIn('iam_user')).toBe(`iam_user@${ownAddress()}`);
  });

  it('shares its connections among the clients of a user', async () => {
    await logIn('iam_user');
    const countBefore = instanceConnectionCount();
    const clients: Connection[] = [];
    while (clients.length < 4) clients.push(await local.connect('iamProxy', await byToken('iam_user')));
    for (const client of clients) await client.query('SELECT 1');
    expect(instanceConnectionCount()).toBe(countBefore);
    await Promise.all(clients.map((client) => client.end()));
  });

  it('has an available target', async () => {
    expect(await local.endpoints.targetHealthOf('iam')).toEqual({ state: 'AVAILABLE' });
  });
});

describe('a proxy that logs in by IAM refuses a client', () => {
  it('whose role may not connect to the proxy as the requested user; the error is the proxy’s own', async () => {
    await local.update(
      logsInByIam(GRANTED, ({ aws_iam_role_policy: policies = [] }) => {
        policies[0] = connectPolicy('functions', dbUserArn('db-MATRIX', 'iam_user'));
      }),
    );
    expect(await logIn('iam_user')).toBe(deniedByProxy('iam_user'));
    expect(logText()).toContain(
      `is not authorized to perform: rds-db:connect on resource: ${dbUserArn('prx-iam', 'iam_user')}`,
    );
  });

  it('with a password, even the correct one', async () => {
    const login = { from: local.functionAddress, user: 'password_user', token: 'its password' };
    expect(await local.logIn('iamProxy', login)).toBe(deniedByProxy('password_user'));
  });
});

describe('a proxy fails to log in to the instance by IAM', () => {
  it('if its role may connect as the user only at the proxy, not at the instance', async () => {
    await local.update(logsInByIam([dbUserArn('prx-iam', 'iam_user'), dbUserArn('db-MATRIX', 'timestamps')]));
    expect(await logIn('iam_user')).toBe(deniedAtInstance('iam_user'));
    expect(logText()).toContain(
      `role/proxy is not authorized to perform: rds-db:connect on resource: ${dbUserArn('db-MATRIX', 'iam_user')}`,
    );
  });

  it('if IAM database authentication of the instance is off', async () => {
    const iamOff = set('aws_db_instance', { iam_database_authentication_enabled: false });
    await local.update(logsInByIam(GRANTED, iamOff));
    expect(await logIn('iam_user')).toBe(deniedAtInstance('iam_user'));
    expect(logText()).toContain('IAM database authentication of the instance is off');
    expect(await local.endpoints.targetHealthOf('iam')).toMatchObject({ state: 'UNAVAILABLE', reason: 'AUTH_FAILURE' });
  });

  it('if the user has a password instead of AWSAuthenticationPlugin', async () => {
    expect(await logIn('password_user')).toBe(deniedAtInstance('password_user'));
    expect(logText()).toContain("the instance has no user 'password_user' with AWSAuthenticationPlugin");
  });

  it('if RDS may not assume the role of the proxy', async () => {
    const distrust = set('aws_iam_role', { assume_role_policy: trustPolicy('lambda.amazonaws.com') });
    await local.update(logsInByIam(GRANTED, distrust));
    expect(await logIn('iam_user')).toBe(deniedAtInstance('iam_user'));
    expect(logText()).toContain('does not allow rds.amazonaws.com to assume it');
    expect(await local.endpoints.targetHealthOf('iam')).toMatchObject({ reason: 'AUTH_FAILURE' });
  });
});

describe('a proxy with the scheme IAM_AUTH and a secret', () => {
  it('logs in to the instance by password as the user of the secret', async () => {
    await local.update(set('aws_db_proxy', { default_auth_scheme: 'IAM_AUTH', require_tls: true }));
    expect(await logIn('timestamps')).toBe(`timestamps@${ownAddress()}`);
  });
});
