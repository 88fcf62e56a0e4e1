import { isIn, publicAddresses, publicAddressOf } from '../../network/internet';
import { appliedOf } from '../support/http-state';

/** The applied IP sets with these blocks. */
const sets = (ipv4: readonly string[], ipv6: readonly string[] | null = null) =>
  appliedOf({
    aws_wafv2_ip_set: [
      { ip_address_version: 'IPV4', addresses: ipv4 },
      { ip_address_version: 'IPV6', addresses: ipv6 },
    ],
  });

describe('127.0.0.1 and ::1', () => {
  it('are the first host in the first block of their address family', () => {
    const applied = sets(['203.0.113.64/26', '192.0.2.0/24'], ['2001:db8:1::/48']);
    expect(publicAddressOf(applied, '127.0.0.1')).toBe('203.0.113.65');
    expect(publicAddressOf(applied, '::ffff:127.0.0.1')).toBe('203.0.113.65');
    expect(publicAddressOf(applied, '::1')).toBe('2001:db8:1::1');
  });

  it('are the address itself if the block has only one', () => {
    const applied = sets(['203.0.113.8/32'], ['2001:db8:1::8/128']);
    expect(publicAddressOf(applied, '127.0.0.1')).toBe('203.0.113.8');
    expect(publicAddressOf(applied, '::1')).toBe('2001:db8:1::8');
  });

  it('are outside the IP sets if no set has a block of their address family', () => {
    const applied = sets([], ['2001:db8:1::/48']);
    expect(publicAddressOf(applied, '127.0.0.1')).toBe('198.51.100.1');
    expect(publicAddressOf(sets(['203.0.113.0/24']), '::1')).toBe('2001:db8:ffff::1');
  });
});

describe('any other loopback address', () => {
  it('is an address for documentation, and different for each caller', () => {
    const applied = sets(['10.0.0.0/8']);
    const callers = ['127.0.0.2', '127.0.0.3', '127.0.1.2', '127.0.2.2'];
    expect(callers.map((loopback) => publicAddressOf(applied, loopback))).toEqual([
      '198.51.100.2',
      '198.51.100.3',
      '203.0.113.2',
      '192.0.2.2',
    ]);
  });

  it('is outside every IP set, also if a set has an address for documentation', () => {
    expect(publicAddressOf(sets(['198.51.100.0/24', '203.0.113.9/32']), '127.0.0.9')).toBe('192.0.2.9');
    expect(publicAddressOf(sets(['198.51.100.0/24', '203.0.113.9/32']), '127.0.0.8')).toBe('203.0.113.8');
  });

  it('is an address for benchmarks if the IP sets contain all addresses for documentation', () => {
    const applied = sets(['198.51.100.0/24', '203.0.113.0/24', '192.0.2.0/24']);
    expect(publicAddressOf(applied, '127.0.0.9')).toBe('198.18.0.9');
  });

  it('is an error if the IP sets leave none', () => {
    expect(() => publicAddressOf(sets(['0.0.0.0/0']), '127.0.0.9')).toThrow(
      'No public address is left outside the IP sets 0.0.0.0/0',
    );
  });

  it('stays the same in a server’s cache', () => {
    const addressOf = publicAddresses(sets(['203.0.113.0/24']));
    expect(['127.0.0.1', '127.0.0.9', '127.0.0.1'].map(addressOf)).toEqual([
      '203.0.113.1',
      '198.51.100.9',
      '203.0.113.1',
    ]);
  });
});

describe('a CIDR block', () => {
  it.each([
    ['203.0.113.0', '203.0.113.0/25', true],
    ['203.0.113.127', '203.0.113.0/25', true],
    ['203.0.113.128', '203.0.113.0/25', false],
    ['::ffff:203.0.113.1', '203.0.113.0/25', true],
    ['2001:db8:1::9', '2001:db8:1::/48', true],
    ['2001:db8:2::9', '2001:db8:1::/48', false],
    ['203.0.113.1', '::/0', false],
    ['2001:db8:1::9', '0.0.0.0/0', false],
  ])('contains %s in %s: %s', (address, block, expected) => {
    expect(isIn(address, block)).toBe(expected);
  });
});
