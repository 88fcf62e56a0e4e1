import { problemsOf, requiredSettings } from '../../../support/settings';

const withDomain = (domainName: string, hostedZoneId = 'Z0123456789ABCDEFGHIJ'): object => ({
  ...requiredSettings,
  edge: { ...requiredSettings.edge, customDomain: { enabled: true, domainName, hostedZoneId } },
});

const SPELLING = 'Write it as in api.example.com: in lower case, other scripts as xn--…, and no dot at the end.';

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
    expect(problemsOf(withDomain(name))).toEqual([`edge.customDomain.domainName ${rule}, got "${name}": ${remedy}`]);
  });

  it('without the id of its hosted zone', () => {
    expect(problemsOf(withDomain('api.example.com', 'zone'))).toEqual([
      'edge.customDomain.hostedZoneId must be the id of a hosted zone, got "zone": The zone gets the records of the name and of the certificate validation. Write it as in Z0123456789ABCDEFGHIJ.',
    ]);
  });
});

describe('a custom domain is accepted', () => {
  it.each(['api.example.com', 'api.xn--p1ai', `${'a'.repeat(52)}.example.com`])('if it is %s', (name) => {
    expect(problemsOf(withDomain(name))).toEqual([]);
  });
});

describe('a rate limit', () => {
  it('is rejected for a window that AWS WAF does not support', () => {
    const edge = { ...requiredSettings.edge, rateLimit: { windowSeconds: 30 } };
    expect(problemsOf({ ...requiredSettings, edge })).toEqual([
      'edge.rateLimit.windowSeconds must be one of 60, 120, 300, 600, got 30: Write one of them exactly as shown.',
    ]);
  });

  it('is rejected below the lowest limit that AWS WAF supports', () => {
    const edge = { ...requiredSettings.edge, rateLimit: { requests: 9 } };
    expect(problemsOf({ ...requiredSettings, edge })).toEqual([
      'edge.rateLimit.requests must be a whole number from 10 to 2000000000, got 9: AWS WAF supports no lower limit.',
    ]);
  });
});

it('an allowlist may have at most as many IPv4 blocks as an IP set can hold', () => {
  const withBlocks = (count: number): object => {
    const ipv4 = Array.from({ length: count }, (_, index) => `198.20.${index >> 8}.${index & 255}/32`);
    return { ...requiredSettings, edge: { allowlist: { ipv4 } } };
  };
  expect(problemsOf(withBlocks(10_000))).toEqual([]);
  expect(problemsOf(withBlocks(10_001))).toEqual([
    expect.stringMatching(
      /^edge\.allowlist\.ipv4 must list at most 10000 blocks, got .*: An IP set of AWS WAF holds no more\. Combine adjacent blocks into larger ones\.$/,
    ),
  ]);
});

it('an allowlist may have only as many IPv6 blocks as the AWS provider compares in seconds', () => {
  const withBlocks = (count: number): object => {
    const ipv6 = Array.from({ length: count }, (_, index) => `2a00:${index.toString(16)}::/48`);
    return { ...requiredSettings, edge: { allowlist: { ipv6 } } };
  };
  expect(problemsOf(withBlocks(200))).toEqual([]);
  expect(problemsOf(withBlocks(201))).toEqual([
    expect.stringMatching(
      /^edge\.allowlist\.ipv6 must list at most 200 blocks, got .*: The AWS provider compares them in each plan, which takes minutes for 1,000\. Combine adjacent blocks into larger ones\.$/,
    ),
  ]);
});
