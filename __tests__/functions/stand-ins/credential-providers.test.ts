import { fromNodeProviderChain } from '../../../functions/stand-ins/credential-providers';
import { setVariablesForEachTest } from '../../support/environment-variables';

setVariablesForEachTest({
  AWS_ACCESS_KEY_ID: 'ROLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'session',
});

const credentials = fromNodeProviderChain();

describe('the credentials of a function', () => {
  it('are those that Lambda sets', async () => {
    expect(await credentials()).toEqual({
      accessKeyId: 'ROLE',
      secretAccessKey: 'secret',
      sessionToken: 'session',
    });
  });

  it('are read from the environment at each call, not once', async () => {
    await credentials();
    process.env['AWS_ACCESS_KEY_ID'] = 'NEXT';
    expect(await credentials()).toMatchObject({ accessKeyId: 'NEXT' });
  });

  it('have no session token if the environment has none', async () => {
    delete process.env['AWS_SESSION_TOKEN'];
    expect(await credentials()).not.toHaveProperty('sessionToken');
  });

  it.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])('cannot be read while %s is empty', async (variable) => {
    process.env[variable] = '';
    await expect(credentials()).rejects.toThrow(
      'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set; Lambda sets both',
    );
  });
});
