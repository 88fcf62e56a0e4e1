import { observeFailure } from '../../../functions/auth-matrix/observation';

describe('a failed login', () => {
  it('has the outcome x (refused) and the code UNKNOWN if the error has no code', () => {
    for (const error of [new Error('10.20.64.7 says no'), undefined]) {
      expect(observeFailure(error)).toEqual({
        observed: 'x',
        code: 'UNKNOWN',
        reason: 'the endpoint refuses the login',
      });
    }
  });

  it('has the outcome – (unusable endpoint) if the client does not trust the certificate', () => {
    const fields = { code: 'HANDSHAKE_SSL_ERROR', message: 'self-signed certificate of 10.20.64.7' };
    expect(observeFailure(Object.assign(new Error(), fields))).toEqual({
      observed: '–',
      code: 'HANDSHAKE_SSL_ERROR',
      reason: 'the endpoint’s TLS certificate is expired, for another name, or not signed by a trusted authority',
    });
  });

  it.each([
    'error:0A00010B:SSL routines::wrong version number',
    'error:0A000412:SSL routines::ssl/tls alert bad certificate',
  ])('does not blame the certificate if the TLS handshake fails for another cause: %s', (message) => {
    const fields = { code: 'HANDSHAKE_SSL_ERROR', message };
    expect(observeFailure(Object.assign(new Error(), fields))).toEqual({
      observed: '–',
      code: 'HANDSHAKE_SSL_ERROR',
      reason: 'the endpoint does not complete the TLS handshake',
    });
  });
});
