import { isIn, publicAddresses, publicAddressOf } from '../../network/internet';
import { appliedOf } from '../support/http-state';

/** Returns an applied state with IP sets of these blocks. */
const withIpSets = (ipv4: readonly string[], ipv6: readonly string[] | null = null) =>
  appliedOf({
    aws_wafv2_ip_set: [
      { ip_address_version: 'IPV4', addresses: ipv4 },
      { ip_address_version: 'IPV6', addresses: ipv6 },
    ],
  });

describe('the simulated public address of 127.0.0.1 and of ::1', () => {
  it('is the first host address of the first block that the IP sets allow, for IPv4 and IPv6 alike', () => {
    const applied = withIpSets(['203.0.113.64/26', '192.0.2.0/24'], ['2001:db8:1::/48']);
    expect(publicAddressOf(applied, '127.0.0.1')).toBe('203.0.113.65');
    expect(publicAddressOf(applied, '::ffff:127.0.0.1')).toBe('203.0.113.65');
    expect(publicAddressOf(applied, '::1')).toBe('2001:db8:1::1');
  });

  it('is the address of the block if the block has only one', () => {
    const applied = withIpSets(['203.0.113.8/32'], ['2001:db8:1::8/128']);
    expect(publicAddressOf(applied, '127.0.0.1')).toBe('203.0.113.8');
    expect(publicAddressOf(applied, '::1')).toBe('2001:db8:1::8');
  });

  it('is outside all IP sets if the IP sets for its address family are empty', () => {
    const applied = withIpSets([], ['2001:db8:1::/48']);
    expect(publicAddressOf(applied, '127.0.0.1')).toBe('198.51.100.1');
    expect(publicAddressOf(withIpSets(['203.0.113.0/24']), '::1')).toBe('2001:db8:ffff::1');
  });
});

describe('the simulated public address of any other loopback address', () => {
  it('is in a block for documentation or benchmarks, and depends on the last two bytes of the loopback address', () => {
    const applied = withIpSets(['10.0.0.0/8']);
    const callers = ['127.0.0.2', '127.0.0.3', '127.0.1.2', '127.0.2.2', '127.0.3.2'];
    expect(callers.map((loopback) => publicAddressOf(applied, loopback))).toEqual([
      '198.51.100.2',
      '198.51.100.3',
      '203.0.113.2',
      '192.0.2.2',
      '198.18.0.2',
    ]);
  });

  it('is outside every IP set, even if a set contains addresses for documentation', () => {
    expect(publicAddressOf(withIpSets(['198.51.100.0/24', '203.0.113.9/32']), '127.0.0.9')).toBe('192.0.2.9');
    expect(publicAddressOf(withIpSets(['198.51.100.0/24', '203.0.113.9/32']), '127.0.0.8')).toBe('203.0.113.8');
  });

  it('is an address for benchmarks if the IP sets contain all addresses for documentation', () => {
    const applied = withIpSets(['198.51.100.0/24', '203.0.113.0/24', '192.0.2.0/24']);
    expect(publicAddressOf(applied, '127.0.0.9')).toBe('198.18.0.9');
  });

  it('cannot be chosen if the IP sets contain all addresses', () => {
    expect(() => publicAddressOf(withIpSets(['0.0.0.0/0']), '127.0.0.9')).toThrow(
      'The simulated public address of 127.0.0.9 must be outside the blocks of the IP sets (0.0.0.0/0), but these blocks contain all candidates: 198.51.100.9, 203.0.113.9, 192.0.2.9, 198.18.0.9. Choose one of these addresses, and remove every block that contains it.',
    );
  });
});

describe('the cache of public addresses', () => {
  it('returns to each caller its own address, also the second time', () => {
    const addressOf = publicAddresses(withIpSets(['203.0.113.0/24']));
    expect(['127.0.0.1', '127.0.0.9', '127.0.0.1'].map(addressOf)).toEqual([
      '203.0.113.1',
      '198.51.100.9',
      '203.0.113.1',
    ]);
  });
});

describe('a CIDR block', () => {
  it.each([
    ['203.0.113.0/25', '203.0.113.0', true],
    ['203.0.113.0/25', '203.0.113.127', true],
    ['203.0.113.0/25', '203.0.113.128', false],
    ['203.0.113.0/25', '::ffff:203.0.113.1', true],
    ['2001:db8:1::/48', '2001:db8:1::9', true],
    ['2001:db8:1::/48', '2001:db8:2::9', false],
    ['::/0', '203.0.113.1', false],
    ['0.0.0.0/0', '2001:db8:1::9', false],
  ])('%s contains %s: %s', (block, address, expected) => {
    expect(isIn(address, block)).toBe(expected);
  });
});
