import { diagnose } from '../../../../../functions/shared/database/diagnosis/diagnose';
import {
  passwordAttempt,
  tokenAttempt,
  driverError,
  instanceEndpoint,
  proxyEndpoint,
} from '../../../../support/failed-connections';

const denied = driverError('ER_ACCESS_DENIED_ERROR');

describe('the causes of a failed connection', () => {
  it('are all reported if there are several', async () => {
    const attempt = await tokenAttempt(instanceEndpoint, { username: 'admin' });
    expect(diagnose(denied, { host: 'db.example.com', port: 3306 }, attempt)).toEqual([
      expect.stringMatching(/^the token is for login-matrix-dev\S+:3306 and was sent to db\.example\.com/),
      expect.stringMatching(/^db\.example\.com is not an RDS endpoint/),
      expect.stringMatching(/^the token is for the user 'admin' and the login for the user 'items'/),
    ]);
  });

  it.each([{ tokenSent: true }, { tokenSent: false }])('never quote a token: %j', async ({ tokenSent }) => {
    const attempt = await tokenAttempt(proxyEndpoint, { region: 'eu-west-1', username: 'admin', tokenSent });
    const afterExpiry = new Date(Date.now() + 3_600_000);
    const sentences = diagnose(denied, instanceEndpoint, attempt, afterExpiry);
    expect(sentences.length).toBeGreaterThan(1);
    expect(sentences.join()).not.toMatch(/X-Amz|Signature|session/);
  });

  it('are an empty list if only a statement failed, or if there is no error', () => {
    expect(diagnose(driverError('ER_PARSE_ERROR'), instanceEndpoint, passwordAttempt)).toEqual([]);
    expect(diagnose(undefined, instanceEndpoint)).toEqual([]);
  });
});
