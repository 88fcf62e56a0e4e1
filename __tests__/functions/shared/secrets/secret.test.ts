import { findSecret, readSecret, secretsManager, secretText } from '../../../../functions/shared/secrets/secret';

const answers = (SecretString: string | undefined) =>
  jest.spyOn(secretsManager, 'send').mockImplementation(() => Promise.resolve({ SecretString }) as never);

afterEach(() => void jest.restoreAllMocks());

describe('a secret', () => {
  it('is read as it is written, and as RDS writes it with further fields', async () => {
    answers(secretText({ user: 'a', password: 'b' }));
    expect(await readSecret('arn:of:it')).toEqual({ user: 'a', password: 'b' });
    answers('{"username":"admin","password":"p","engine":"mysql"}');
    expect(await readSecret('arn:of:it')).toEqual({ user: 'admin', password: 'p' });
  });

  it('is read in the version that is asked for', async () => {
    const send = answers(secretText({ user: 'a', password: 'b' }));
    await readSecret('arn:of:it', { stage: 'AWSPENDING', id: 'v2' });
    await readSecret('arn:of:it');
    expect(send.mock.calls.map(([command]) => command.input)).toEqual([
      { SecretId: 'arn:of:it', VersionStage: 'AWSPENDING', VersionId: 'v2' },
      { SecretId: 'arn:of:it', VersionStage: 'AWSCURRENT' },
    ]);
  });

  it.each(['hunter2', '{"username":"a"', 'null', '{"username":"a","password":5}', undefined])(
    'of another format is an error that does not quote it: %j',
    async (text) => {
      answers(text);
      const failure = await readSecret('arn:of:it').catch((error: unknown) => error as Error);
      expect(failure).toEqual(new Error('The secret arn:of:it must be JSON with the strings username and password'));
      expect(failure).not.toHaveProperty('cause');
    },
  );
});

describe('findSecret', () => {
  const failing = (cause: Error) =>
    jest
      .spyOn(secretsManager, 'send')
      .mockImplementation(() => Promise.reject(new Error('refused', { cause })) as never);

  it('returns nothing for a version without a value', async () => {
    failing(Object.assign(new Error(), { name: 'ResourceNotFoundException' }));
    expect(await findSecret('arn:of:it', { stage: 'AWSPREVIOUS' })).toBeUndefined();
  });

  it('passes on every other failure', async () => {
    failing(Object.assign(new Error(), { name: 'AccessDeniedException' }));
    await expect(findSecret('arn:of:it', { stage: 'AWSPREVIOUS' })).rejects.toThrow('refused');
  });
});
