import { proxyRule } from '../../../functions/auth-matrix/words';

// ways.test.ts covers the other kinds of proxies.
it.each([
  [{ iamAuth: 'DISABLED', requireTls: true }, 'It has IAM disabled and requires TLS.'],
  [{ iamAuth: 'REQUIRED', requireTls: false }, 'It requires IAM, but not TLS.'],
] as const)('the rule of a proxy with %j is: %s', (proxySettings, rule) => {
  expect(proxyRule({ row: 1, proxy: 'iam-proxy', ...proxySettings })).toBe(rule);
});
