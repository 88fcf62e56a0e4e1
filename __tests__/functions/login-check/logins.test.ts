import { parseLogins } from '../../../functions/login-check/logins';

const IAM = { route: 'GET /items', at: 'instance', host: 'db.example.com', port: 3306, user: 'items', by: 'iam' };
const PASSWORD = { ...IAM, route: 'GET /func1', at: 'proxy', by: 'password', secretArn: 'arn:of:secret' };

describe('the logins of the check', () => {
  it('are those of the event', () => {
    expect(parseLogins({ logins: [IAM, PASSWORD] })).toEqual([IAM, PASSWORD]);
  });

  it.each([
    ['there are none', []],
    ['a password has no secret', [{ ...PASSWORD, secretArn: undefined }]],
    ['a token has a secret', [{ ...IAM, secretArn: 'arn:of:secret' }]],
    ['an endpoint is unknown', [{ ...IAM, at: 'replica' }]],
  ])('are refused if %s', (_what, logins) => {
    expect(() => parseLogins({ logins })).toThrow(/^The event must list the logins to check\. logins/);
  });
});
