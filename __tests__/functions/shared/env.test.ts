import { environment } from '../../../functions/shared/env';
import { setVariablesForEachTest } from '../../support/environment-variables';

describe('environment', () => {
  setVariablesForEachTest({ DB_HOST: 'db.example.com', DB_PORT: '' });

  it('returns the value of a variable', () => {
    expect(environment('DB_HOST', 'the endpoint')).toBe('db.example.com');
  });

  it.each(['DB_PORT', 'DB_USER'])('rejects a variable that is empty or missing, and names its purpose: %s', (name) => {
    expect(() => environment(name, 'what it is for')).toThrow(
      `The environment variable ${name} must be set: what it is for. Deploy again: the deployment sets it.`,
    );
  });
});
