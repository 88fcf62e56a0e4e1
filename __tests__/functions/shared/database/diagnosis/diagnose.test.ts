import { Signer } from '@aws-sdk/rds-signer';
import { diagnose } from '../../../../../functions/shared/database/diagnosis/diagnose';

const instance = { host: 'login-matrix-dev.c0ffee.eu-central-1.rds.amazonaws.com', port: 3306 };
const proxy = { host: 'iam.proxy-c0ffee.eu-central-1.rds.amazonaws.com', port: 3306 };
const alias = { host: 'db.example.com', port: 3306 };

const error = (fields: object): Error => Object.assign(new Error('of the driver'), fields);
const denied = error({ code: 'ER_ACCESS_DENIED_ERROR' });
const tls = (message: string): Error => Object.assign(new Error(message), { code: 'HANDSHAKE_SSL_ERROR' });

const tooMany = (message: string): Error => Object.assign(new Error(message), { code: 'ER_CON_COUNT_ERROR' });
const notLoaded = (plugin: string): Error =>
  Object.assign(new Error(`Plugin '${plugin}' is not loaded`), { code: 'ER_PLUGIN_IS_NOT_LOADED' });
const noCredentials = (user: string): Error =>
  Object.assign(
    new Error(
      `This RDS proxy has no credentials for the role ${user}. Check the credentials for this role and try again.`,
    ),
    { code: 'ER_ACCESS_DENIED_ERROR' },
  );

/** A login with a token, signed by the AWS SDK, that the server asked for. */
async function byToken(
  { host, port }: typeof instance,
  change: { region?: string; username?: string } = {},
  tokenSent = true,
) {
  const credentials = { accessKeyId: 'ROLE', secretAccessKey: 'secret', sessionToken: 'session' };
  const made = { region: 'eu-central-1', username: 'items', ...change };
  const token = await new Signer({ hostname: host, port, credentials, ...made }).getAuthToken();
  return { login: { user: 'items', password: token, clearText: true }, tokenSent };
}

const byPassword = { login: { user: 'timestamps', password: 'a password', clearText: false }, tokenSent: false };

describe('a refused token', () => {
  it('with a valid token has no known cause', async () => {
    expect(diagnose(denied, instance, await byToken(instance))).toEqual([]);
  });

  it.each([
    [
      'another host',
      instance,
      () => byToken(proxy),
      /^the token is for iam\.proxy\S+:3306 and was sent to login-matrix/,
    ],
    [
      'another port',
      instance,
      () => byToken({ ...instance, port: 3307 }),
      /^the token is for \S+:3307 and was sent to/,
    ],
    ['a CNAME', alias, () => byToken(alias), /^db\.example\.com is not an RDS endpoint: DB_HOST must be the endpoint/],
    [
      'another region',
      instance,
      () => byToken(instance, { region: 'eu-west-1' }),
      /^the token is signed for eu-west-1 and login-matrix\S+ is in eu-central-1: AWS_REGION must be/,
    ],
    [
      'another user',
      instance,
      () => byToken(instance, { username: 'admin' }),
      /^the token is for admin and the login for items: DB_USER must be/,
    ],
    [
      'a user of the instance with a password',
      instance,
      () => byToken(instance, {}, false),
      /^the server asked for a password, not for a token: items does not exist there, or is not IDENTIFIED WITH AWS/,
    ],
    [
      'a proxy for passwords',
      proxy,
      () => byToken(proxy, {}, false),
      /^the proxy asked for a password, not for a token: its IAM setting is DISABLED/,
    ],
  ])('for %s has exactly one cause', async (_what, target, attempt, sentence) => {
    expect(diagnose(denied, target, await attempt())).toEqual([expect.stringMatching(sentence)]);
  });

  it('that is too old is reported with its age', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000);
    expect(diagnose(denied, instance, await byToken(instance), inAnHour)).toEqual([
      expect.stringMatching(/^the token was signed (59|60) minutes ago and lasts 15: sign one for each connection$/),
    ]);
  });

  it('is reported with every cause if there are several', async () => {
    expect(diagnose(denied, alias, await byToken(instance, { username: 'admin' }))).toHaveLength(3);
  });

  it('is never quoted', async () => {
    const attempt = await byToken(proxy, { region: 'eu-west-1', username: 'admin' }, false);
    const sentences = diagnose(denied, instance, attempt, new Date(Date.now() + 3_600_000)).join();
    expect(sentences).not.toMatch(/X-Amz|Signature|session/);
  });

  it('is not the cause if the proxy does not know the user and has not checked the token', async () => {
    const attempt = await byToken(instance, { username: 'admin' }, false);
    expect(diagnose(noCredentials('items'), proxy, attempt)).toEqual([
      expect.stringMatching(
        /^the proxy has no secret for items: its auth must name the secret with that username, and/,
      ),
    ]);
  });

  it('has no cause if it is not a token at all', () => {
    for (const password of ['', 'a password', 'host:3306/?Action=connect', 'host/?DBUser=a&X-Amz-Credential=b']) {
      const login = { user: 'items', password, clearText: true };
      expect(diagnose(denied, instance, { login, tokenSent: true })).toEqual([]);
    }
  });
});

