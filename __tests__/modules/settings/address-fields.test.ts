import { itAccepts, itRejects, problemsWith, requiredSettings } from '../../support/settings';

const PUBLIC_ONLY =
  'CloudFront sees the public address of an office, never a private, loopback, link-local or multicast one. From the office, find it with: curl https://checkip.amazonaws.com.';

itRejects('an allowlist is rejected for %s', [
  [
    'an entry that is not an address',
    { edge: { allowlist: { ipv4: ['the office'] } } },
    'edge.allowlist.ipv4.0 must be an address block in CIDR notation, got "the office": AWS WAF requires a prefix length. For a single address append /32, as in 192.0.2.10/32.',
  ],
  [
    'an address without a prefix length',
    { edge: { allowlist: { ipv6: ['2001:db8::1'] } } },
    'edge.allowlist.ipv6.0 must be an address block in CIDR notation, got "2001:db8::1": AWS WAF requires a prefix length. For a single address append /128, as in 2001:db8::10/128.',
  ],
  [
    'an IPv6 block in the IPv4 list',
    { edge: { allowlist: { ipv4: ['2001:db8::/32'] } } },
    'edge.allowlist.ipv4.0 must be an IPv4 block, got "2001:db8::/32": An IP set of AWS WAF holds either IPv4 or IPv6. Move the block to edge.allowlist.ipv6.',
  ],
  [
    'an IPv4 block in the IPv6 list',
    { edge: { allowlist: { ipv6: ['203.0.113.0/24'] } } },
    'edge.allowlist.ipv6.0 must be an IPv6 block, got "203.0.113.0/24": An IP set of AWS WAF holds either IPv4 or IPv6. Move the block to edge.allowlist.ipv4.',
  ],
  [
    'a block that is not written with its first address',
    { edge: { allowlist: { ipv4: ['203.0.113.7/24'] } } },
    'edge.allowlist.ipv4.0 must be written with the first address of the block, got "203.0.113.7/24": The bits after the prefix must be zero. Write 203.0.113.0/24, or a longer prefix.',
  ],
  [
    'an IPv4 block that is not public',
    { edge: { allowlist: { ipv4: ['192.168.1.0/24'] } } },
    `edge.allowlist.ipv4.0 must contain at least one public address, got "192.168.1.0/24": ${PUBLIC_ONLY}`,
  ],
  [
    'an IPv6 block that is not public, even if another block of the list is',
    { edge: { allowlist: { ...requiredSettings.edge.allowlist, ipv6: ['::/1', '8000::/1'] } } },
    `edge.allowlist.ipv6.1 must contain at least one public address, got "8000::/1": ${PUBLIC_ONLY}`,
  ],
]);

itAccepts('an allowlist is accepted: %j', [
  { edge: { allowlist: { ipv4: ['192.0.2.0/24', '203.0.113.0/24'] } } },
  { edge: { allowlist: { ipv6: ['2001:db8::/32'] } } },
]);

describe('the CIDR block of the VPC', () => {
  const withCidr = (cidr: string): object => ({ network: { ...requiredSettings.network, cidr } });

  it.each<[cidr: string, rule: string, remedy: string]>([
    ['::/0', 'must be an IPv4 block in CIDR notation', 'Write it as in 10.20.0.0/16.'],
    ['10.020.0.0/16', 'must be an IPv4 block in CIDR notation', 'Write it as in 10.20.0.0/16.'],
    [
      '10.0.0.0/8',
      'must be a block from /16 to /28',
      'Amazon VPC supports no other size. Write it as in 10.20.0.0/16.',
    ],
    [
      '10.20.1.0/16',
      'must be written with the first address of the block',
      'The bits after the prefix must be zero. Write 10.20.0.0/16, or a longer prefix.',
    ],
    [
      '127.0.0.0/16',
      'must be a block of host addresses',
      'The block contains only reserved, loopback, link-local or multicast addresses. Choose a private block, such as 10.20.0.0/16.',
    ],
  ])('is rejected: %s', (cidr, rule, remedy) => {
    expect(problemsWith(withCidr(cidr))).toEqual([`network.cidr ${rule}, got "${cidr}": ${remedy}`]);
  });

  itAccepts('is accepted: %j', ['100.64.0.0/16', '8.8.0.0/16'].map(withCidr));
});

describe('a CIDR block for public access', () => {
  const problemsOfBlock = (cidr: string): string[] =>
    problemsWith({ database: { publicAccess: { enabled: true, cidrs: [cidr], reason: 'a test' } } });

  it('is rejected if it contains no public address', () => {
    expect(problemsOfBlock('10.0.0.0/8')).toEqual([
      'database.publicAccess.cidrs.0 must contain at least one public address, got "10.0.0.0/8": Clients on the internet have no private, loopback, link-local or multicast addresses. List the public addresses of the clients.',
    ]);
  });

  it('may contain every address', () => {
    expect(problemsOfBlock('0.0.0.0/0')).toEqual([]);
  });
});
