import { Database } from '../../../../functions/shared/database/database';
import { DatabaseUnavailable, LoginRefused } from '../../../../functions/shared/database/errors';
import type { TlsOptions } from '../../../../functions/shared/database/tls';
import { logsIn } from '../../../../functions/shared/users/password-login';

const tls: TlsOptions = { ca: 'PEM', verifyIdentity: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' };
const target = { host: 'db.example.com', port: 1, tls };
const login = { user: 'timestamps', password: 'a password' };

const coded = (code: string, message = ''): Error => Object.assign(new Error(message), { code });
const unavailable = (code: string) => new DatabaseUnavailable('no answer', [], { cause: coded(code) });
const refused = (code: string) => new LoginRefused('refused', [], { cause: coded(code) });

let close: jest.SpyInstance;

/** Returns whether the password is valid if the login meets this error. @default - the login succeeds */
const resultFor = (error?: Error): Promise<boolean> => {
  jest
    .spyOn(Database.prototype, 'run')
    .mockImplementation(() => (error ? Promise.reject(error) : Promise.resolve([] as never)));
  return logsIn(target, login);
};

beforeEach(() => void (close = jest.spyOn(Database.prototype, 'close').mockResolvedValue()));

afterEach(() => {
  expect(close).toHaveBeenCalledTimes(1);
  jest.restoreAllMocks();
});

describe('a password', () => {
  it('is valid if it logs in', async () => {
    expect(await resultFor()).toBe(true);
  });

  it.each(['ER_USER_LIMIT_REACHED', 'ER_TOO_MANY_USER_CONNECTIONS'])(
    'is valid if only the connection limit stops it, which the server checks after the password: %s',
    async (code) => {
      expect(await resultFor(unavailable(code))).toBe(true);
    },
  );

  it.each(['ER_ACCESS_DENIED_ERROR', 'ER_MUST_CHANGE_PASSWORD_LOGIN'])(
    'is invalid if the server refuses it: %s',
    async (code) => {
      expect(await resultFor(refused(code))).toBe(false);
    },
  );

  it.each([refused('HANDSHAKE_SSL_ERROR'), refused('HANDSHAKE_NO_SSL_SUPPORT'), unavailable('ETIMEDOUT')])(
    'throws the error if the server did not check the password: $cause.code',
    async (error) => {
      await expect(resultFor(error)).rejects.toBe(error);
    },
  );
});
