import type { Keys, TokenOptions } from '../support/logins';

/** A flaw of a token. */
interface Flaw {
  /** Completes `a token …`. */
  readonly title: string;
  /** Changes the options with which the token is signed. */
  readonly change?: (keys: Keys) => Partial<TokenOptions>;
  /** Changes the signed token. */
  readonly tamper?: (token: string) => string;
  /** Part of the line in rds.log that gives the reason. The client gets no reason. */
  readonly reason: string;
}

export const FLAWS: readonly Flaw[] = [
  {
    title: 'for another host',
    change: () => ({ hostname: 'other.example.com' }),
    reason: 'the token is for other.example.com:3306',
  },
  { title: 'for another port', change: () => ({ port: 3307 }), reason: ':3307' },
  { title: 'for another user', change: () => ({ username: 'admin' }), reason: "the token is for the user 'admin'" },
  {
    title: 'for another region',
    change: () => ({ region: 'eu-west-1' }),
    reason: 'the token is for rds-db in eu-west-1',
  },
  {
    title: 'with an unknown access key',
    change: (keys) => ({ credentials: { ...keys, accessKeyId: 'ASIAUNKNOWN' } }),
    reason: 'the access key of the token is unknown',
  },
  {
    title: 'signed with another key',
    change: (keys) => ({ credentials: { ...keys, secretAccessKey: 'a guess' } }),
    reason: 'the signature of the token is wrong',
  },
  {
    title: 'with a modified signature',
    tamper: (token) => token.replace(/(?<=X-Amz-Signature=)./, (digit) => (digit === '0' ? '1' : '0')),
    reason: 'the signature of the token is wrong',
  },
  {
    title: 'with an extended lifetime',
    tamper: (token) => token.replace('X-Amz-Expires=900', 'X-Amz-Expires=90000'),
    reason: 'the signature of the token is wrong',
  },
  { title: 'replaced by a password', tamper: () => 'a password', reason: 'the client sent no token' },
];
