import { Signer } from '@aws-sdk/rds-signer';
import { checkToken } from '../../../rds/login/token';

/** The session token has characters that a URL escapes. */
const credentials = { accessKeyId: 'ROLE', secretAccessKey: 'secret', sessionToken: 'a/session+token=' };

/** The credentials as the endpoint knows them: with their role. */
const knownCredentials = { ...credentials, roleArn: 'arn:aws:iam::123456789012:role/items' };

const audience = {
  host: 'db.example.com',
  port: 3306,
  region: 'eu-central-1',
  credentialsOf: (id: string) => (id === 'ROLE' ? knownCredentials : undefined),
};

/** A token as the AWS SDK signs it. */
const sign = (change: object = {}): Promise<string> =>
  new Signer({ ...audience, hostname: audience.host, username: 'items', credentials, ...change }).getAuthToken();

const MINUTE_MS = 60_000;

/** Checks a token of the user `items`. */
const check = (token: string, ageMinutes = 0) =>
  checkToken(token, 'items', audience, new Date(Date.now() + ageMinutes * MINUTE_MS));

describe('an endpoint', () => {
  it('accepts a token that the AWS SDK signed, for almost fifteen minutes', async () => {
    expect(check(await sign())).toBe(knownCredentials);
    expect(check(await sign(), 14)).toBe(knownCredentials);
  });

  it.each([
    ['for another host', { hostname: 'other.example.com' }, /^the token is for other/],
    ['for another port', { port: 3307 }, /^the token is for db\.example\.com:3307/],
    ['for another region', { region: 'eu-west-1' }, /^the token is for rds-db in eu-west-1/],
    ['for another user', { username: 'admin' }, /^the token is for the user 'admin'/],
  ])('refuses a token %s', async (_what, change, reason) => {
    expect(check(await sign(change))).toMatch(reason);
  });

  it.each([
    ['of unknown credentials', { accessKeyId: 'UNKNOWN' }, /^the access key of the token is unknown$/],
    ['of another session', { sessionToken: 'another' }, /^the session token does not belong/],
    ['without a session', { sessionToken: undefined }, /^the session token does not belong/],
    ['signed with a wrong key', { secretAccessKey: 'guess' }, /^the signature of the token is wrong/],
  ])('refuses a token %s', async (_what, change, reason) => {
    expect(check(await sign({ credentials: { ...credentials, ...change } }))).toMatch(reason);
  });

  it('refuses a token after fifteen minutes, and one signed more than five minutes in the future', async () => {
    expect(check(await sign(), 15)).toBe('the token has expired');
    expect(check(await sign(), -4)).toBe(knownCredentials);
    expect(check(await sign(), -6)).toBe('the token was signed in the future');
  });

  it.each([
    ['of another day than X-Amz-Date', (token: string) => token.replace(/(Credential=ROLE%2F)\d{8}/, '$120200131')],
    ['that does not end in aws4_request', (token: string) => token.replace('aws4_request', 'aws4')],
  ])('refuses a token with a credential scope %s', async (_what, change) => {
    expect(check(change(await sign()))).toMatch(
      /^X-Amz-Credential must end in <day of X-Amz-Date>\/eu-central-1\/rds-db\/aws4_request$/,
    );
  });

  it('refuses a changed token, and a password in place of a token', async () => {
    const token = await sign();
    const wrong = 'the signature of the token is wrong';
    expect(check(token.replace('session', 'sessiom'))).toBe('the session token does not belong to the access key');
    expect(check(token.replace('Expires=900', 'Expires=899'))).toBe(wrong);
    expect(check(token.slice(0, -1))).toBe(wrong);
    expect(check(`${token}0`)).toBe(wrong);
    expect(check('a password')).toBe('the client sent no token');
  });
});
