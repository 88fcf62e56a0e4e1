import { describeSecret, generatePassword, makeCurrent } from '../../../functions/rotation/versions';
import { secretsManager } from '../../../functions/shared/secrets/secret';

/** Answers every call. Returns the calls, each with its input. */
function answering(answer: object): [name: string, input: object][] {
  const calls: [string, object][] = [];
  jest.spyOn(secretsManager, 'send').mockImplementation((async ({
    constructor,
    input,
  }: {
    constructor: { name: string };
    input: object;
  }) => {
    calls.push([constructor.name, input]);
    return Promise.resolve(answer);
  }) as never);
  return calls;
}

afterEach(() => void jest.restoreAllMocks());

describe('a generated password', () => {
  it('has 32 letters and digits', async () => {
    const calls = answering({ RandomPassword: 'drawn' });
    expect(await generatePassword()).toBe('drawn');
    expect(calls).toEqual([['GetRandomPasswordCommand', { PasswordLength: 32, ExcludePunctuation: true }]]);
  });

  it.each([{}, { RandomPassword: '' }])('is never empty: %j', async (answer) => {
    answering(answer);
    await expect(generatePassword()).rejects.toThrow('Secrets Manager returned no password');
  });
});

it('a secret is described without its value', async () => {
  const calls = answering({ RotationEnabled: true });
  expect(await describeSecret('arn:of:it')).toEqual({ RotationEnabled: true });
  expect(calls).toEqual([['DescribeSecretCommand', { SecretId: 'arn:of:it' }]]);
});

it('a version also becomes the current one if no other is', async () => {
  const calls = answering({});
  await makeCurrent('arn:of:it', 'v1', undefined);
  expect(calls).toEqual([
    [
      'UpdateSecretVersionStageCommand',
      { SecretId: 'arn:of:it', VersionStage: 'AWSCURRENT', MoveToVersionId: 'v1', RemoveFromVersionId: undefined },
    ],
  ]);
});
