import { readExpectation } from '../../../functions/auth-matrix/expectation';
import { setVariablesForEachTest } from '../../support/environment-variables';

const LOGIN = { login: 'iam', target: 'instance', tls: true, expected: 'o', because: 'IAM is on' };
const EXPECTATION = {
  environment: 'dev',
  settings: { iamAuthentication: true, requireSecureTransport: false, rows: [{ row: 2 }] },
  logins: [LOGIN],
};

describe('the expectation of the deployment', () => {
  setVariablesForEachTest();

  it('is read from the environment variable AUTH_MATRIX', () => {
    process.env['AUTH_MATRIX'] = JSON.stringify(EXPECTATION);
    expect(readExpectation()).toEqual(EXPECTATION);
  });

  it.each([
    ['not JSON', '{'],
    ['not an object', 'null'],
    [
      'settings without rows',
      JSON.stringify({ ...EXPECTATION, settings: { ...EXPECTATION.settings, rows: undefined } }),
    ],
    [
      'a matrix row without a number',
      JSON.stringify({ ...EXPECTATION, settings: { ...EXPECTATION.settings, rows: [{}] } }),
    ],
    ['a login without a reason', JSON.stringify({ ...EXPECTATION, logins: [{ ...LOGIN, because: undefined }] })],
    [
      'a login whose tls is not a boolean',
      JSON.stringify({ ...EXPECTATION, logins: [LOGIN, { ...LOGIN, tls: 'yes' }] }),
    ],
  ])('is rejected: %s', (_what, value) => {
    process.env['AUTH_MATRIX'] = value;
    expect(readExpectation).toThrow('AUTH_MATRIX must be JSON of the type Expectation in contract/logins.ts');
  });
});
