import type { Measurement } from '../../../functions/auth-matrix/measure';
import { expectation } from '../../../modules/auth/expectation';
import { type Container, HOSTS } from '../../../local/__tests__/support';
import { repeatIfTimedOut } from '../support/measure-matrix';
import { getEvent, ITEMS_USER, loggedErrorOf, Rds, responseOf, VPC_HOST } from '../support/rds';

jest.setTimeout(120_000);

/** The Accept header of a browser. */
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

const expectedMatrix = expectation({
  environment: 'test',
  iamAuthentication: true,
  requireSecureTransport: false,
  proxies: {
    'password-proxy': { requireTls: false, iamAuth: 'DISABLED' },
    'iam-proxy': { requireTls: true, iamAuth: 'REQUIRED' },
  },
});
const overTls = { ...expectedMatrix, logins: expectedMatrix.logins.filter(({ tls }) => tls) };

let rds: Rds;

beforeAll(async () => {
  rds = await Rds.start();
  // The matrix logs in by password as the user `timestamps`, because the proxies here have only this user's secret.
  await rds.deploy([
    { ...rds.timestampsUser(), grants: [] },
    { ...ITEMS_USER, name: 'matrix_iam', host: VPC_HOST, grants: [] },
  ]);
});

afterAll(() => rds.stop());

/** Starts the function with an expectation. */
function launch(expected: unknown, environment: Readonly<Record<string, string>> = {}): Promise<Container> {
  return rds.launch('auth-matrix', 'instance', {
    PASSWORD_PROXY_HOST: HOSTS.passwordProxy,
    PASSWORD_PROXY_PORT: String(rds.port),
    IAM_PROXY_HOST: HOSTS.iamProxy,
    IAM_PROXY_PORT: String(rds.port),
    PROXY_CA_FILE: '/opt/certs/amazon-roots.pem',
    DB_SECRET_ARN: rds.secretArn('timestamps'),
    DB_USER: 'matrix_iam',
    AUTH_MATRIX: JSON.stringify(expected),
    ...environment,
  });
}

const browserRequest = () => ({ ...(getEvent() as object), multiValueHeaders: { Accept: [BROWSER] } });

const measure = (container: Container) =>
  repeatIfTimedOut(
    async () => responseOf(await container.invoke(getEvent())),
    ({ body }) => body as Measurement,
  );

/** Formats outcomes as `iam at iam-proxy: o`. `o` means connected, `x` refused, and `–` that the endpoint is unusable. */
const outcomesOf = ({ probes }: Measurement): string[] =>
  probes.map(({ login, target, observed, code }) =>
    [`${login} at ${target}:`, observed, code].filter(Boolean).join(' '),
  );

const OUTCOMES_OVER_TLS = [
  'password at instance: o',
  'iam at instance: o',
  'password at password-proxy: o',
  'iam at password-proxy: x ER_ACCESS_DENIED_ERROR',
  'password at iam-proxy: x ER_ACCESS_DENIED_ERROR',
  'iam at iam-proxy: o',
];

