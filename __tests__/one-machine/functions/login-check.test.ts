import { setTimeout as sleep } from 'node:timers/promises';
import { type Container, HOSTS } from '../../../local/__tests__/support';
import { errorMessageOf, getEvent, ITEMS_USER, Rds, responseOf } from '../support/rds';

jest.setTimeout(120_000);

let rds: Rds;

beforeAll(async () => {
  rds = await Rds.start();
  await rds.deploy([rds.timestampsUser(), ITEMS_USER]);
});

afterAll(() => rds.stop());

/** Returns an entry of login-check's event: the login of a route. */
const loginOf = (route: string, endpoint: keyof typeof HOSTS, user: string, by: 'password' | 'iam') => ({
  route,
  at: endpoint === 'instance' ? 'instance' : 'proxy',
  host: HOSTS[endpoint],
  port: rds.port,
  user,
  by,
});
const func1 = () => ({
  ...loginOf('GET /func1', 'passwordProxy', 'timestamps', 'password'),
  secretArn: rds.secretArn('timestamps'),
});
const func2 = () => loginOf('GET /func2', 'iamProxy', 'timestamps', 'iam');
const items = () => loginOf('GET /items', 'instance', 'items', 'iam');
const eventWithEveryLogin = () => ({ logins: [func1(), func2(), items()] });

const launch = (): Promise<Container> =>
  rds.launch('login-check', 'instance', { PROXY_CA_FILE: '/opt/certs/amazon-roots.pem' });

/** Invokes the function, which must fail. @returns its error message, which `terraform apply` prints */
async function failureOf(event: unknown): Promise<string> {
  const invocation = await (await launch()).invoke(event);
  expect(invocation.functionError).toBe('Unhandled');
  return errorMessageOf(invocation);
}

describe('the login check at the end of a deployment', () => {
  it('tries every login and describes each in its result, without a password or a token', async () => {
    const { functionError, payload, log } = await (await launch()).invoke(eventWithEveryLogin());
    expect(functionError).toBeUndefined();
    expect(JSON.parse(payload)).toEqual({
      logins: [
        `GET /func1 (by password as timestamps at ${HOSTS.passwordProxy})`,
        `GET /func2 (by IAM as timestamps at ${HOSTS.iamProxy})`,
        `GET /items (by IAM as items at ${HOSTS.instance})`,
      ],
    });
    const { password } = await rds.readSecret('timestamps');
    for (const secret of [password, 'X-Amz-']) expect(payload + log).not.toContain(secret);
  });

  it('waits until the target of a new proxy is available; until then, a route that uses the proxy answers 503', async () => {
    const check = await launch();
    const route = await rds.launch('func1', 'passwordProxy', { DB_SECRET_ARN: rds.secretArn('timestamps') });
    await rds.recreateProxy('passwordProxy', { delaySeconds: 5 });
    const earlyCall = route.invoke(getEvent());
    const { functionError, payload, log } = await check.invoke(eventWithEveryLogin());
    expect(responseOf(await earlyCall).statusCode).toBe(503);
    expect({ functionError, payload }).toEqual({ functionError: undefined, payload: expect.any(String) });
    expect(log).toContain('Transient error; retrying');
    expect(responseOf(await route.invoke(getEvent())).statusCode).toBe(200);
  });

  it('fails if a target does not become available, and names the proxy and what to check', async () => {
    await rds.recreateProxy('iamProxy', { delaySeconds: 3600 });
    expect(await failureOf(eventWithEveryLogin())).toMatch(
      /^Failed logins: 1 of 3\. GET \/func2 \(by IAM as timestamps at iam\.proxy-\S+\): iam\.proxy-\S+ is unavailable: .*see TargetHealth in describe-db-proxy-targets.* Then deploy again, which repeats this check\.$/,
    );
    await rds.recreateProxy('iamProxy', { delaySeconds: 0 });
  });

  it('accepts a login that fails only because its user has reached the connection limit', async () => {
    await rds.sql("ALTER USER items@'%' WITH MAX_USER_CONNECTIONS 1");
    const route = await rds.launch('items', 'instance', { DB_USER: 'items' });
    expect(responseOf(await route.invoke(getEvent())).statusCode).toBe(200);
    const { functionError } = await (await launch()).invoke({ logins: [items()] });
    expect(functionError).toBeUndefined();
  });

  it('retries a login that is refused for a moment, for example until a new policy takes effect', async () => {
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
    const message = await failureOf({ logins: [func1(), { ...func2(), user: 'stranger' }, items()] });
    expect(message).toMatch(/^Failed logins: 2 of 3\. /);
    expect(message).toMatch(
      /GET \/func2 \(by IAM as stranger at \S+\): \S+ refused the login: .* Check: the proxy asked for no token: .* the proxy has no secret for 'stranger'/,
    );
    expect(message).toMatch(
      /GET \/items \(by IAM as items at \S+\): \S+ refused the login: .* Check: .* the user 'items' does not exist/,
    );
  });

  it('ignores the event of the schedule that keeps the function active', async () => {
    expect(await (await launch()).invoke({ keepActive: true })).toMatchObject({ payload: 'null' });
  });

  it('rejects an event without logins', async () => {
    expect(await failureOf({ logins: [] })).toMatch(
      /^The event must list the logins to check\. logins: .*>=1.* run `cdktf deploy`\.$/,
    );
  });
});
