import type { RunningDeployment } from '../support/running-deployment';
import { Logins, type Target, TOKEN_LIFETIME_SECONDS } from '../support/logins';
import { FLAWS } from './token-flaws';

const WITHOUT_TLS = { tls: false };

const IAM_TARGETS: readonly Target[] = ['instance', 'iam-proxy'];

/** Tests what the client of a refused login gets, and which reason the log has. Also tests a refused rotation. */
export function testRefusedLogins(running: RunningDeployment): void {
  const logins = new Logins(running);
  const userOf = (target: Target): string => (target === 'instance' ? 'items' : 'timestamps');
  const denied = (user: string, address = logins.clientAddress): string =>
    `ER_ACCESS_DENIED_ERROR Access denied for user '${user}'@'${address}' (using password: YES)`;

  /** Returns the error of instance or proxy for an invalid token. */
  const refusalBy = (target: Target): string => (target === 'instance' ? denied('items') : denied('timestamps', '%'));

  const timestampsLogin = async () => {
    const { password } = JSON.parse(
      await running.secret(running.one('aws_secretsmanager_secret', 'timestamps')['arn']),
    );
    return { user: 'timestamps', password: String(password) };
  };

  /** Expects that the common log of the instance and the proxies has a reason, and no token. */
  const expectReason = async (reason: string): Promise<void> => {
    const log = await running.logs.since('rds', new RegExp(reason.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    expect(log).toContain(reason);
    expect(log).not.toMatch(/X-Amz|Signature=/);
  };

  afterAll(() => logins.releaseAddresses());

  it('a rotation is refused soon after another one, because a proxy may still use the previous password', async () => {
    const { arn } = running.one('aws_secretsmanager_secret', 'timestamps');
    const before = await running.secret(arn);
    await running.allowRotationsEvery(3600);
    await running.rotateSecret(arn);
    await running.serve();
    expect(await running.secret(arn)).toBe(before);
    expect(await running.logs.since('lambda', /failed at createSecret/)).toMatch(/was rotated less than 3600 s ago\./);
  });

  describe.each(IAM_TARGETS)('a login by IAM at the %s', (target) => {
    const user = userOf(target);

    it('succeeds with a valid token, up to fifteen minutes after it was signed', async () => {
      const fresh = await logins.token(target);
      const almostExpired = await logins.token(target, {}, TOKEN_LIFETIME_SECONDS - 10);
      for (const token of [fresh, almostExpired]) {
        expect(await logins.outcome(target, { user, token })).toMatch(new RegExp(`^${user}@`));
      }
    });

    it('is refused with an expired token', async () => {
      const token = await logins.token(target, {}, TOKEN_LIFETIME_SECONDS + 1);
      expect(await logins.outcome(target, { user, token })).toBe(refusalBy(target));
      await expectReason('is refused: the token has expired');
    });

    it.each(FLAWS)('is refused with a token $title', async ({ change, tamper = (token) => token, reason }) => {
      const keys = await logins.keysOf(target === 'instance' ? 'items' : 'func2');
      const token = tamper(await logins.token(target, { credentials: keys, ...change?.(keys) }));
      expect(await logins.outcome(target, { user, token })).toBe(refusalBy(target));
      await expectReason(reason);
    });

    it.each([
      ['is granted no login at all', 'func1'],
      ['is granted a login only as another user', 'users'],
    ])('is refused to a role that %s', async (_what, route) => {
      const token = await logins.token(target, { credentials: await logins.keysOf(route) });
      expect(await logins.outcome(target, { user, token })).toBe(refusalBy(target));
      await expectReason(`role/login-matrix-test-${route} is not authorized to perform: rds-db:connect on resource: `);
      await expectReason(`/${user}`);
    });
  });

  describe('a login without TLS', () => {
    it('by IAM is refused by the instance, which requests a token only over TLS', async () => {
      const token = await logins.token('instance');
      expect(await logins.outcome('instance', { user: 'items', token, ...WITHOUT_TLS })).toBe(denied('items'));
      await expectReason('a token requires TLS');
    });

    it('by password is refused by the IAM proxy', async () => {
      expect(await logins.outcome('iam-proxy', { ...(await timestampsLogin()), ...WITHOUT_TLS })).toMatch(
        /requires TLS connections/,
      );
      await expectReason('This RDS Proxy requires TLS connections');
    });
  });

  describe('the certificate', () => {
    it.each<[Target, 'instance' | 'amazon']>([
      ['instance', 'amazon'],
      ['password-proxy', 'instance'],
      ['iam-proxy', 'instance'],
    ])('of the %s is rejected by a client that trusts only another authority, %s', async (target, other) => {
      const ssl = { ca: running.deployment.aws.authorities[other].pem, verifyIdentity: true };
      expect(await logins.outcome(target, { ...(await timestampsLogin()), ssl })).toMatch(
        /^HANDSHAKE_SSL_ERROR .*certificate/,
      );
      await expectReason(`A login at ${logins.hostOf(target)} from ${logins.clientAddress} broke off`);
    });

    it.each<Target>(['instance', 'password-proxy', 'iam-proxy'])(
      'of the %s is rejected under another host name',
      async (target) => {
        const login = { ...(await timestampsLogin()), host: 'db.internal.example.com' };
        expect(await logins.outcome(target, login)).toMatch(/db\.internal\.example\.com.*altnames/);
        await expectReason(`A login at ${logins.hostOf(target)} from ${logins.clientAddress} broke off`);
      },
    );
  });

  describe('a login with the wrong kind of credential', () => {
    it('fails at the IAM proxy, because the driver sends no password in clear text', async () => {
      expect(await logins.outcome('iam-proxy', await timestampsLogin())).toMatch(/mysql_clear_password/);
      await expectReason(`A login at ${logins.hostOf('iam-proxy')} from ${logins.clientAddress} broke off`);
    });

    it('is refused by the IAM proxy if the client sends a password in clear text', async () => {
      const { user, password } = await timestampsLogin();
      expect(await logins.outcome('iam-proxy', { user, token: password })).toBe(refusalBy('iam-proxy'));
      await expectReason('is refused: the client sent no token with Action=connect');
    });

    it('is refused by the password proxy, for which a token is a wrong password', async () => {
      const token = await logins.token('password-proxy');
      expect(await logins.outcome('password-proxy', { user: 'timestamps', password: token })).toBe(
        denied('timestamps', '%'),
      );
      await expectReason(`refuses timestamps from ${logins.clientAddress}: Access denied`);
    });
  });

  describe('the master user', () => {
    it('logs in from the internet only over TLS, although the instance does not require TLS', async () => {
      const [{ secret_arn }] = running.one('aws_db_instance')['master_user_secret'];
      const { username: user, password } = JSON.parse(await running.secret(secret_arn));
      const login = { user, password, from: logins.reserveAddress('users') };
      expect(await logins.outcome('instance', login)).toBe('admin@%');
      const address = running.deployment.aws.network.addressOf(login.from);
      expect(await logins.outcome('instance', { ...login, ...WITHOUT_TLS })).toContain(denied('admin', address));
    });
  });

  describe('the user timestamps', () => {
    it('logs in only from the VPC', async () => {
      const login = await timestampsLogin();
      expect(await logins.outcome('instance', login)).toBe('timestamps@10.20.0.0/255.255.0.0');
      const from = logins.reserveAddress('users');
      const address = running.deployment.aws.network.addressOf(from);
      expect(await logins.outcome('instance', { ...login, from })).toContain(denied('timestamps', address));
      await expectReason(`refuses timestamps from ${address}: Access denied`);
    });
  });
}
