import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameOf, parseLogins, targetOf } from '../../../functions/login-check/logins';
import { setVariablesForEachTest } from '../../support/environment-variables';

const CERTS = join(__dirname, '../../../certs');
const IAM = {
  route: 'GET /items',
  at: 'instance',
  host: 'db.example.com',
  port: 3306,
  user: 'items',
  by: 'iam',
} as const;
const PASSWORD = {
  ...IAM,
  route: 'GET /func1',
  at: 'proxy',
  user: 'timestamps',
  by: 'password',
  secretArn: 'arn:of:secret',
} as const;

describe('the logins of the check', () => {
  it('are those of the event', () => {
    expect(parseLogins({ logins: [IAM, PASSWORD] })).toEqual([IAM, PASSWORD]);
  });

  it.each([
    ['no login', []],
    ['a password without its secret', [{ ...PASSWORD, secretArn: undefined }]],
    ['a token with a secret', [{ ...IAM, secretArn: 'arn:of:secret' }]],
    ['an unknown endpoint', [{ ...IAM, at: 'replica' }]],
  ])('are refused if they contain %s', (_what, logins) => {
    expect(() => parseLogins({ logins })).toThrow(/^The event must list the logins to check\. logins/);
  });

  it('have names that say how, as whom and where, and contain no secret', () => {
    expect([IAM, PASSWORD].map(nameOf)).toEqual([
      'GET /items (by IAM as items at db.example.com)',
      'GET /func1 (by password as timestamps at db.example.com)',
    ]);
  });
});

describe('the endpoint of a login', () => {
  const DB_CA_FILE = join(CERTS, 'rds/eu-central-1.pem');
  const PROXY_CA_FILE = join(CERTS, 'amazon/AmazonRootCA1.pem');

  setVariablesForEachTest({ DB_CA_FILE, PROXY_CA_FILE });

  it.each([
    ['the instance', IAM, DB_CA_FILE],
    ['a proxy', PASSWORD, PROXY_CA_FILE],
  ])('is verified by the authorities of its kind: %s', (_what, login, caFile) => {
    const tls = { verifyIdentity: true, ca: readFileSync(caFile, 'utf8') };
    expect(targetOf(login)).toMatchObject({ host: 'db.example.com', port: 3306, tls });
  });
});
