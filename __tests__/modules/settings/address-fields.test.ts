import { problemsOf, requiredSettings } from '../../support/settings';

describe('an allowlist is rejected for', () => {
  it.each<[why: string, change: object, ...problems: string[]]>([
    [
      'an entry that is not an address',
      { edge: { allowlist: { ipv4: ['the office'] } } },
      'edge.allowlist.ipv4.0 must be an address block in CIDR notation, got "the office": AWS WAF requires a prefix length. For a single address write 192.0.2.10/32.',
    ],
    [
      'an address without a prefix length',
      { edge: { allowlist: { ipv6: ['2001:db8::1'] } } },
      'edge.allowlist.ipv6.0 must be an address block in CIDR notation, got "2001:db8::1": AWS WAF requires a prefix length. For a single address write 2001:db8::10/128.',
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
      'a block that does not start at its first address',
      { edge: { allowlist: { ipv4: ['203.0.113.7/24'] } } },
      'edge.allowlist.ipv4.0 must start at the first address of its block, got "203.0.113.7/24": The bits behind the prefix must be zero. Write 203.0.113.0/24, or a longer prefix.',
    ],
  ])('%s', (_why, change, ...problems) => {
    expect(problemsOf({ ...requiredSettings, ...change })).toEqual(problems);
  });
});

const PUBLIC_ONLY =
  'CloudFront sees the public address of an office, never a private, loopback, link-local or multicast one. From the office, find it with: curl https://checkip.amazonaws.com.';

describe('the block of an office that is not public', () => {
  it.each([
    ...['192.168.1.0/24', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.1/32', '169.254.0.0/16', '224.0.0.0/4'],
    ...['fd00::/8', 'fe80::/10', '::1/128', 'ff00::/8', '8000::/1'],
  ])('is rejected: %s', (cidr) => {
    const version = cidr.includes(':') ? 'ipv6' : 'ipv4';
    expect(
      problemsOf({
        ...requiredSettings,
        edge: { allowlist: { ...requiredSettings.edge.allowlist, [version]: [cidr] } },
      }),
    ).toEqual([`edge.allowlist.${version}.0 must be a block of public addresses, got "${cidr}": ${PUBLIC_ONLY}`]);
  });

  it('is the only problem reported, even if the blocks of the list together cover every address', () => {
    const allowlist = { ...requiredSettings.edge.allowlist, ipv6: ['::/1', '8000::/1'] };
    expect(problemsOf({ ...requiredSettings, edge: { allowlist } })).toEqual([
      `edge.allowlist.ipv6.1 must be a block of public addresses, got "8000::/1": ${PUBLIC_ONLY}`,
    ]);
  });
});

it.each([{ ipv4: ['192.0.2.0/24', '203.0.113.0/24'] }, { ipv6: ['2001:db8::/32'] }])(
  'an allowlist is accepted: %j',
  (allowlist) => {
    expect(problemsOf({ ...requiredSettings, edge: { allowlist } })).toEqual([]);
  },
);

describe('the block of the VPC', () => {
  const problemsWith = (cidr: string): string[] =>
    problemsOf({ ...requiredSettings, network: { ...requiredSettings.network, cidr } });

  it.each(['127.0.0.0/16', '169.254.0.0/16', '224.0.0.0/16', '0.0.0.0/16', '240.0.0.0/16'])(
    'is rejected if hosts cannot have its addresses: %s',
    (cidr) => {
      expect(problemsWith(cidr)).toEqual([
        `network.cidr must be a block of host addresses, got "${cidr}": It is reserved, or for loopback, link-local or multicast. Choose a private block, as in 10.20.0.0/16.`,
      ]);
    },
  );

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
      'must start at the first address of its block',
      'The bits behind the prefix must be zero. Write 10.20.0.0/16, or a longer prefix.',
    ],
  ])('is rejected: %s', (cidr, rule, remedy) => {
    expect(problemsWith(cidr)).toEqual([`network.cidr ${rule}, got "${cidr}": ${remedy}`]);
  });

  it.each(['100.64.0.0/16', '8.8.0.0/16'])('is accepted: %s', (cidr) => {
    expect(problemsWith(cidr)).toEqual([]);
  });
});

describe('a block of public access', () => {
  const problemsWith = (cidr: string): string[] =>
    problemsOf({ ...requiredSettings, database: { publicAccess: { enabled: true, cidrs: [cidr], reason: 'a test' } } });

  it.each(['10.0.0.0/8', '127.0.0.1/32', '169.254.0.0/16'])('is rejected unless it is public: %s', (cidr) => {
    expect(problemsWith(cidr)).toEqual([
      `database.publicAccess.cidrs.0 must be a block of public addresses, got "${cidr}": Clients on the internet have no private, loopback, link-local or multicast addresses. List the public addresses of the clients.`,
    ]);
  });

  it('may be every address', () => {
    expect(problemsWith('0.0.0.0/0')).toEqual([]);
  });
});
