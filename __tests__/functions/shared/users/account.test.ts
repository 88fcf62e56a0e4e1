import { inspect } from 'node:util';
import type { Query } from '../../../../functions/shared/database/database';
import { account, identifiedBy, runConfidential } from '../../../../functions/shared/users/account';

describe('a MySQL account', () => {
  it('is written with quotes and escapes, and so is a password', () => {
    expect(account({ name: "o'brien", host: '10.20.0.0/255.255.0.0' })).toBe("'o\\'brien'@'10.20.0.0/255.255.0.0'");
    expect(identifiedBy("it's\\")).toBe("IDENTIFIED WITH caching_sha2_password BY 'it\\'s\\\\'");
  });
});

describe('runConfidential', () => {
  const failingWith =
    (error: Error): Query =>
    () =>
      Promise.reject(error);

  it('reports only the error code if the server rejects the statement, because the message quotes the password', async () => {
    const fields = { code: 'ER_PARSE_ERROR', errno: 1064 };
    const error = Object.assign(new Error("near 'secret'"), { ...fields, sql: "BY 'secret'" });
    const failure = await runConfidential(failingWith(error), "BY 'secret'").catch(
      (reason: unknown) => reason as Error,
    );
    expect(failure).toMatchObject({ ...fields, message: 'the server answered ER_PARSE_ERROR (1064)' });
    expect(inspect(failure)).not.toContain('secret');
  });

  it('reports only the error number if the driver has no code for this number', async () => {
    const error = Object.assign(new Error("near 'secret'"), { errno: 9501 });
    await expect(runConfidential(failingWith(error), "BY 'secret'")).rejects.toMatchObject({
      errno: 9501,
      message: 'the server answered an error (9501)',
    });
  });

  it.each([
    ['the driver', new Error('in closed state')],
    ['the network', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104 })],
  ])('rethrows an error of %s', async (_source, error) => {
    await expect(runConfidential(failingWith(error), '')).rejects.toBe(error);
  });
});
