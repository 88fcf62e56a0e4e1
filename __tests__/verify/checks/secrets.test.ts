import { standInForFile } from '../../support/deployment-stand-in';

const standIn = standInForFile();

describe('the check of secrets', () => {
  it('reports a password in the environment of a function without its value', async () => {
    expect(await standIn().seenInAws({ environment: () => Promise.resolve({ DB_PASSWORD: 'correct horse' }) })).toEqual(
      [['environment of login-matrix-test-items', 'DB_PASSWORD holds a value whose name says that it is secret']],
    );
  });
});
