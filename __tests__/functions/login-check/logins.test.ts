import { join } from 'node:path';
import { nameOf, parseLogins, targetOf } from '../../../functions/login-check/logins';

const ROOTS = join(__dirname, '../../../certs');
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
  ...({ route: 'GET /func1', at: 'proxy', user: 'timestamps', by: 'password', secretArn: 'arn:of:it' } as const),
};

describe('the logins of the check', () => {
  it('are those of the event', () => {
    expect(parseLogins({ logins: [IAM, PASSWORD] })).toEqual([IAM, PASSWORD]);
  });

  it.each([
    ['none', []],
    ['a password without its secret', [{ ...PASSWORD, secretArn: undefined }]],
    ['a token with a secret', [{ ...IAM, secretArn: 'arn:of:it' }]],
    ['an unknown endpoint', [{ ...IAM, at: 'replica' }]],
  ])('are refused if they are %s', (_what, logins) => {
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
  const before = process.env;

  beforeEach(() => {
    const files = {
      DB_CA_FILE: join(ROOTS, 'rds/eu-central-1.pem'),
      PROXY_CA_FILE: join(ROOTS, 'amazon/AmazonRootCA1.pem'),
    };
    process.env = { ...before, ...files };
  });

  afterEach(() => void (process.env = before));

  it('is verified by the authorities of its kind: RDS for the instance, Amazon’s roots for a proxy', () => {
    const [instance, proxy] = [targetOf(IAM), targetOf(PASSWORD)];
    expect(instance).toMatchObject({ host: 'db.example.com', port: 3306, tls: { verifyIdentity: true } });
    expect(instance.tls.ca).not.toBe(proxy.tls.ca);
    expect(proxy.tls.ca.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
  });
});
