import { Database } from '../../../../functions/shared/database/database';
import { DatabaseUnavailable, LoginRefused } from '../../../../functions/shared/database/errors';
import { logsIn } from '../../../../functions/shared/users/password-login';
import { VERIFIED_TLS as tls } from '../../../support/verified-tls';

const target = { host: 'db.example.com', port: 3306, tls };
const login = { user: 'timestamps', password: 'a password' };

const errorWithCode = (code: string): Error => Object.assign(new Error(), { code });
const unavailable = (code: string) => new DatabaseUnavailable('no answer', [], { cause: errorWithCode(code) });
const refused = (code: string) => new LoginRefused('refused', [], { cause: errorWithCode(code) });

let close: jest.SpyInstance;

/** Returns what `logsIn` says about a login that fails with this error. Without an error, the login succeeds. */
const isValidAfter = (error?: Error): Promise<boolean> => {
  jest
    .spyOn(Database.prototype, 'run')
    .mockImplementation(() => (error ? Promise.reject(error) : Promise.resolve([] as never)));
  return logsIn(target, login);
};

beforeEach(() => void (close = jest.spyOn(Database.prototype, 'close').mockResolvedValue()));

afterEach(() => {
  // Whatever the outcome, logsIn closes its connection.
  expect(close).toHaveBeenCalledTimes(1);
  jest.restoreAllMocks();
});

describe('a password', () => {
  it('is valid if the login succeeds', async () => {
    expect(await isValidAfter()).toBe(true);
  });

  it.each(['ER_USER_LIMIT_REACHED', 'ER_TOO_MANY_USER_CONNECTIONS'])(
    'is valid if the connection limit refuses the login, because the server checks that limit after the password: %s',
    async (code) => {
      expect(await isValidAfter(unavailable(code))).toBe(true);
    },
  );

  it.each(['ER_ACCESS_DENIED_ERROR', 'ER_MUST_CHANGE_PASSWORD_LOGIN'])(
    'is invalid if the server refuses it: %s',
    async (code) => {
      expect(await isValidAfter(refused(code))).toBe(false);
    },
  );

  it.each([refused('HANDSHAKE_SSL_ERROR'), refused('HANDSHAKE_NO_SSL_SUPPORT'), unavailable('ETIMEDOUT')])(
    'is neither valid nor invalid if the server did not check it; logsIn then throws the error: $cause.code',
    async (error) => {
      await expect(isValidAfter(error)).rejects.toBe(error);
    },
  );
});
