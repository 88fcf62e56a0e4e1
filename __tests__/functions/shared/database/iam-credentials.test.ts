import { readToken } from '../../../../functions/shared/database/diagnosis/token';
import { iamCredentials } from '../../../../functions/shared/database/iam-credentials';
import { setVariablesForEachTest } from '../../../support/environment-variables';
import { instanceEndpoint, proxyEndpoint } from '../../../support/failed-connections';
import { VERIFIED_TLS as tls } from '../../../support/verified-tls';

setVariablesForEachTest({
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'KEY',
  AWS_SECRET_ACCESS_KEY: 'secret',
  DB_USER: 'items',
});

describe('the login by IAM', () => {
  it('uses one token, signed for its user and endpoint, and sends it in clear text', async () => {
    const logins = [];
    for await (const login of iamCredentials({ ...instanceEndpoint, tls }).logins()) logins.push(login);
    expect(logins).toEqual([{ user: 'items', password: expect.any(String) as string, clearText: true }]);
    expect(readToken(logins[0]?.password ?? '')).toMatchObject({
      user: 'items',
      endpoint: `${instanceEndpoint.host}:3306`,
      region: 'eu-central-1',
    });
  });

  it.each([
    ['the instance', instanceEndpoint, /dbuser:db-…\/items, where db-… is the resource id of the instance/],
    ['a proxy', proxyEndpoint, /dbuser:prx-…\/items, where prx-… is the resource id of the proxy/],
  ])('names what to check if %s refuses the token', (_what, target, check) => {
    expect(iamCredentials({ ...target, tls }).checks[0]).toMatch(check);
  });

  it('names what to check at a proxy, for both ways in which the proxy may log in to the instance', () => {
    const checks = iamCredentials({ ...proxyEndpoint, tls }).checks.join('; ');
    expect(checks).toContain("if proxies.iam.upstream is not 'iam', the proxy must have a secret for 'items'");
    expect(checks).toContain(
      "if proxies.iam.upstream is 'iam', the database user 'items' must have AWSAuthenticationPlugin",
    );
  });
});
