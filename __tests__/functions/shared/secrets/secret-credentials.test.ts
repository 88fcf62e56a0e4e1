import type { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { DatabaseLogin } from '../../../../functions/shared/database/database-credentials';
import { DatabaseUnavailable } from '../../../../functions/shared/database/errors';
import { secretsManager } from '../../../../functions/shared/secrets/secret';
import { secretCredentials } from '../../../../functions/shared/secrets/secret-credentials';

/** Values by staging label; an error in place of a value is thrown. */
let stages: Record<string, string | Error>;
let reads: (string | undefined)[];

const secret = (password: string): string => JSON.stringify({ username: 'timestamps', password });

beforeEach(() => {
  stages = { AWSCURRENT: secret('new'), AWSPREVIOUS: secret('old') };
  reads = [];
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.spyOn(secretsManager, 'send').mockImplementation((command: unknown) => {
    const { VersionStage = '' } = (command as GetSecretValueCommand).input;
    reads.push(VersionStage);
    const value = stages[VersionStage];
    return (value instanceof Error ? Promise.reject(value) : Promise.resolve({ SecretString: value })) as never;
  });
});

afterEach(() => void jest.restoreAllMocks());

/** Reads logins as a connection does: the next one only after the server has refused the last. */
async function passwordsUntil(
  logins: AsyncIterable<DatabaseLogin>,
  works: (password: string) => boolean,
): Promise<string[]> {
  const tried: string[] = [];
  for await (const { password } of logins) {
    tried.push(password);
    if (works(password)) break;
  }
  return tried;
}

describe('the logins of a secret', () => {
  it('begin with the current password, in a form that is never sent in clear text', async () => {
    const credentials = secretCredentials('arn:of:it');
    for await (const login of credentials.logins()) {
      expect(login).toEqual({ user: 'timestamps', password: 'new', clearText: false });
      break;
    }
    expect(reads).toEqual(['AWSCURRENT']);
  });

  it('go on with the previous password, for a proxy that has not noticed a rotation', async () => {
    const credentials = secretCredentials('arn:of:it');
    expect(await passwordsUntil(credentials.logins(), (password) => password === 'old')).toEqual(['new', 'old']);
  });

  it('begin with the password that worked last, without reading the secret again', async () => {
    const credentials = secretCredentials('arn:of:it');
    await passwordsUntil(credentials.logins(), (password) => password === 'old');
    reads = [];
    expect(await passwordsUntil(credentials.logins(), () => true)).toEqual(['old']);
    expect(reads).toEqual([]);
  });

  it('read the secret again once the remembered password is refused, and try no password twice', async () => {
    const credentials = secretCredentials('arn:of:it');
    await passwordsUntil(credentials.logins(), () => true);
    stages = { AWSCURRENT: secret('newer'), AWSPREVIOUS: secret('new') };
    expect(await passwordsUntil(credentials.logins(), () => false)).toEqual(['new', 'newer']);
  });

  it('forget a refused password, even if the secret cannot be read afterwards', async () => {
    const credentials = secretCredentials('arn:of:it');
    await passwordsUntil(credentials.logins(), () => true);
    stages['AWSCURRENT'] = new DatabaseUnavailable('Secrets Manager does not answer');
    await expect(passwordsUntil(credentials.logins(), () => false)).rejects.toThrow('Secrets Manager does not answer');
    stages['AWSCURRENT'] = secret('newer');
    expect(await passwordsUntil(credentials.logins(), () => true)).toEqual(['newer']);
  });

  it('end with the current password if the previous one may not be read', async () => {
    stages['AWSPREVIOUS'] = new Error('not allowed');
    expect(await passwordsUntil(secretCredentials('arn:of:it').logins(), () => false)).toEqual(['new']);
  });

  it('fail if the previous one cannot be read at the moment', async () => {
    stages['AWSPREVIOUS'] = new DatabaseUnavailable('Secrets Manager does not answer');
    await expect(passwordsUntil(secretCredentials('arn:of:it').logins(), () => false)).rejects.toThrow(
      DatabaseUnavailable,
    );
  });
});
