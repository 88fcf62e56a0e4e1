import { setTimeout as sleep } from 'node:timers/promises';
import { type Container, HOSTS } from '../../../local/__tests__/support';
import { responseOf, getEvent, Rds } from '../support/rds';

jest.setTimeout(120_000);

const VPC = '10.20.0.0/255.255.0.0';

let rds: Rds;

beforeAll(async () => {
  rds = await Rds.start();
  const user = { maxUserConnections: 20 };
  const secretArn = rds.secretArns['timestamps'];
  const users = [
    {
      ...user,
      ...{ name: 'timestamps', login: 'password', host: VPC, secretArn },
      grants: [{ privileges: ['SELECT', 'INSERT'], on: ['app', 'timestamps'] }],
    },
    { ...user, name: 'items', login: 'iam', host: '%', grants: [{ privileges: ['SELECT'], on: ['app', 'items'] }] },
  ];
  const bootstrap = await rds.launch('bootstrap', 'instance', { DB_SECRET_ARN: rds.secretArns['admin'] ?? '' });
  expect((await bootstrap.invoke({ database: 'app', users })).functionError).toBeUndefined();
});

afterAll(() => rds.stop());

const func1 = () => ({
  ...{ route: 'GET /func1', at: 'proxy', host: HOSTS.passwordProxy, port: rds.port, user: 'timestamps' },
  ...{ by: 'password', secretArn: rds.secretArns['timestamps'] },
});
const func2 = () => ({
  ...{ route: 'GET /func2', at: 'proxy', host: HOSTS.iamProxy, port: rds.port, user: 'timestamps', by: 'iam' },
});
const items = () => ({
  ...{ route: 'GET /items', at: 'instance', host: HOSTS.instance, port: rds.port, user: 'items', by: 'iam' },
});
const all = () => ({ logins: [func1(), func2(), items()] });

const ALL = [
  `GET /func1 (by password as timestamps at ${HOSTS.passwordProxy})`,
  `GET /func2 (by IAM as timestamps at ${HOSTS.iamProxy})`,
  `GET /items (by IAM as items at ${HOSTS.instance})`,
];

const launch = (): Promise<Container> =>
  rds.launch('login-check', 'instance', { PROXY_CA_FILE: '/opt/certs/amazon-roots.pem' });

/** Returns the error message that `terraform apply` prints. */
async function failure(event: unknown): Promise<string> {
  const { functionError, payload } = await (await launch()).invoke(event);
  expect(functionError).toBe('Unhandled');
  return (JSON.parse(payload) as { errorMessage: string }).errorMessage;
}

describe('the check at the end of a deployment', () => {
  it('tries every login and returns their names', async () => {
    const { functionError, payload, log } = await (await launch()).invoke(all());
    expect(functionError).toBeUndefined();
    expect(JSON.parse(payload)).toEqual({ logins: ALL });
    const { password } = await rds.readSecret('timestamps');
    for (const secret of [password, 'X-Amz-']) expect(payload + log).not.toContain(secret);
  });

  it('waits until the target of a new proxy is available; a call before that gets 503', async () => {
    const check = await launch();
    const route = await rds.launch('func1', 'passwordProxy', { DB_SECRET_ARN: rds.secretArns['timestamps'] ?? '' });
    await rds.recreateProxy('passwordProxy', 5);
    const first = route.invoke(getEvent());
    const { functionError, log } = await check.invoke(all());
    expect(responseOf(await first).statusCode).toBe(503);
    expect(functionError).toBeUndefined();
    expect(log).toContain('Transient error; retrying');
    expect(responseOf(await route.invoke(getEvent())).statusCode).toBe(200);
  });

  it('fails if a target does not become available, and names the proxy and what to check', async () => {
    await rds.recreateProxy('iamProxy', 3600);
    expect(await failure(all())).toMatch(
      /^Failed logins: 1 of 3\. GET \/func2 \(by IAM as timestamps at iam\.proxy-\S+\): iam\.proxy-\S+ does not answer: .*(see TargetHealth in describe-db-proxy-targets|the pool of the proxy is full).* Then apply again, which repeats this check\.$/,
    );
    await rds.recreateProxy('iamProxy', 0);
  });

  it('accepts a login that fails only at the connection limit of its user', async () => {
    await rds.sql("ALTER USER items@'%' WITH MAX_USER_CONNECTIONS 1");
    const route = await rds.launch('items', 'instance', { DB_USER: 'items' });
    expect(responseOf(await route.invoke(getEvent())).statusCode).toBe(200);
    const { functionError } = await (await launch()).invoke({ logins: [items()] });
    expect(functionError).toBeUndefined();
  });

  it('retries a login that is refused for a moment, as before a new policy takes effect', async () => {
    await rds.sql("RENAME USER items@'%' TO later@'%'");
    const invocation = (await launch()).invoke({ logins: [items()] });
    await sleep(1_500);
    await rds.sql("RENAME USER later@'%' TO items@'%'");
    const { functionError, log } = await invocation;
    expect(functionError).toBeUndefined();
    expect(log).toContain('Transient error; retrying');
  });

  it('fails if logins are refused, with a reason and a remedy for each', async () => {
    await rds.sql("DROP USER items@'%'");
    const message = await failure({ logins: [func1(), { ...func2(), user: 'stranger' }, items()] });
    expect(message).toMatch(/^Failed logins: 2 of 3\. /);
    expect(message).toMatch(
      /GET \/func2 \(by IAM as stranger at \S+\): \S+ refused the login: .* Check: the proxy asked for no token: .* the proxy has no secret for stranger/,
    );
    expect(message).toMatch(
      /GET \/items \(by IAM as items at \S+\): \S+ refused the login: .* Check: .*items does not exist/,
    );
  });

  it('ignores the event of the schedule that keeps it active', async () => {
    expect(await (await launch()).invoke({ keepActive: true })).toMatchObject({ payload: 'null' });
  });

  it.each([
    ['no logins', () => ({ logins: [] }), /logins: .*>=1/],
    [
      'a password without its secret',
      () => ({ logins: [{ ...func1(), secretArn: undefined }] }),
      /logins\.0\.secretArn/,
    ],
    ['an unknown kind of login', () => ({ logins: [{ ...items(), by: 'certificate' }] }), /logins\.0\.by/],
  ])('refuses an event with %s', async (_what, event, problem) => {
    const message = await failure(event());
    expect(message).toMatch(/^The event must list the logins to check\. .* run `cdktf deploy`\.$/);
    expect(message).toMatch(problem);
  });
});
