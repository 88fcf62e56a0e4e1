import { readExpectation } from '../../../functions/auth-matrix/expectation';

const LOGIN = { login: 'iam', target: 'instance', tls: true, expected: 'o', because: 'IAM is on' };
const WHOLE = {
  environment: 'dev',
  settings: { iamAuthentication: true, requireSecureTransport: false, rows: [{ row: 2 }] },
  logins: [LOGIN],
};

describe('the expectation of the deployment', () => {
  const before = process.env;

  beforeEach(() => void (process.env = { ...before }));

  afterEach(() => void (process.env = before));

  it('is read from the environment', () => {
    process.env['AUTH_MATRIX'] = JSON.stringify(WHOLE);
    expect(readExpectation()).toEqual(WHOLE);
  });

  it.each([
    ['no JSON', '{'],
    ['another value', 'null'],
    ['settings without rows', JSON.stringify({ ...WHOLE, settings: { ...WHOLE.settings, rows: undefined } })],
    ['a row without a number', JSON.stringify({ ...WHOLE, settings: { ...WHOLE.settings, rows: [{}] } })],
    ['a login without a reason', JSON.stringify({ ...WHOLE, logins: [{ ...LOGIN, because: undefined }] })],
    ['a login whose tls is text', JSON.stringify({ ...WHOLE, logins: [LOGIN, { ...LOGIN, tls: 'yes' }] })],
  ])('is refused at the start of the function if it is %s', (_what, text) => {
    process.env['AUTH_MATRIX'] = text;
    expect(readExpectation).toThrow('AUTH_MATRIX must hold an expectation of contract/logins.ts as JSON');
  });
});
