import type { Outcome, ProxyLogin } from './logins';

/**
 * The settings that affect logins, and the outcome of each login over TLS: it connects (`o`), is refused (`x`) or finds no usable
 * proxy (`–`).
 */
export interface KnownRow {
  readonly row: number;
  /** @default - no proxy */
  readonly proxy?: ProxyLogin;
  readonly iamAuthentication: boolean;
  readonly outcomes: {
    /** Password → instance. */
    readonly a: Outcome;
    /** IAM → instance. */
    readonly b: Outcome;
    /** Password → proxy → instance. @default - no proxy */
    readonly c?: Outcome;
    /** IAM → proxy → instance. @default - no proxy */
    readonly d?: Outcome;
  };
}

const PASSWORD: ProxyLogin = { iamAuth: 'DISABLED', requireTls: false };
const PASSWORD_OVER_TLS: ProxyLogin = { iamAuth: 'DISABLED', requireTls: true };
const IAM: ProxyLogin = { iamAuth: 'REQUIRED', requireTls: false };
const IAM_OVER_TLS: ProxyLogin = { iamAuth: 'REQUIRED', requireTls: true };
const END_TO_END: ProxyLogin = { ...IAM_OVER_TLS, upstream: 'iam' };

/**
 * Every combination of settings but one: end-to-end IAM at a proxy that does not require TLS. As in rows 7 and 8, no client could use such
 * a proxy. The table is written by hand, and a test compares it with the model in modules/auth.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html
 */
export const KNOWN_MATRIX: readonly KnownRow[] = [
  { row: 1, iamAuthentication: false, outcomes: { a: 'o', b: 'x' } },
  { row: 2, iamAuthentication: true, outcomes: { a: 'o', b: 'o' } },
  { row: 3, proxy: PASSWORD, iamAuthentication: false, outcomes: { a: 'o', b: 'x', c: 'o', d: 'x' } },
  { row: 4, proxy: PASSWORD, iamAuthentication: true, outcomes: { a: 'o', b: 'o', c: 'o', d: 'x' } },
  { row: 5, proxy: PASSWORD_OVER_TLS, iamAuthentication: false, outcomes: { a: 'o', b: 'x', c: 'o', d: 'x' } },
  { row: 6, proxy: PASSWORD_OVER_TLS, iamAuthentication: true, outcomes: { a: 'o', b: 'o', c: 'o', d: 'x' } },
  { row: 7, proxy: IAM, iamAuthentication: false, outcomes: { a: 'o', b: 'x', c: '–', d: '–' } },
  { row: 8, proxy: IAM, iamAuthentication: true, outcomes: { a: 'o', b: 'o', c: '–', d: '–' } },
  { row: 9, proxy: IAM_OVER_TLS, iamAuthentication: false, outcomes: { a: 'o', b: 'x', c: 'x', d: 'o' } },
  { row: 10, proxy: IAM_OVER_TLS, iamAuthentication: true, outcomes: { a: 'o', b: 'o', c: 'x', d: 'o' } },
  { row: 11, proxy: END_TO_END, iamAuthentication: false, outcomes: { a: 'o', b: 'x', c: 'x', d: 'x' } },
  { row: 12, proxy: END_TO_END, iamAuthentication: true, outcomes: { a: 'o', b: 'o', c: 'x', d: 'o' } },
];