describe('a refused password', () => {
  it('has no known cause', () => {
    expect(diagnose(denied, instance, byPassword)).toEqual([]);
  });

  it.each([
    [
      'a user with the IAM plugin',
      instance,
      /^the server asked for a token, not for a password: timestamps is IDENTIFIED WITH/,
    ],
    ['a proxy for tokens', proxy, /^the proxy asked for a token, not for a password: its IAM setting is REQUIRED/],
  ])('by %s has exactly one cause', (_what, target, sentence) => {
    for (const code of ['AUTH_SWITCH_PLUGIN_ERROR', 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED']) {
      expect(diagnose(error({ code }), target, byPassword)).toEqual([expect.stringMatching(sentence)]);
    }
  });
});

describe('an error with one cause', () => {
  it.each([
    [
      'an unknown authority',
      tls('self-signed certificate in certificate chain'),
      /^no authority in DB_CA_FILE signed .*: DB_CA_FILE must be \/opt\/certs\/rds\.pem/,
    ],
    ['an authority of the same name', tls('certificate signature failure'), /^no authority in DB_CA_FILE signed/],
    ['an unknown issuer', tls('unable to get local issuer certificate'), /^no authority in DB_CA_FILE signed/],
    [
      'another name',
      tls("Hostname/IP does not match certificate's altnames: Host: a"),
      /^the certificate is not for login-matrix/,
    ],
    ['an old certificate', tls('certificate has expired'), /not valid today/],
    ['no TLS', error({ code: 'HANDSHAKE_NO_SSL_SUPPORT' }), /offers no TLS/],
    ['a client without TLS', error({ code: 'ER_SECURE_TRANSPORT_REQUIRED' }), /^the server requires TLS/],
    [
      'a closed security group',
      error({ code: 'ETIMEDOUT' }),
      /security group must allow port 3306 out to the instance's group/,
    ],
    ['a closed port', error({ code: 'ECONNREFUSED' }), /nothing listens on port 3306/],
    ['an unknown host name', error({ code: 'ENOTFOUND' }), /^DNS does not know /],
    ['a missing route', error({ code: 'EHOSTUNREACH' }), /^there is no route to/],
    ['a missing route to the network', error({ code: 'ENETUNREACH' }), /^there is no route to/],
    ['a full server', tooMany('Too many connections'), /^the server has no connection left/],
    [
      'a user at its connection limit',
      error({ code: 'ER_USER_LIMIT_REACHED' }),
      /^timestamps has reached its connection limit/,
    ],
    [
      'a proxy at its rate limit for connections',
      tooMany('Connections rate limit exceeded (100)'),
      /^the proxy accepts no more connections at a time/,
    ],
    ['a proxy at its rate limit for tokens', tooMany('IAM authentication rate limit exceeded'), /^the proxy accepts/],
    [
      'a proxy with too many clients',
      tooMany('Number simultaneous connections exceeded (100)'),
      /^the proxy accepts no more connections at a time/,
    ],
    ['a full pool', new Error('Timed-out waiting to acquire database connection'), /^the pool of the proxy is full/],
    ['a host that no account allows', error({ code: 'ER_HOST_NOT_PRIVILEGED' }), /allows the address of the caller/],
    [
      'a proxy without a secret for the user',
      noCredentials('timestamps'),
      /^the proxy has no secret for timestamps: its auth must name the secret with that username, and its role must/,
    ],
    [
      'IAM authentication that is off on the instance',
      notLoaded('AWSAuthenticationPlugin'),
      /^the server has not loaded AWSAuthenticationPlugin: IAM database authentication is off on the instance/,
    ],
    [
      'an account with an old plugin',
      notLoaded('mysql_native_password'),
      /^the account of timestamps is IDENTIFIED WITH a plugin that the server has not loaded/,
    ],
    [
      'an account with a plugin unknown to the driver',
      error({ code: 'ER_NOT_SUPPORTED_AUTH_MODE' }),
      /^the account of timestamps is IDENTIFIED WITH a plugin that the driver does not know/,
    ],
    ['a locked account', error({ code: 'ER_ACCOUNT_HAS_BEEN_LOCKED' }), /^the account of timestamps is locked/],
    [
      'an expired password',
      error({ code: 'ER_MUST_CHANGE_PASSWORD_LOGIN' }),
      /^the password of timestamps has expired/,
    ],
    ['a missing grant', error({ code: 'ER_DBACCESS_DENIED_ERROR' }), /no privilege on the database in DB_NAME/],
  ])('is explained: %s', (_what, failed, sentence) => {
    expect(diagnose(failed, instance, byPassword)).toEqual([expect.stringMatching(sentence)]);
  });

  it('names the conditions of a proxy if the host is one', () => {
    expect(diagnose(error({ code: 'ETIMEDOUT' }), proxy)).toEqual([expect.stringContaining("the proxy's group")]);
    expect(diagnose(tls('self-signed certificate'), proxy)).toEqual([expect.stringContaining('amazon-roots.pem')]);
  });
});

it('returns no cause for an unknown error', () => {
  expect(diagnose(error({ code: 'ER_PARSE_ERROR' }), instance, byPassword)).toEqual([]);
  expect(diagnose(undefined, instance)).toEqual([]);
});
