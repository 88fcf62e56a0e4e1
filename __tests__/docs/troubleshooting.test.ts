import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt, Failure } from '../../functions/shared/database/diagnosis/cause';
import { loginCauses } from '../../functions/shared/database/diagnosis/login';
import { networkCauses } from '../../functions/shared/database/diagnosis/network';
import { secretFailure } from '../../functions/shared/secrets/secret-failure';
import { tlsCauses } from '../../functions/shared/database/diagnosis/tls';
import { MEANINGS } from '../../functions/shared/database/error-codes';
import { checksOf } from '../../functions/shared/database/errors';
import { iamCredentials } from '../../functions/shared/database/iam-credentials';
import { secretCredentials } from '../../functions/shared/secrets/secret-credentials';
import { VERIFIED_TLS as tls } from '../support/verified-tls';

const causes = [...networkCauses, ...tlsCauses, ...loginCauses];

const RDS = 'c0ffee.eu-central-1.rds.amazonaws.com';
const TARGETS = [`login-matrix.${RDS}`, `iam.proxy-${RDS}`, 'db.example.com'].map((host) => ({ host, port: 3306 }));

/** Error messages of Node.js, MySQL and RDS Proxy. */
const MESSAGES = [
  'unable to verify the first certificate',
  "Hostname/IP does not match certificate's altnames",
  'certificate has expired',
  "Plugin 'AWSAuthenticationPlugin' is not loaded",
  'Connections rate limit exceeded (100)',
  'Timed-out waiting to acquire database connection',
];

const SECRET_ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:items';

const login = { user: 'items', password: 'a password', clearText: false };
const token =
  'other.example.com:3306/?Action=connect&DBUser=admin&X-Amz-Credential=KEY%2F20260101%2Feu-west-1%2Frds-db%2Faws4_request&X-Amz-Date=20260101T000000Z';
const tokenLogin = { ...login, password: token, clearText: true };
const ATTEMPTS: readonly Attempt[] = [
  { login, tokenSent: false },
  { login: tokenLogin, tokenSent: false },
  { login: tokenLogin, tokenSent: true },
];

/** All combinations of all known error codes with messages, targets and attempts, including impossible ones. */
const failures: readonly Failure[] = Object.keys(MEANINGS).flatMap((code) =>
  MESSAGES.flatMap((message) =>
    TARGETS.flatMap((target) =>
      ATTEMPTS.map((attempt) => ({ code, message, target, attempt, now: new Date('2026-01-02') })),
    ),
  ),
);

/**
 * If a function does not know why its login failed, its log has a list of possible causes in the field `check`. Returns the first entry of
 * each list. The docs explain only the first.
 */
function firstChecksWithoutCause(): (string | undefined)[] {
  const originalEnv = process.env;
  process.env = { ...originalEnv, DB_SECRET_ARN: SECRET_ARN, DB_USER: 'items', AWS_REGION: 'eu-central-1' };
  const credentials = [...TARGETS.map((target) => iamCredentials({ ...target, tls })), secretCredentials()];
  process.env = originalEnv;
  return credentials.map(({ checks }) => checks[0]);
}

const secretFailures = [
  { name: 'TimeoutError' },
  { name: 'AccessDeniedException' },
  { name: 'ResourceNotFoundException' },
  { message: 'it was marked for deletion' },
].map((fields) => secretFailure(Object.assign(new Error(), fields), { action: 'GetSecretValue', secret: SECRET_ARN }));

/** The texts of the field `check` that the docs must explain: causes, failures of Secrets Manager, first checks of logins. */
const checks = [
  ...failures.flatMap((failure) => causes.map((cause) => cause(failure))),
  ...secretFailures.flatMap(checksOf),
  ...firstChecksWithoutCause(),
].filter((check) => check !== undefined);

/** Reads the inline code in the first column of a table. @param heading of the column */
function entriesOf(heading: string): string[] {
  const page = readFileSync(join(__dirname, '../../docs/troubleshooting.md'), 'utf8');
  const table = page.split('\n\n').find((part) => part.startsWith(`| ${heading} `)) ?? '';
  const cells = table.split('\n').map((row) => row.split(' | ')[0] ?? '');
  // Without the header and the row of hyphens.
  return cells.slice(2).flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, entry = '']) => entry));
}

/** Returns whether a check begins with an entry, in which `…` matches any text. */
function beginsWith(check: string, entry: string): boolean {
  const parts = entry.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}`).test(check);
}

it('every cause applies to at least one of these failed logins', () => {
  const unmatched = causes.filter((cause) => failures.every((failure) => cause(failure) === undefined));
  expect(unmatched.map(String)).toEqual([]);
});

describe('docs/troubleshooting.md', () => {
  const entries = entriesOf('`check` begins');

  it('has an entry for every cause, for failures of Secrets Manager, and for the first check of each kind of login', () => {
    const missing = checks.filter((check) => !entries.some((entry) => beginsWith(check, entry)));
    expect([...new Set(missing)]).toEqual([]);
  });

  it('has no entry for a check that no function logs', () => {
    expect(entries.filter((entry) => !checks.some((check) => beginsWith(check, entry)))).toEqual([]);
  });
});
