import { describeSecret, generatePassword, makeCurrent } from '../../../functions/rotation/versions';
import { secretsManager } from '../../../functions/shared/secrets/secret';

/** Makes Secrets Manager give the same answer to every call. Returns the calls, each with its input. */
function answerWith(answer: object): [name: string, input: object][] {
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
  it('is requested with 32 letters and digits', async () => {
    const calls = answerWith({ RandomPassword: 'drawn' });
    expect(await generatePassword()).toBe('drawn');
    expect(calls).toEqual([['GetRandomPasswordCommand', { PasswordLength: 32, ExcludePunctuation: true }]]);
  });

  it.each([{}, { RandomPassword: '' }])('is never empty: %j', async (answer) => {
    answerWith(answer);
    await expect(generatePassword()).rejects.toThrow('Secrets Manager returned no password');
  });
});

it('a secret is described without a request for its value', async () => {
  const calls = answerWith({ RotationEnabled: true });
  expect(await describeSecret('arn:of:secret')).toEqual({ RotationEnabled: true });
  expect(calls).toEqual([['DescribeSecretCommand', { SecretId: 'arn:of:secret' }]]);
});

it('a version becomes the current one even if no version was current before', async () => {
  const calls = answerWith({});
  await makeCurrent('arn:of:secret', 'v1', undefined);
  expect(calls).toEqual([
    [
      'UpdateSecretVersionStageCommand',
      { SecretId: 'arn:of:secret', VersionStage: 'AWSCURRENT', MoveToVersionId: 'v1', RemoveFromVersionId: undefined },
    ],
  ]);
});
