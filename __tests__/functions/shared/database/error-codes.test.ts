import { isUnavailable, isConnectionLost, isRefused } from '../../../../functions/shared/database/error-codes';

const error = (fields: object): Error => Object.assign(new Error('of the driver'), fields);

describe('an error of the driver', () => {
  it.each([
    ['FIN while frozen', { code: 'PROTOCOL_CONNECTION_LOST' }],
    ['RST while frozen', { code: 'ECONNRESET' }],
    ['a reset during the TLS handshake', { code: 'HANDSHAKE_SSL_ERROR', message: 'read ECONNRESET' }],
    [
      'a close during the TLS handshake',
      {
        code: 'HANDSHAKE_SSL_ERROR',
        message: 'Client network socket disconnected before secure TLS connection was established',
      },
    ],
    ['closed because it was idle', { code: 'ER_CLIENT_INTERACTION_TIMEOUT', errno: 4031 }],
    [
      'a command on a closed connection, which has no code',
      { message: "Can't add new command when connection is in closed state" },
    ],
  ])('is a lost connection that may succeed on a new one: %s', (_what, fields) => {
    expect(isConnectionLost(error(fields))).toBe(true);
    expect(isUnavailable(error(fields))).toBe(true);
    expect(isRefused(error(fields))).toBe(false);
  });

  it.each([
    ['a closed port', { code: 'ECONNREFUSED' }],
    ['a security group that drops packets', { code: 'ETIMEDOUT' }],
    ['a full pool of RDS Proxy', { errno: 9501 }],
    ['a server at its connection limit', { code: 'ER_CON_COUNT_ERROR' }],
    ['a user at its connection limit', { code: 'ER_USER_LIMIT_REACHED' }],
    ['a statement that KILL QUERY ended', { code: 'ER_QUERY_INTERRUPTED' }],
    ['a query that hangs', { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }],
  ])('is transient: %s', (_what, fields) => {
    expect(isUnavailable(error(fields))).toBe(true);
    expect(isConnectionLost(error(fields))).toBe(false);
    expect(isRefused(error(fields))).toBe(false);
  });

  it.each([
    ['wrong password or token', { code: 'ER_ACCESS_DENIED_ERROR' }],
    ['a host that no account allows', { code: 'ER_HOST_NOT_PRIVILEGED' }],
    [
      'a user that is blocked after failed logins',
      { code: 'ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK' },
    ],
    ['a server without the IAM plugin', { code: 'ER_PLUGIN_IS_NOT_LOADED' }],
    ['an account with a plugin that the driver lacks', { code: 'ER_NOT_SUPPORTED_AUTH_MODE' }],
    [
      'a certificate of another authority',
      { code: 'HANDSHAKE_SSL_ERROR', message: 'unable to verify the first certificate' },
    ],
    ['a certificate that has expired', { code: 'HANDSHAKE_SSL_ERROR', message: 'certificate has expired' }],
    [
      'a certificate of another host',
      { code: 'HANDSHAKE_SSL_ERROR', message: "Hostname/IP does not match certificate's altnames: Host: a." },
    ],
  ])('is a permanent refusal: %s', (_what, fields) => {
    expect(isRefused(error(fields))).toBe(true);
    expect(isUnavailable(error(fields))).toBe(false);
  });

  it('is neither for a wrong statement', () => {
    const wrong = error({ code: 'ER_PARSE_ERROR', errno: 1064 });
    expect([isConnectionLost(wrong), isUnavailable(wrong), isRefused(wrong)]).toEqual([false, false, false]);
  });
});
