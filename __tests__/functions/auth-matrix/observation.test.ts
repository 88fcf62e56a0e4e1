import { observeFailure } from '../../../functions/auth-matrix/observation';

const error = (fields: object): Error => Object.assign(new Error('10.20.64.7 says no'), fields);

describe('a failed login', () => {
  it.each([
    ['a server that refuses it', { code: 'ER_ACCESS_DENIED_ERROR' }, 'x', 'it does not accept the password or token'],
    [
      'a refusal for which the page has no specific reason',
      { code: 'ER_MUST_CHANGE_PASSWORD_LOGIN' },
      'x',
      'it refuses the login',
    ],
    ['an unknown error', { errno: 9999 }, 'x', 'it refuses the login'],
    ['a server that does not answer', { code: 'ETIMEDOUT' }, '–', 'it does not answer in time'],
    ['a full pool of a proxy', { errno: 9501 }, '–', 'it is not available'],
    ['a lost connection', { code: 'ECONNRESET' }, '–', 'it closed the connection without an error'],
    [
      'a reset during the TLS handshake',
      { code: 'HANDSHAKE_SSL_ERROR', message: 'read ECONNRESET' },
      '–',
      'it closed the connection without an error',
    ],
    [
      'a certificate that the client does not trust',
      { code: 'HANDSHAKE_SSL_ERROR', message: 'self-signed certificate' },
      '–',
      'TLS failed: its certificate is not signed for its name by a trusted authority',
    ],
  ])('has an outcome, and a reason without addresses: %s', (_what, fields, observed, reason) => {
    expect(observeFailure(error(fields))).toMatchObject({ observed, reason });
  });

  it('has the code UNKNOWN if the error has no code', () => {
    expect(observeFailure(error({}))).toMatchObject({ code: 'UNKNOWN' });
    expect(observeFailure(undefined)).toMatchObject({ observed: 'x', code: 'UNKNOWN' });
  });
});
