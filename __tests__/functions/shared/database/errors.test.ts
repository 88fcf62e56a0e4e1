import {
  checksOf,
  DatabaseUnavailable,
  explainFailure,
  LoginRefused,
} from '../../../../functions/shared/database/errors';

describe('checksOf', () => {
  it('returns what to check after an error of the database or its login', () => {
    expect(checksOf(new DatabaseUnavailable('no answer', ['its group']))).toEqual(['its group']);
    expect(checksOf(new LoginRefused('refused', ['the user', 'its grant']))).toEqual(['the user', 'its grant']);
  });

  it.each([new Error('another'), new DatabaseUnavailable('no answer'), undefined, 'text'])(
    'returns nothing for an error without checks: %p',
    (error) => {
      expect(checksOf(error)).toEqual([]);
    },
  );
});

describe('the explanation of a failure', () => {
  it('names each cause and what to check', () => {
    const cause = new Error('ECONNREFUSED', { cause: new Error('port 3306') });
    expect(
      explainFailure(new DatabaseUnavailable('The database does not answer', ['DB_HOST', 'DB_PORT'], { cause })),
    ).toBe('The database does not answer: ECONNREFUSED: port 3306. Check: DB_HOST; DB_PORT.');
  });

  it('ends with a general remedy if the error has none', () => {
    expect(explainFailure(new Error('The table is missing'))).toBe('The table is missing. Fix it and apply again.');
  });

  it('adds neither a remedy nor a period to a message that ends with its remedy', () => {
    expect(explainFailure(new Error('The lock is held. Try again.'))).toBe('The lock is held. Try again.');
  });
});
