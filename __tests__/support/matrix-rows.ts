import type { Environment } from '../../modules/settings/settings';
import { requiredSettings } from './settings';

/** A row of the matrix in docs/settings.md. A login connects (`o`), is refused (`x`) or finds no usable proxy (`–`). */
export interface MatrixRow {
  readonly row: number;
  /** @default - no proxy */
  readonly proxy?: { readonly kind: 'password' | 'iam'; readonly requireTls: boolean; readonly upstream?: 'iam' };
  readonly iamAuthentication: boolean;
  /** Outcomes over TLS, in this order: password and IAM login to the instance, then both logins to the proxy, if there is one. */
  readonly overTls: string;
  /** Outcomes of the same logins without TLS, in the same order. */
  readonly withoutTls: string;
}

/** A row that synth rejects, with the outcomes that it would have. */
export interface RefusedMatrixRow extends MatrixRow {
  /** The deployable row that differs from this row in one setting: `requireTls` for rows 7 and 8, `iamAuthentication` for row 11. */
  readonly neighbour: number;
  /** The error at synth. */
  readonly problem: string;
}

const passwordProxy = { kind: 'password', requireTls: false } as const;
const passwordProxyWithTls = { ...passwordProxy, requireTls: true };
const iamProxy = { kind: 'iam', requireTls: true } as const;
const endToEndProxy = { ...iamProxy, upstream: 'iam' } as const;

/** The rows that can be deployed. They are written by hand, so that tests find errors in the settings and in `modules/auth/matrix.ts`. */
export const deployableRows: readonly MatrixRow[] = [
  { row: 1, iamAuthentication: false, overTls: 'o x', withoutTls: 'x x' },
  { row: 2, iamAuthentication: true, overTls: 'o o', withoutTls: 'x x' },
  { row: 3, proxy: passwordProxy, iamAuthentication: false, overTls: 'o x o x', withoutTls: 'o x x x' },
  { row: 4, proxy: passwordProxy, iamAuthentication: true, overTls: 'o o o x', withoutTls: 'o x x x' },
  { row: 5, proxy: passwordProxyWithTls, iamAuthentication: false, overTls: 'o x o x', withoutTls: 'x x x x' },
  { row: 6, proxy: passwordProxyWithTls, iamAuthentication: true, overTls: 'o o o x', withoutTls: 'x x x x' },
  { row: 9, proxy: iamProxy, iamAuthentication: false, overTls: 'o x x o', withoutTls: 'x x x x' },
  { row: 10, proxy: iamProxy, iamAuthentication: true, overTls: 'o o x o', withoutTls: 'x x x x' },
  { row: 12, proxy: endToEndProxy, iamAuthentication: true, overTls: 'o o x o', withoutTls: 'x x x x' },
];

const refusedProxy = {
  proxy: { ...iamProxy, requireTls: false },
  problem:
    'proxies.iam.requireTls must be true, got false: RDS does not create a proxy that requires IAM but not TLS. Remove the setting or set it to true.',
};

export const refusedRows: readonly RefusedMatrixRow[] = [
  { row: 7, neighbour: 9, ...refusedProxy, iamAuthentication: false, overTls: 'o x – –', withoutTls: 'x x – –' },
  { row: 8, neighbour: 10, ...refusedProxy, iamAuthentication: true, overTls: 'o o – –', withoutTls: 'x x – –' },
  {
    row: 11,
    neighbour: 12,
    problem:
      'proxies.iam.upstream must not be iam, got "iam": the instance refuses the token of the proxy, because IAM database authentication is off. Set database.iamAuthentication to true, or proxies.iam.upstream to secret.',
    proxy: endToEndProxy,
    iamAuthentication: false,
    overTls: 'o x x x',
    withoutTls: 'x x x x',
  },
];

/** Returns the environment of a row. */
export function environmentOfRow({ row, proxy, iamAuthentication }: MatrixRow): Environment {
  const { kind: deployedKind, ...settings } = proxy ?? {};
  const proxyOf = (kind: 'password' | 'iam') =>
    kind === deployedKind ? { enabled: true, ...settings } : { enabled: false };
  return {
    ...requiredSettings,
    name: `row-${row}`,
    database: { iamAuthentication },
    proxies: { password: proxyOf('password'), iam: proxyOf('iam') },
    alarms: { enabled: false },
  };
}
