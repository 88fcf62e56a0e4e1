import { diagnose } from '../../../../../functions/shared/database/diagnosis/diagnose';
import { byPassword, byToken, failure, instance, proxy } from '../../../../support/failed-connections';

const denied = failure('ER_ACCESS_DENIED_ERROR');

describe('the causes of a failed connection', () => {
  it('are all reported if there are several', async () => {
    const attempt = await byToken(instance, { username: 'admin' });
    expect(diagnose(denied, { host: 'db.example.com', port: 3306 }, attempt)).toHaveLength(3);
  });

  it('never quote a token', async () => {
    const attempt = await byToken(proxy, { region: 'eu-west-1', username: 'admin', tokenSent: false });
    const sentences = diagnose(denied, instance, attempt, new Date(Date.now() + 3_600_000)).join();
    expect(sentences).not.toMatch(/X-Amz|Signature|session/);
  });

  it('are none for an unknown error', () => {
    expect(diagnose(failure('ER_PARSE_ERROR'), instance, byPassword)).toEqual([]);
    expect(diagnose(undefined, instance)).toEqual([]);
  });
});
