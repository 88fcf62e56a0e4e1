import { environment } from '../../../functions/shared/env';

describe('environment', () => {
  const before = process.env;

  beforeEach(() => void (process.env = { ...before, DB_HOST: 'db.example.com', DB_PORT: '' }));

  afterEach(() => void (process.env = before));

  it('returns the value of a variable', () => {
    expect(environment('DB_HOST', 'the endpoint')).toBe('db.example.com');
  });

  it.each(['DB_PORT', 'DB_USER'])('names a variable that is empty or missing, and its purpose: %s', (name) => {
    expect(() => environment(name, 'what it is for')).toThrow(
      `The environment variable ${name} must be set: what it is for. The deployment sets it.`,
    );
  });
});
