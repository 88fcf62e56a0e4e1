import { createHash } from 'node:crypto';
import type { EndpointName } from '../support/local-database';
import type { ClientCheck } from './output-line';
import type { ProgramResult } from './run-program';

/** A way to log in. */
export interface LoginWay {
  readonly target: EndpointName;
  /** Whether the user logs in with an IAM token; otherwise with a password. */
  readonly usesIam: boolean;
  readonly user: string;
  /** The user's account as `CURRENT_USER()` returns it. */
  readonly account: string;
}

const timestamps = { user: 'timestamps', account: 'timestamps@10.20.%' };
export const loginWays: readonly LoginWay[] = [
  { target: 'instance', usesIam: false, ...timestamps },
  { target: 'instance', usesIam: true, user: 'items', account: 'items@%' },
  { target: 'passwordProxy', usesIam: false, ...timestamps },
  { target: 'iamProxy', usesIam: true, ...timestamps },
];

const ENDPOINT_TITLES: Readonly<Record<EndpointName, string>> = {
  instance: 'the instance',
  passwordProxy: 'the password proxy',
  iamProxy: 'the IAM proxy',
};

/** Formats a way to log in, for example `password at the instance`. */
export const describeWay = ({ target, usesIam }: LoginWay): string =>
  `${usesIam ? 'IAM' : 'password'} at ${ENDPOINT_TITLES[target]}`;

/** Characters of one to four bytes in UTF-8, and combined characters. */
export const TEXT = '🦭 naïve 日本語 👩‍💻';

/** Length of the text in code points, as the server counts it. */
const TEXT_LENGTH = 15;

/** SHA-256 of the value that every program inserts in the check `bigValue`. */
const BIG_VALUE_HASH = createHash('sha256')
  .update(Uint8Array.from({ length: 20 * 2 ** 20 }, (_, index) => index % 256))
  .digest('hex');

interface Check {
  /** Heading of the check's column in docs/clients.md. */
  readonly title: string;
  /** Returns the expected result. */
  readonly expected?: (way: LoginWay) => string;
  /** The expected error, in place of a result. */
  readonly error?: RegExp;
}

export const checks: Readonly<Record<ClientCheck, Check>> = {
  login: { title: 'login', expected: ({ account }) => account },
  wrongSecret: { title: 'wrong secret is refused', error: /\b1045\b/ },
  wrongServerName: { title: "verifies the server's name", error: /certificat|verif|host ?name|x509|\bSSL\b/i },
  // The rows of `SELECT ? + 1, ?, ? IS NULL`, executed with two sets of values.
  prepared: { title: 'prepared statements', expected: () => "42 it's 1, 43 we’re 1" },
  // The number of rows after the rollback, then after the commit.
  transaction: { title: 'commit, rollback', expected: () => '0 1' },
  bigValue: { title: '20 MiB there and back', expected: () => BIG_VALUE_HASH },
  text: { title: 'utf8mb4 text', expected: () => `${TEXT} ${TEXT_LENGTH}` },
  // knex reports its own timeout, not the server's error. The suite also checks that the server ended the statement.
  cancel: { title: 'cancel', error: /\b1317\b|KnexTimeoutError/ },
  // RDS Proxy does not compress, so the client must continue without compression.
  compression: { title: 'compression', expected: ({ target }) => (target === 'instance' ? 'ON' : 'OFF') },
  reconnect: { title: 'works again after an idle timeout', expected: ({ account }) => account },
};

/** Outcome of a check; empty if it passed. */
export interface Outcome {
  /** Why the client does not support the check. */
  readonly unsupportedReason?: string;
  /** How the check failed. */
  readonly failure?: string;
}

/** Compares a program's result of one check with the expected result. */
export function judge(check: ClientCheck, way: LoginWay, { lines, stderr }: ProgramResult): Outcome {
  const { expected, error } = checks[check];
  const line = lines[check];
  if (line === undefined) return { failure: `the program ended before this check: ${stderr.slice(0, 300)}` };
  if (line.unsupportedReason !== undefined) return { unsupportedReason: line.unsupportedReason };
  const expectedResult = expected?.(way);
  const passed = error ? error.test(line.error ?? '') : line.seen === expectedResult;
  const actual = line.error === undefined ? `saw ${line.seen ?? ''}` : `error ${line.error}`;
  return passed ? {} : { failure: `expected ${String(error ?? expectedResult)}, ${actual}`.slice(0, 600) };
}
