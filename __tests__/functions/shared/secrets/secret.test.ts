import { findSecret, readSecret, secretsManager, secretText } from '../../../../functions/shared/secrets/secret';
import { answerWithSecret } from '../../../support/secret-values';

const answerWithText = (SecretString: string | undefined) =>
  jest.spyOn(secretsManager, 'send').mockImplementation(() => Promise.resolve({ SecretString }) as never);

afterEach(() => void jest.restoreAllMocks());

describe('a secret', () => {
  it('is read in the format of secretText, and in that of RDS, which has more fields', async () => {
    answerWithText(secretText({ user: 'a', password: 'b' }));
    expect(await readSecret('arn:of:secret')).toEqual({ user: 'a', password: 'b' });
    answerWithText('{"username":"admin","password":"p","engine":"mysql"}');
    expect(await readSecret('arn:of:secret')).toEqual({ user: 'admin', password: 'p' });
  });

  it('is read in the requested version, or in the current one if none is requested', async () => {
    const send = answerWithText(secretText({ user: 'a', password: 'b' }));
    await readSecret('arn:of:secret', { stage: 'AWSPENDING', id: 'v2' });
    await readSecret('arn:of:secret');
    expect(send.mock.calls.map(([command]) => command.input)).toEqual([
      { SecretId: 'arn:of:secret', VersionStage: 'AWSPENDING', VersionId: 'v2' },
      { SecretId: 'arn:of:secret', VersionStage: 'AWSCURRENT' },
    ]);
  });

  it.each(['hunter2', '{"username":"a"', 'null', '{"username":"a","password":5}', undefined])(
    'in another format causes an error that does not quote the secret: %j',
    async (text) => {
      answerWithText(text);
      const failure = await readSecret('arn:of:secret').catch((error: unknown) => error as Error);
      expect(failure).toEqual(
        new Error('The secret arn:of:secret must be JSON with the strings username and password'),
      );
      expect(failure).not.toHaveProperty('cause');
    },
  );
});

describe('findSecret', () => {
  it('returns undefined if Secrets Manager answers ResourceNotFoundException', async () => {
    answerWithSecret({});
    expect(await findSecret('arn:of:secret', { stage: 'AWSPREVIOUS' })).toBeUndefined();
  });

  it('throws every other error', async () => {
    const cause = Object.assign(new Error(), { name: 'AccessDeniedException' });
    answerWithSecret({ AWSPREVIOUS: new Error('refused', { cause }) });
    await expect(findSecret('arn:of:secret', { stage: 'AWSPREVIOUS' })).rejects.toThrow('refused');
  });
});
