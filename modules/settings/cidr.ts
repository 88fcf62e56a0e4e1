import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address block in CIDR notation, taken apart. */
export interface Block {
  readonly family: 4 | 6;
  /** First address of the block, in its usual spelling. */
  readonly network: string;
  /** Whether the notation names the block by its first address, or by one inside it. */
  readonly exact: boolean;
  readonly prefixLength: number;
}

/** Reads `192.0.2.0/24` or `2001:db8::/32`; anything else, a bare address too, is `undefined`. */
export function parseBlock(text: string): Block | undefined {
  const [address, prefix, ...rest] = text.split('/');
  const family = isIP(address ?? '');
  if (family === 0 || prefix === undefined || rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return undefined;
  const prefixLength = Number(prefix);
  if (prefixLength > (family === 4 ? 32 : 128)) return undefined;
  const network = (family === 4 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(text).toString();
  const exact = ipaddr.parse(address ?? '').toString() === network;
  return { family: family === 4 ? 4 : 6, network, exact, prefixLength };
}

/** Whether two blocks have an address in common; blocks of different families never do. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [ipaddr.parseCIDR(one), ipaddr.parseCIDR(other)];
  if (a[0].kind() !== b[0].kind()) return false;
  const wider = Math.min(a[1], b[1]);
  return a[0].match(b[0], wider);
}

/** Whether `inner` lies wholly inside `outer`. */
export function contains(outer: string, inner: string): boolean {
  return overlap(outer, inner) && ipaddr.parseCIDR(outer)[1] <= ipaddr.parseCIDR(inner)[1];
}

/**
 * Cuts the first `count` blocks of `addedBits` more prefix bits out of an IPv4 block.
 *
 * @throws RangeError where the block has not that many.
 */
export function carve(block: string, addedBits: number, count: number): string[] {
  const [address, prefixLength] = ipaddr.IPv4.parseCIDR(block);
  const size = 2 ** (32 - prefixLength - addedBits);
  if (count > 2 ** addedBits || size < 1) throw new RangeError(`${block} does not hold ${count} subnets`);
  const start = address.toByteArray().reduce((sum, byte) => sum * 256 + byte, 0);
  return Array.from({ length: count }, (_, index) => {
    const first = start + index * size;
    const bytes = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
    return `${bytes.join('.')}/${prefixLength + addedBits}`;
  });
}

/**
 * The block as the host part of a MySQL account name: `10.20.0.0/255.255.0.0`.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/account-names.html
 */
export function hostPattern(block: string): string {
  const [address, prefixLength] = ipaddr.IPv4.parseCIDR(block);
  return `${address.toString()}/${ipaddr.IPv4.subnetMaskFromPrefixLength(prefixLength).toString()}`;
}
