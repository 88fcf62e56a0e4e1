import type { DatabaseCredentials } from '../../../../functions/shared/database/database-credentials';
import { DatabaseUnavailable } from '../../../../functions/shared/database/errors';
import { secretText } from '../../../../functions/shared/secrets/secret';
import { secretCredentials } from '../../../../functions/shared/secrets/secret-credentials';
import { answerWithSecret } from '../../../support/secret-values';

const secret = (password: string): string => secretText({ user: 'timestamps', password });

let values: Parameters<typeof answerWithSecret>[0];
let labels: ReturnType<typeof answerWithSecret>;
let credentials: DatabaseCredentials;

beforeEach(() => {
  values = { AWSCURRENT: secret('new'), AWSPREVIOUS: secret('old') };
  labels = answerWithSecret(values);
  credentials = secretCredentials('arn:of:secret');
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => void jest.restoreAllMocks());

/** Reads logins as a connection does: the next one only after the server has refused the last. Returns the passwords. */
async function passwordsUntil(isAccepted: (password: string) => boolean): Promise<string[]> {
  const tried: string[] = [];
  for await (const { password } of credentials.logins()) {
    tried.push(password);
    if (isAccepted(password)) break;
  }
  return tried;
}

const isOld = (password: string): boolean => password === 'old';
const isAny = (): boolean => true;
const isNone = (): boolean => false;

describe('the logins of a secret', () => {
  it('begin with the current password, in a form that is never sent in clear text', async () => {
    for await (const login of credentials.logins()) {
      expect(login).toEqual({ user: 'timestamps', password: 'new', clearText: false });
      break;
    }
    expect(labels).toEqual(['AWSCURRENT']);
  });

  it('continue with the previous password, for a proxy that has not noticed a rotation', async () => {
    expect(await passwordsUntil(isOld)).toEqual(['new', 'old']);
  });

  it('begin with the password that worked last, without reading the secret again', async () => {
    await passwordsUntil(isOld);
    labels.length = 0;
    expect(await passwordsUntil(isAny)).toEqual(['old']);
    expect(labels).toEqual([]);
  });

  it('read the secret again once the remembered password is refused, and try no password twice', async () => {
    await passwordsUntil(isAny);
    Object.assign(values, { AWSCURRENT: secret('newer'), AWSPREVIOUS: secret('new') });
    expect(await passwordsUntil(isNone)).toEqual(['new', 'newer']);
  });

  it('forget a refused password, even if the secret cannot be read afterwards', async () => {
    await passwordsUntil(isAny);
    values.AWSCURRENT = new DatabaseUnavailable('Secrets Manager does not answer');
    await expect(passwordsUntil(isNone)).rejects.toThrow('Secrets Manager does not answer');
    values.AWSCURRENT = secret('newer');
    expect(await passwordsUntil(isAny)).toEqual(['newer']);
  });

  it('end with the current password if the function may not read the previous one', async () => {
    values.AWSPREVIOUS = new Error('not allowed');
    expect(await passwordsUntil(isNone)).toEqual(['new']);
  });

  it('fail if Secrets Manager does not answer for the previous one', async () => {
    values.AWSPREVIOUS = new DatabaseUnavailable('Secrets Manager does not answer');
    await expect(passwordsUntil(isNone)).rejects.toThrow(DatabaseUnavailable);
  });
});
