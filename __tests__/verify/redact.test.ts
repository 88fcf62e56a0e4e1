import { redactor } from '../../verify/redact';
import { OUTPUTS } from '../support/deployment-stand-in';

const redact = redactor(OUTPUTS);

describe('the redaction of a text', () => {
  it.each([
    ['302 to https://api.acme.org/items', '302 to https://<api_url>/items'],
    ['a1b2c3.execute-api.eu-central-1.amazonaws.com', '<api_gateway_url>'],
    [
      'connect ETIMEDOUT login-matrix-test-password.proxy-abc.eu-central-1.rds.amazonaws.com:3306',
      'connect ETIMEDOUT <password_proxy_endpoint>:3306',
    ],
    ['host d111111abcdef8.cloudfront.net', 'host <host>'],
    ['203.0.113.0/24 and 198.51.100.7', '<address> and <address>'],
    ['2001:db8:1::/48, ::1 and fe80::1', '<address>, <address> and <address>'],
    ['account 123456789012', 'account <account>'],
    ['arn:aws:rds:eu-central-1:123456789012:db-proxy:prx-0123456789abcdef0', '<arn>'],
    ['db-ABCDEFGHIJKLMNOPQRSTUVWXYZ of subnet-0a1b2c3d', '<id> of <id>'],
  ])('writes "%s" as "%s"', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it.each([
    'GET /items?limit=1001',
    'login-matrix-test-iam-proxy-auth-failures',
    'See the log /aws/lambda/login-matrix-test-items at request id 7f0c1f9e-3b2d-4a6f-9a3e-1f2b3c4d5e6f',
    '0 s for 404, 414, 500, 501, 502, 503, 504',
    '2026-01-31T12:00:00.000Z',
    'not checked: CloudWatch has not evaluated it yet',
  ])('keeps "%s"', (text) => {
    expect(redact(text)).toBe(text);
  });
});
