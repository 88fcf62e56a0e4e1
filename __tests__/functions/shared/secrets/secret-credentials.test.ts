import type { DatabaseCredentials } from '../../../../functions/shared/database/database-credentials';
import { DatabaseUnavailable } from '../../../../functions/shared/database/errors';
import { secretsManager, secretText } from '../../../../functions/shared/secrets/secret';
import { secretCredentials } from '../../../../functions/shared/secrets/secret-credentials';
import { answerWithSecret } from '../../../support/secret-values';

const secret = (password: string): string => secretText({ user: 'timestamps', password });

let values: Parameters<typeof answerWithSecret>[0];
/** Staging labels of the requests so far. */
let requestedLabels: ReturnType<typeof answerWithSecret>;
let credentials: DatabaseCredentials;

beforeEach(() => {
  values = { AWSCURRENT: secret('new'), AWSPREVIOUS: secret('old') };
  requestedLabels = answerWithSecret(values);
  credentials = secretCredentials('arn:of:secret');
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => void jest.restoreAllMocks());

/** Tries one login after the other until the server accepts a password, as a connection does. @returns the tried passwords */
async function tryPasswords(accepted: 'old' | 'any' | 'none'): Promise<string[]> {
  const tried: string[] = [];
  for await (const { password } of credentials.logins()) {
    tried.push(password);
    if (accepted === 'any' || accepted === password) break;
  }
  return tried;
}

describe('the logins of a secret', () => {
  it('begin with the current password, which must not be sent in clear text', async () => {
    for await (const login of credentials.logins()) {
      expect(login).toEqual({ user: 'timestamps', password: 'new', clearText: false });
      break;
    }
    expect(requestedLabels).toEqual(['AWSCURRENT']);
  });

  it('continue with the previous password, for a proxy that has not noticed a rotation', async () => {
    expect(await tryPasswords('old')).toEqual(['new', 'old']);
  });

  it('begin with the password that worked last, without reading the secret again', async () => {
    await tryPasswords('old');
    requestedLabels.length = 0;
    expect(await tryPasswords('any')).toEqual(['old']);
    expect(requestedLabels).toEqual([]);
  });

  it('read the secret again after the remembered password is refused, and try no password twice', async () => {
    await tryPasswords('any');
    Object.assign(values, { AWSCURRENT: secret('newer'), AWSPREVIOUS: secret('new') });
    expect(await tryPasswords('none')).toEqual(['new', 'newer']);
  });

  it('forget a refused password, even if the secret cannot be read afterwards', async () => {
    await tryPasswords('any');
    values.AWSCURRENT = new DatabaseUnavailable('Secrets Manager does not answer');
    await expect(tryPasswords('none')).rejects.toThrow('Secrets Manager does not answer');
    values.AWSCURRENT = secret('newer');
    expect(await tryPasswords('any')).toEqual(['newer']);
  });

  it('pass the abort signal of the caller to each request', async () => {
    const { signal } = new AbortController();
    const send = jest.spyOn(secretsManager, 'send');
    for await (const login of credentials.logins(signal)) expect(login.user).toBe('timestamps');
    expect(send.mock.calls.map(([, options]) => options)).toEqual([{ abortSignal: signal }, { abortSignal: signal }]);
  });

  it('end with the current password if the function may not read the previous one', async () => {
    values.AWSPREVIOUS = new Error('not allowed');
    expect(await tryPasswords('none')).toEqual(['new']);
  });

  it('fail if Secrets Manager does not answer the request for the previous password', async () => {
    values.AWSPREVIOUS = new DatabaseUnavailable('Secrets Manager does not answer');
    await expect(tryPasswords('none')).rejects.toThrow(DatabaseUnavailable);
  });
});
