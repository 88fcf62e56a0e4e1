import { problemsOf, smallest } from '../../support/settings';

describe('an office is rejected for', () => {
  it.each<[why: string, change: object, problems: string[]]>([
    [
      'an office that is not an address',
      { edge: { allowlist: { ipv4: ['the office'] } } },
      [
        'edge.allowlist.ipv4.0 must be an address block in CIDR notation, got "the office": AWS WAF requires a prefix length. For a single address write 192.0.2.10/32.',
      ],
    ],
    [
      'a bare address',
      { edge: { allowlist: { ipv6: ['2001:db8::1'] } } },
      [
        'edge.allowlist.ipv6.0 must be an address block in CIDR notation, got "2001:db8::1": AWS WAF requires a prefix length. For a single address write 2001:db8::10/128.',
      ],
    ],
    [
      'an IPv6 block in the IPv4 list',
      { edge: { allowlist: { ipv4: ['2001:db8::/32'] } } },
      [
        'edge.allowlist.ipv4.0 must be an IPv4 block, got "2001:db8::/32": AWS WAF has one IP set for each version. Move it to edge.allowlist.ipv6.',
      ],
    ],
    [
      'an IPv4 block in the IPv6 list',
      { edge: { allowlist: { ipv6: ['203.0.113.0/24'] } } },
      [
        'edge.allowlist.ipv6.0 must be an IPv6 block, got "203.0.113.0/24": AWS WAF has one IP set for each version. Move it to edge.allowlist.ipv4.',
      ],
    ],
    [
      'a block named by an address inside it',
      { edge: { allowlist: { ipv4: ['203.0.113.7/24'] } } },
      [
        'edge.allowlist.ipv4.0 must start at the first address of its block, got "203.0.113.7/24": The bits behind the prefix must be zero. Write 203.0.113.0/24, or a longer prefix.',
      ],
    ],
  ])('%s', (_why, change, problems) => {
    expect(problemsOf({ ...smallest, ...change })).toEqual(problems);
  });
});