describe('GET /auth-matrix', () => {
  it('tries every login over TLS and gets the expected outcome', async () => {
    const container = await launch(overTls);
    const { statusCode, headers, body } = await measure(container);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', vary: 'accept' });
    expect(outcomesOf(body)).toEqual(OUTCOMES_OVER_TLS);
    expect(body).toMatchObject({ agrees: true, environment: 'test', region: 'eu-central-1' });
    expect(body.settings).toEqual(expectedMatrix.settings);
    expect(body.probes[0]).toEqual({
      login: 'password',
      target: 'instance',
      tls: true,
      expected: 'o',
      because: 'the instance accepts the password of a password user',
      observed: 'o',
      milliseconds: expect.any(Number) as number,
      code: null,
      reason: null,
      cause: null,
      agrees: true,
    });
    expect(body.probes[3]?.cause).toBe('the proxy has IAM disabled; a token is refused');
    expect(Math.abs(Date.parse(body.measuredAt) - Date.now())).toBeLessThan(60_000);
  });

  it('tries every login without TLS and gets the expected outcome', async () => {
    const container = await launch({ ...expectedMatrix, logins: expectedMatrix.logins.filter(({ tls }) => !tls) });
    const { body } = await measure(container);
    expect(outcomesOf(body)).toEqual([
      'password at instance: o',
      'iam at instance: x ER_ACCESS_DENIED_ERROR',
      // Even a proxy that does not require TLS accepts caching_sha2_password over TLS only.
      'password at password-proxy: x ER_ACCESS_DENIED_ERROR',
      'iam at password-proxy: x ER_ACCESS_DENIED_ERROR',
      'password at iam-proxy: x ER_SECURE_TRANSPORT_REQUIRED',
      'iam at iam-proxy: x ER_SECURE_TRANSPORT_REQUIRED',
    ]);
    expect(body.agrees).toBe(true);
  });

  it('reports unexpected outcomes in the answer and in one log line', async () => {
    const wrongLogins = overTls.logins.map((login) =>
      login.target === 'password-proxy' ? { ...login, expected: login.login === 'iam' ? 'o' : 'x' } : login,
    );
    const container = await launch({ ...overTls, logins: wrongLogins });
    const invocation = await container.invoke(getEvent());
    const { statusCode, body } = responseOf(invocation);
    expect({ statusCode, agrees: body.agrees, outcomes: outcomesOf(body) }).toEqual({
      statusCode: 200,
      agrees: false,
      outcomes: OUTCOMES_OVER_TLS,
    });
    const lines = invocation.log.split('\n').filter((line) => line.includes('"level":"error"'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      message: 'Logins do not have the expected outcome',
      requestId: 'request-1',
      probes: [
        { login: 'password', target: 'password-proxy', expected: 'x', observed: 'o' },
        { login: 'iam', target: 'password-proxy', expected: 'o', observed: 'x' },
      ],
    });
  });

  it('reports an unreachable endpoint as unusable until it is back', async () => {
    const container = await launch(overTls);
    const restart = await rds.stopEndpoints('iamProxy');
    expect(outcomesOf(responseOf(await container.invoke(getEvent())).body)).toEqual([
      ...OUTCOMES_OVER_TLS.slice(0, 4),
      'password at iam-proxy: – ECONNREFUSED',
      'iam at iam-proxy: – ECONNREFUSED',
    ]);
    await restart();
    expect(outcomesOf(responseOf(await container.invoke(getEvent())).body)).toEqual(OUTCOMES_OVER_TLS);
  });

  it.each([
    [503, 'does not answer', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, 'Secrets Manager does not answer'],
    [502, 'has no such secret', { DB_SECRET_ARN: 'none' }, 'Secrets Manager refused GetSecretValue'],
  ])(
    'answers with %d, and logs the reason and what to check, if Secrets Manager %s',
    async (statusCode, _what, environment, reason) => {
      const container = await launch(overTls, environment);
      const invocation = await container.invoke(getEvent());
      expect(responseOf(invocation).statusCode).toBe(statusCode);
      expect(loggedErrorOf(invocation)).toMatchObject({ reason, check: [expect.any(String)] });
    },
  );

  it('trusts a proxy only if an authority in PROXY_CA_FILE signed its certificate', async () => {
    const firstLogins = { ...overTls, logins: overTls.logins.slice(0, 3) };
    const container = await launch(firstLogins, { PROXY_CA_FILE: '/opt/certs/rds.pem' });
    const { body } = responseOf(await container.invoke(getEvent()));
    expect(outcomesOf(body)).toEqual([
      ...OUTCOMES_OVER_TLS.slice(0, 2),
      'password at password-proxy: – HANDSHAKE_SSL_ERROR',
    ]);
  });

  it('uses the new password right after a rotation', async () => {
    const container = await launch({ ...overTls, logins: overTls.logins.slice(2, 3) });
    await container.invoke(getEvent());
    await rds.putSecret('timestamps', 'another password');
    await rds.sql(`ALTER USER 'timestamps'@'${VPC_HOST}' IDENTIFIED BY 'another password'`);
    expect(outcomesOf(responseOf(await container.invoke(getEvent())).body)).toEqual(['password at password-proxy: o']);
  });

  it('reveals no secret and no address of the VPC, in the answer or in the log', async () => {
    const container = await launch(expectedMatrix);
    const { password } = await rds.readSecret('timestamps');
    for (const request of [getEvent(), browserRequest()]) {
      const { payload, log } = await container.invoke(request);
      for (const secret of [password, 'X-Amz-', '10.20.']) expect(payload + log).not.toContain(secret);
    }
  });
});
