import { itAccepts, itRejects, problemsWith, requiredSettings } from '../../../support/settings';

const withEdge = (change: object): object => ({ edge: { ...requiredSettings.edge, ...change } });
const withDomain = (domainName: string, hostedZoneId = 'Z0123456789ABCDEFGHIJ'): object =>
  withEdge({ customDomain: { enabled: true, domainName, hostedZoneId } });

const SPELLING =
  'Write it as in api.example.com: in lower case, with non-ASCII labels as xn--…, and without a dot at the end.';

describe('a custom domain is rejected', () => {
  it.each<[name: string, rule: string, remedy: string]>([
    ['Example', 'must be a domain name', SPELLING],
    ['api.example.com.', 'must be a domain name', SPELLING],
    ['*.example.com', 'must be a domain name', SPELLING],
    [
      `${'a'.repeat(53)}.example.com`,
      'must be at most 64 characters long',
      'ACM issues no certificate for a longer name. Choose a shorter one.',
    ],
    [
      'api.corp.internal',
      'must be a name of the public DNS',
      'No public certificate is issued for such a name. Choose one in a domain of your own.',
    ],
    [
      'd123.cloudfront.net',
      'must not be a name in a domain of AWS',
      'ACM issues certificates for your own domains only. Choose a name in one of them, or remove edge.customDomain to use CloudFront’s own name.',
    ],
  ])('if it is %s', (name, rule, remedy) => {
    expect(problemsWith(withDomain(name))).toEqual([`edge.customDomain.domainName ${rule}, got "${name}": ${remedy}`]);
  });

  it('if hostedZoneId is not the id of a hosted zone', () => {
    expect(problemsWith(withDomain('api.example.com', 'zone'))).toEqual([
      'edge.customDomain.hostedZoneId must be the id of a hosted zone, got "zone": The zone gets the records of the name and of the certificate validation. Write the id as in Z0123456789ABCDEFGHIJ.',
    ]);
  });
});

itAccepts(
  'a custom domain is accepted: %j',
  ['api.example.com', 'api.xn--p1ai', `${'a'.repeat(52)}.example.com`].map((name) => withDomain(name)),
);

itRejects('a rate limit is rejected for %s', [
  [
    'a window that AWS WAF does not support',
    withEdge({ rateLimit: { windowSeconds: 30 } }),
    'edge.rateLimit.windowSeconds must be 60, 120, 300 or 600, got 30: Write a listed value exactly as shown.',
  ],
  [
    'fewer requests than AWS WAF supports',
    withEdge({ rateLimit: { requests: 9 } }),
    'edge.rateLimit.requests must be a whole number from 10 to 2000000000, got 9: AWS WAF accepts no other value.',
  ],
]);

it.each<[version: string, most: number, reason: string, blockOf: (index: number) => string]>([
  ['ipv4', 10_000, 'An IP set of AWS WAF has this limit.', (index) => `198.20.${index >> 8}.${index & 255}/32`],
  [
    'ipv6',
    200,
    'In each plan, the AWS provider compares the blocks with the deployed ones, which takes minutes for 1,000 blocks.',
    (index) => `2a00:${index.toString(16)}::/48`,
  ],
])('an allowlist is rejected if it has more blocks than its limit: %s, %i', (version, most, reason, blockOf) => {
  const problemsOfCount = (count: number): string[] =>
    problemsWith({ edge: { allowlist: { [version]: Array.from({ length: count }, (_, index) => blockOf(index)) } } });
  expect(problemsOfCount(most)).toEqual([]);
  expect(problemsOfCount(most + 1)).toEqual([
    expect.stringMatching(
      `^edge.allowlist.${version} must list at most ${most} blocks, got .*: ${reason} Combine adjacent blocks into larger ones.$`,
    ),
  ]);
});
