import { generatePassword } from '../../../functions/rotation/versions';
import { secretsManager } from '../../../functions/shared/secrets/secret';

const answerWith = (answer: object) =>
  jest.spyOn(secretsManager, 'send').mockImplementation(() => Promise.resolve(answer) as never);

afterEach(() => void jest.restoreAllMocks());

describe('a generated password', () => {
  it('is requested with 32 letters and digits', async () => {
    const send = answerWith({ RandomPassword: 'drawn' });
    expect(await generatePassword()).toBe('drawn');
    expect(send.mock.calls.map(([{ input }]) => input)).toEqual([{ PasswordLength: 32, ExcludePunctuation: true }]);
  });

  it.each([{}, { RandomPassword: '' }])(
    'is never empty: the answer %j of Secrets Manager is rejected',
    async (answer) => {
      answerWith(answer);
      await expect(generatePassword()).rejects.toThrow('Secrets Manager returned no password');
    },
  );
});
