import { Signer } from '@aws-sdk/rds-signer';
import { tokenRefusal, type TokenAudience } from '../../../rds/login/token';

/** The session token has characters that a URL escapes. */
const credentials = { accessKeyId: 'ROLE', secretAccessKey: 'secret', sessionToken: 'a/session+token=' };

const audience: TokenAudience = {
  host: 'db.example.com',
  port: 3306,
  region: 'eu-central-1',
  credentialsOf: (id) =>
    id === 'ROLE' ? { ...credentials, roleArn: 'arn:aws:iam::123456789012:role/items' } : undefined,
};

/** A token as the AWS SDK signs it. */
const sign = (change: object = {}): Promise<string> =>
  new Signer({
    hostname: 'db.example.com',
    port: 3306,
    region: 'eu-central-1',
    username: 'items',
    credentials,
    ...change,
  }).getAuthToken();

const MINUTE_MS = 60_000;
const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * MINUTE_MS);

describe('an endpoint', () => {
  it('accepts a token that the AWS SDK signed, for almost fifteen minutes', async () => {
    expect(tokenRefusal(await sign(), 'items', audience)).toBeUndefined();
    expect(tokenRefusal(await sign(), 'items', audience, inMinutes(14))).toBeUndefined();
  });

  it.each([
    ['for another host', { hostname: 'other.example.com' }, /^the token is for other/],
    ['for another port', { port: 3307 }, /^the token is for db\.example\.com:3307/],
    ['for another region', { region: 'eu-west-1' }, /^the token is for rds-db in eu-west-1/],
    ['for another user', { username: 'admin' }, /^the token is for the user admin/],
    [
      'of unknown credentials',
      { credentials: { ...credentials, accessKeyId: 'NOBODY' } },
      /^the access key of the token is unknown$/,
    ],
    [
      'of another session',
      { credentials: { ...credentials, sessionToken: 'another' } },
      /^the session token does not belong/,
    ],
    [
      'without a session',
      { credentials: { accessKeyId: 'ROLE', secretAccessKey: 'secret' } },
      /^the session token does not belong/,
    ],
    [
      'signed with a wrong key',
      { credentials: { ...credentials, secretAccessKey: 'guess' } },
      /^the signature of the token is wrong/,
    ],
  ])('refuses a token %s', async (_what, change, reason) => {
    expect(tokenRefusal(await sign(change), 'items', audience)).toMatch(reason);
  });

  it('refuses a token after fifteen minutes, and one signed in the future', async () => {
    expect(tokenRefusal(await sign(), 'items', audience, inMinutes(15))).toBe('the token has expired');
    expect(tokenRefusal(await sign(), 'items', audience, inMinutes(-6))).toBe('the token was signed in the future');
  });

  it('refuses a changed token', async () => {
    const token = await sign();
    expect(tokenRefusal(token.replace('session', 'sessiom'), 'items', audience)).toBe(
      'the session token does not belong to the access key',
    );
    expect(tokenRefusal(token.replace('Expires=900', 'Expires=899'), 'items', audience)).toBe(
      'the signature of the token is wrong',
    );
    expect(tokenRefusal(token.slice(0, -1), 'items', audience)).toBe('the signature of the token is wrong');
    expect(tokenRefusal(`${token}0`, 'items', audience)).toBe('the signature of the token is wrong');
    expect(tokenRefusal('a password', 'items', audience)).toBeDefined();
  });
});
