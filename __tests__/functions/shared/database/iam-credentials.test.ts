import { readToken } from '../../../../functions/shared/database/diagnosis/token';
import { iamCredentials } from '../../../../functions/shared/database/iam-credentials';
import type { TlsOptions } from '../../../../functions/shared/database/tls';

const tls: TlsOptions = { ca: 'PEM', verifyIdentity: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' };
const INSTANCE = { host: 'db.c0ffee.eu-central-1.rds.amazonaws.com', port: 3306, tls };
const PROXY = { ...INSTANCE, host: 'iam.proxy-c0ffee.eu-central-1.rds.amazonaws.com' };

const before = process.env;

beforeEach(() => {
  process.env = {
    ...before,
    ...{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'KEY', AWS_SECRET_ACCESS_KEY: 'secret', DB_USER: 'items' },
  };
});

afterEach(() => void (process.env = before));

describe('the login by IAM', () => {
  it('is one token for this user and endpoint, sent in clear text', async () => {
    const logins = [];
    for await (const login of iamCredentials(INSTANCE).logins()) logins.push(login);
    expect(logins).toEqual([{ user: 'items', password: expect.any(String) as string, clearText: true }]);
    expect(readToken(logins[0]?.password ?? '')).toMatchObject({
      user: 'items',
      endpoint: `${INSTANCE.host}:3306`,
      region: 'eu-central-1',
    });
  });

  it.each([
    [INSTANCE, /dbuser:db-…\/items, where db-… is the resource id of the instance/],
    [PROXY, /dbuser:prx-…\/items, where prx-… is the resource id of the proxy/],
  ])('names what to check if the server refuses it: $host', (target, check) => {
    expect(iamCredentials(target).checks[0]).toMatch(check);
  });
});
