import { isUnavailable, isConnectionLost, isRefused } from '../../../../functions/shared/database/error-codes';

/** Classifies a driver error that has these fields. */
function meaning(fields: object) {
  const error = Object.assign(new Error('of the driver'), fields);
  return { lost: isConnectionLost(error), unavailable: isUnavailable(error), refused: isRefused(error) };
}

describe('an error of the driver', () => {
  it.each([
    ['a FIN while the function was frozen', { code: 'PROTOCOL_CONNECTION_LOST' }],
    ['an RST while the function was frozen', { code: 'ECONNRESET' }],
    ['a reset during the TLS handshake', { code: 'HANDSHAKE_SSL_ERROR', message: 'read ECONNRESET' }],
    [
      'a close during the TLS handshake',
      {
        code: 'HANDSHAKE_SSL_ERROR',
        message: 'Client network socket disconnected before secure TLS connection was established',
      },
    ],
    ['a connection closed because it was idle', { code: 'ER_CLIENT_INTERACTION_TIMEOUT', errno: 4031 }],
    [
      'a command on a closed connection (the error has no code)',
      { message: "Can't add new command when connection is in closed state" },
    ],
  ])('means that the connection is lost, but a new one may succeed: %s', (_what, fields) => {
    expect(meaning(fields)).toEqual({ lost: true, unavailable: true, refused: false });
  });

  it.each([
    ['a closed port', { code: 'ECONNREFUSED' }],
    ['a security group that drops packets', { code: 'ETIMEDOUT' }],
    ['a full pool of RDS Proxy', { errno: 9501 }],
    ['a server at its connection limit', { code: 'ER_CON_COUNT_ERROR' }],
    ['a user at its connection limit', { code: 'ER_USER_LIMIT_REACHED' }],
    ['a server in offline mode', { code: 'ER_SERVER_OFFLINE_MODE' }],
    ['a server in read-only mode', { code: 'ER_READ_ONLY_MODE' }],
    ['a server that blocks the client’s address', { code: 'ER_HOST_IS_BLOCKED' }],
    ['an unknown error of RDS Proxy', { code: 'ER_UNKNOWN_ERROR', errno: 1105, message: 'Unknown error' }],
    ['a statement that KILL QUERY ended', { code: 'ER_QUERY_INTERRUPTED' }],
    ['a query that hangs', { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }],
  ])('means that the database is unavailable: %s', (_what, fields) => {
    expect(meaning(fields)).toEqual({ lost: false, unavailable: true, refused: false });
  });

  it.each([
    ['a wrong password or token', { code: 'ER_ACCESS_DENIED_ERROR' }],
    ['a host that no account allows', { code: 'ER_HOST_NOT_PRIVILEGED' }],
    [
      'a user that is blocked after failed logins',
      { code: 'ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK' },
    ],
    ['a server without the IAM plugin', { code: 'ER_PLUGIN_IS_NOT_LOADED' }],
    ['an account with a plugin that the driver lacks', { code: 'ER_NOT_SUPPORTED_AUTH_MODE' }],
    [
      'a certificate of another host',
      { code: 'HANDSHAKE_SSL_ERROR', message: "Hostname/IP does not match certificate's altnames: Host: a." },
    ],
  ])('means that the same login fails again: %s', (_what, fields) => {
    expect(meaning(fields)).toEqual({ lost: false, unavailable: false, refused: true });
  });

  it.each([
    ['a wrong statement', { code: 'ER_PARSE_ERROR', errno: 1064 }],
    [
      'an ER_UNKNOWN_ERROR without the message of RDS Proxy',
      { code: 'ER_UNKNOWN_ERROR', message: 'Bad XPATH expression' },
    ],
  ])('does not mean a lost connection, an unavailable database or a refused login: %s', (_what, fields) => {
    expect(meaning(fields)).toEqual({ lost: false, unavailable: false, refused: false });
  });
});
