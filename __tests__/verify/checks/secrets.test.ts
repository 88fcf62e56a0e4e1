import { standInForAllTests } from '../../support/deployment-stand-in';

const standIn = standInForAllTests();

describe('the check of secrets', () => {
  it('reports a password in the environment of a function, but not its value', async () => {
    const environment = () => Promise.resolve({ DB_PASSWORD: 'correct horse' });
    expect(await standIn().unexpectedInAws({ environment })).toEqual([
      ['environment of login-matrix-test-items', 'DB_PASSWORD holds a secret according to its name'],
    ]);
  });
});
