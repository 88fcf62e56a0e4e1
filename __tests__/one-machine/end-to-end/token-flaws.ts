import type { Keys, TokenOptions } from '../support/logins';

/** What can be wrong with a token, and the reason that the log tells. */
interface Flaw {
  /** What is wrong with the token. */
  readonly what: string;
  readonly change?: (keys: Keys) => Partial<TokenOptions>;
  readonly tamper?: (token: string) => string;
  /** What rds.log tells; nobody else hears it. */
  readonly reason: string;
}

export const FLAWS: readonly Flaw[] = [
  {
    what: 'for another host',
    change: () => ({ hostname: 'other.example.com' }),
    reason: 'it is for other.example.com:3306',
  },
  { what: 'for another port', change: () => ({ port: 3307 }), reason: ':3307' },
  { what: 'for another user', change: () => ({ username: 'admin' }), reason: 'it is for the user admin' },
  { what: 'for another region', change: () => ({ region: 'eu-west-1' }), reason: 'it is for eu-west-1' },
  {
    what: 'of nobody who is known',
    change: (keys) => ({ credentials: { ...keys, accessKeyId: 'ASIANOBODY' } }),
    reason: 'its access key is unknown',
  },
  {
    what: 'signed with another key',
    change: (keys) => ({ credentials: { ...keys, secretAccessKey: 'a guess' } }),
    reason: 'its signature is wrong',
  },
  {
    what: 'whose signature was changed on the way',
    tamper: (token) => token.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    reason: 'its signature is wrong',
  },
  {
    what: 'whose lifetime was made longer',
    tamper: (token) => token.replace('X-Amz-Expires=900', 'X-Amz-Expires=90000'),
    reason: 'its signature is wrong',
  },
  { what: 'that is a password', tamper: () => 'a password', reason: 'it is not a token' },
];
