import { diagnose } from '../../../../../functions/shared/database/diagnosis/diagnose';
import {
  passwordAttempt,
  tokenAttempt,
  driverError,
  instanceEndpoint,
  proxyEndpoint,
} from '../../../../support/failed-connections';

const cname = { host: 'db.example.com', port: 3306 };

const denied = driverError('ER_ACCESS_DENIED_ERROR');

describe('a refused token', () => {
  it('that is valid gets no explanation', async () => {
    expect(diagnose(denied, instanceEndpoint, await tokenAttempt(instanceEndpoint))).toEqual([]);
  });

  it.each([
    [
      'another host',
      instanceEndpoint,
      () => tokenAttempt(proxyEndpoint),
      /^the token is for iam\.proxy\S+ and was sent/,
    ],
    [
      'another port',
      instanceEndpoint,
      () => tokenAttempt({ ...instanceEndpoint, port: 3307 }),
      /^the token is for \S+:3307 and was sent to \S+:3306: /,
    ],
    ['a CNAME', cname, () => tokenAttempt(cname), /^db\.example\.com is not an RDS endpoint: DB_HOST must be the/],
    [
      'another region',
      instanceEndpoint,
      () => tokenAttempt(instanceEndpoint, { region: 'eu-west-1' }),
      /^the token is signed for eu-west-1 and login-matrix\S+ is in eu-central-1: AWS_REGION must be/,
    ],
    [
      'another user',
      instanceEndpoint,
      () => tokenAttempt(instanceEndpoint, { username: 'admin' }),
      /^the token is for the user 'admin' and the login for the user 'items': DB_USER must be/,
    ],
    [
      'a user whom the instance asks for a password',
      instanceEndpoint,
      () => tokenAttempt(instanceEndpoint, { tokenSent: false }),
      /^the server asked for a password, not for a token: the user 'items' does not exist there, or is not IDENTIFIED WITH AWS/,
    ],
    [
      'a proxy that expects a password or has no secret for the user',
      proxyEndpoint,
      () => tokenAttempt(proxyEndpoint, { tokenSent: false }),
      /^the proxy asked for no token: either its IAM setting is DISABLED, .*; or the proxy has no secret for 'items': an auth block/,
    ],
  ])('for %s gets exactly one explanation', async (_what, target, makeAttempt, sentence) => {
    expect(diagnose(denied, target, await makeAttempt())).toEqual([expect.stringMatching(sentence)]);
  });

  it('that is too old is reported with its age', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000);
    expect(diagnose(denied, instanceEndpoint, await tokenAttempt(instanceEndpoint), inAnHour)).toEqual([
      // The SDK signs after `inAnHour` is set. If a new second begins in between, the age is rounded down to 59 minutes.
      expect.stringMatching(
        /^the token was signed (59|60) minutes ago and is valid for 15 minutes: sign one for each connection$/,
      ),
    ]);
  });

  it('that the server did not ask for is not reported as too old', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000);
    const attempt = await tokenAttempt(instanceEndpoint, { tokenSent: false });
    expect(diagnose(denied, instanceEndpoint, attempt, inAnHour)).toEqual([
      expect.stringMatching(/^the server asked for a password, not for a token/),
    ]);
  });

  it('that cannot be read gets no explanation', () => {
    const login = { user: 'items', password: 'host:3306/?Action=connect', clearText: true };
    expect(diagnose(denied, instanceEndpoint, { login, tokenSent: true })).toEqual([]);
  });
});

describe('a refused password', () => {
  it('gets no explanation at the instance', () => {
    expect(diagnose(denied, instanceEndpoint, passwordAttempt)).toEqual([]);
  });

  it('gets an explanation with two causes at a proxy, which returns the same error for both', () => {
    expect(diagnose(denied, proxyEndpoint, passwordAttempt)).toEqual([
      expect.stringMatching(
        /^the proxy has no secret for 'timestamps': .*; or the proxy has the secret, but the secret holds another password$/,
      ),
    ]);
  });

  it.each([
    [
      'a user with the IAM plugin',
      instanceEndpoint,
      /^the server asked for a token, not for a password: the user 'timestamps' is IDENTIFIED WITH/,
    ],
    [
      'a proxy that requires a token',
      proxyEndpoint,
      /^the proxy asked for a token, not for a password: its IAM setting is REQ/,
    ],
  ])('for %s gets exactly one explanation', (_what, target, sentence) => {
    for (const code of ['AUTH_SWITCH_PLUGIN_ERROR', 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED']) {
      expect(diagnose(driverError(code), target, passwordAttempt)).toEqual([expect.stringMatching(sentence)]);
    }
  });
});

describe('a refused account', () => {
  it.each([
    [
      'ER_HOST_NOT_PRIVILEGED',
      /^no account, not even that of the master user, allows the client's address: check DB_HOST/,
    ],
    ['ER_NOT_SUPPORTED_AUTH_MODE', /^the account of 'timestamps' is IDENTIFIED WITH a plugin that the driver does not/],
    ['ER_ACCOUNT_HAS_BEEN_LOCKED', /^the account of 'timestamps' is locked/],
    [
      'ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK',
      /^the account of 'timestamps' is blocked after/,
    ],
    ['ER_MUST_CHANGE_PASSWORD_LOGIN', /^the password of 'timestamps' has expired/],
    ['ER_DBACCESS_DENIED_ERROR', /no privilege on the database in DB_NAME/],
  ])('with the error code %s gets exactly one explanation', (code, sentence) => {
    expect(diagnose(driverError(code), instanceEndpoint, passwordAttempt)).toEqual([expect.stringMatching(sentence)]);
  });

  it.each([
    ['AWSAuthenticationPlugin', /, because IAM database authentication is off on the instance, or turns on only in/],
    [
      'mysql_native_password',
      /^the account of 'timestamps' is IDENTIFIED WITH a plugin that the server has not loaded/,
    ],
  ])('that needs the plugin %s, which the server has not loaded, gets exactly one explanation', (plugin, sentence) => {
    const notLoaded = driverError('ER_PLUGIN_IS_NOT_LOADED', `Plugin '${plugin}' is not loaded`);
    expect(diagnose(notLoaded, instanceEndpoint, passwordAttempt)).toEqual([expect.stringMatching(sentence)]);
  });
});
