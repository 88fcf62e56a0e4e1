import ipaddr from 'ipaddr.js';
import type { Applied } from '../applied';

/**
 * Prefixes of the addresses of strangers: callers whose address must be in no IP set of the WAF. These addresses are reserved for
 * documentation and benchmarks: https://www.rfc-editor.org/rfc/rfc5737, rfc2544, rfc3849 and rfc9637.
 */
const STRANGER_PREFIXES = {
  ipv4: ['198.51.100', '203.0.113', '192.0.2', '198.18.0'],
  ipv6: ['2001:db8:ffff:', '3fff:'],
} as const;

interface IpSet {
  readonly ip_address_version: 'IPV4' | 'IPV6';
  readonly addresses: readonly string[] | null;
}

/**
 * Returns the simulated public address of a caller on this machine. `127.0.0.1` and `::1` get an address in the first block of the
 * WAF's IP sets for their address family, if there is one. Every other caller gets an address outside all IP sets.
 *
 * @param loopback remote address of a socket; it may be an IPv4-mapped IPv6 address
 */
export function publicAddressOf(applied: Applied, loopback: string): string {
  const address = ipaddr.process(loopback);
  const ipv4 = address.kind() === 'ipv4';
  const blocks = applied
    .all<IpSet>('aws_wafv2_ip_set')
    .filter((set) => set.ip_address_version === (ipv4 ? 'IPV4' : 'IPV6'))
    .flatMap((set) => set.addresses ?? []);
  const [first] = blocks;
  const isLocalhost = address.toString() === (ipv4 ? '127.0.0.1' : '::1');
  return isLocalhost && first !== undefined ? hostIn(first) : strangerAddress(address, blocks);
}

/** Returns {@link publicAddressOf} with a cache, which grows with the number of loopback addresses that callers use. */
export function publicAddresses(applied: Applied): (loopback: string) => string {
  const known = new Map<string, string>();
  return (loopback) => {
    const address = known.get(loopback) ?? publicAddressOf(applied, loopback);
    known.set(loopback, address);
    return address;
  };
}

/** Returns the address after the network address of a block, or the only address of a /32 or /128. */
function hostIn(block: string): string {
  const [network, prefix] = ipaddr.parseCIDR(block);
  const bytes = network.toByteArray();
  const last = bytes.length - 1;
  if (prefix < bytes.length * 8) bytes[last] = (bytes[last] ?? 0) | 1;
  return ipaddr.fromByteArray(bytes).toString();
}

function strangerAddress(address: ipaddr.IPv4 | ipaddr.IPv6, blocks: readonly string[]): string {
  const [secondLast = 0, last = 0] = address.toByteArray().slice(-2);
  const candidates =
    address.kind() === 'ipv4'
      ? STRANGER_PREFIXES.ipv4.map((prefix) => `${prefix}.${last}`)
      : STRANGER_PREFIXES.ipv6.map((prefix) => `${prefix}:${last.toString(16)}`);
  // The second-last byte of the loopback address selects the prefix to try first, so that 127.0.0.2 and 127.0.2.2 get different
  // addresses.
  const first = secondLast % candidates.length;
  const rotated = [...candidates.slice(first), ...candidates.slice(0, first)];
  const free = rotated.find((candidate) => !blocks.some((block) => isIn(candidate, block)));
  if (free === undefined)
    throw new Error(
      `The simulated public address of ${address.toString()} must be outside the blocks of the IP sets (${blocks.join(', ')}), ` +
        `but these blocks contain all candidates: ${candidates.join(', ')}. ` +
        'Choose one of these addresses, and remove every block that contains it.',
    );
  return free;
}

/** Whether a CIDR block contains an address. A block never contains addresses of the other family. */
export function isIn(address: string, block: string): boolean {
  const [candidate, [network, prefix]] = [ipaddr.process(address), ipaddr.parseCIDR(block)];
  return candidate.kind() === network.kind() && candidate.match(network, prefix);
}
