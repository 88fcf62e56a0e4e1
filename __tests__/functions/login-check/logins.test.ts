import { parseLogins } from '../../../functions/login-check/logins';

const IAM = { route: 'GET /items', at: 'instance', host: 'db.example.com', port: 3306, user: 'items', by: 'iam' };
const PASSWORD = { ...IAM, route: 'GET /func1', at: 'proxy', by: 'password', secretArn: 'arn:of:secret' };

describe('the event of the login check', () => {
  it('lists the logins to try', () => {
    expect(parseLogins({ logins: [IAM, PASSWORD] })).toEqual([IAM, PASSWORD]);
  });

  it.each([
    ['it lists no logins', []],
    ['a login by password names no secret', [{ ...PASSWORD, secretArn: undefined }]],
    ['a login by IAM names a secret', [{ ...IAM, secretArn: 'arn:of:secret' }]],
    ['a login is at an unknown endpoint', [{ ...IAM, at: 'replica' }]],
  ])('is refused if %s', (_what, logins) => {
    expect(() => parseLogins({ logins })).toThrow(/^The event must list the logins to check\. logins/);
  });
});
