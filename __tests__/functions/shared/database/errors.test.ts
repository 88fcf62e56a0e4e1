import { DatabaseUnavailable, explainFailure } from '../../../../functions/shared/database/errors';

describe('the explanation of a failure', () => {
  it('names each cause and what to check', () => {
    const cause = new Error('ECONNREFUSED', { cause: new Error('port 3306') });
    expect(
      explainFailure(new DatabaseUnavailable('The database is unavailable', ['DB_HOST', 'DB_PORT'], { cause })),
    ).toBe('The database is unavailable: ECONNREFUSED: port 3306. Check: DB_HOST; DB_PORT.');
  });

  it('ends with a general remedy if the error has none', () => {
    expect(explainFailure(new Error('The table is missing'))).toBe(
      'The table is missing. Fix the cause and deploy again.',
    );
  });

  it('adds neither a remedy nor a period to a message that ends with its remedy', () => {
    expect(explainFailure(new Error('The lock is held. Try again.'))).toBe('The lock is held. Try again.');
  });
});
