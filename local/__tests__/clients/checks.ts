import { createHash } from 'node:crypto';
import type { Target } from '../support/local-database';
import type { ClientCheck } from './line';
import type { ProgramResult } from './run-program';

/** A way to log in. */
export interface Way {
  readonly target: Target;
  readonly iam: boolean;
  readonly user: string;
  /** The account that the server knows the user by. */
  readonly account: string;
}

const timestamps = { user: 'timestamps', account: 'timestamps@10.20.%' };
export const ways: readonly Way[] = [
  { target: 'instance', iam: false, ...timestamps },
  { target: 'instance', iam: true, user: 'items', account: 'items@%' },
  { target: 'passwordProxy', iam: false, ...timestamps },
  { target: 'iamProxy', iam: true, ...timestamps },
];

/** Formats a way to log in: `password at instance`. */
export const nameOf = ({ target, iam }: Way): string =>
  `${iam ? 'IAM' : 'password'} at ${{ instance: 'the instance', passwordProxy: 'the password proxy', iamProxy: 'the IAM proxy' }[target]}`;

/** Characters of one to four bytes, and combined ones. */
export const TEXT = '🦭 naïve 日本語 👩‍💻';

/** Length as the server counts it, in code points. */
const TEXT_LENGTH = 15;

const BIG_VALUE_HASH = createHash('sha256')
  .update(Uint8Array.from({ length: 20 * 2 ** 20 }, (_, index) => index % 256))
  .digest('hex');

interface Rule {
  /** Heading of its column. */
  readonly title: string;
  /** Returns the expected result. */
  readonly sees?: (way: Way) => string;
  /** The expected error, if the check expects one. */
  readonly error?: RegExp;
}

export const checks: Readonly<Record<ClientCheck, Rule>> = {
  login: { title: 'login', sees: ({ account }) => account },
  wrongSecret: { title: 'wrong secret is refused', error: /\b1045\b/ },
  wrongName: { title: "verifies the server's name", error: /certificat|verif|host ?name|x509|\bSSL\b/i },
  prepared: { title: 'prepared statements', sees: () => "42 it's 1, 43 we’re 1" },
  transaction: { title: 'commit, rollback', sees: () => '0 1' },
  bigValue: { title: '20 MiB there and back', sees: () => BIG_VALUE_HASH },
  text: { title: 'utf8mb4 text', sees: () => `${TEXT} ${TEXT_LENGTH}` },
  // knex reports its own timeout. The suite checks for every client whether the server ended the statement.
  cancel: { title: 'cancel', error: /\b1317\b|KnexTimeoutError/ },
  // RDS Proxy does not compress, so the client must continue without it.
  compression: { title: 'compression', sees: ({ target }) => (target === 'instance' ? 'ON' : 'OFF') },
  reconnect: { title: 'works again after an idle close', sees: ({ account }) => account },
};

/** Result of a check; empty if it passed. */
export interface Outcome {
  /** Why the client does not offer it. */
  readonly lacks?: string;
  readonly failed?: string;
}

/** Compares the result of a program with the expected one. */
export function judge(check: ClientCheck, way: Way, { lines, complaints }: ProgramResult): Outcome {
  const { sees, error } = checks[check];
  const line = lines[check];
  if (line === undefined) return { failed: `the program ended before it: ${complaints.slice(0, 300)}` };
  if (line.lacks !== undefined) return { lacks: line.lacks };
  const expected = error ?? sees?.(way);
  const met = line.error === undefined ? `saw ${line.seen ?? ''}` : `error ${line.error}`;
  const isMet = error ? error.test(line.error ?? '') : line.seen === expected;
  return isMet ? {} : { failed: `expected ${String(expected)}, ${met}`.slice(0, 600) };
}
