import ipaddr from 'ipaddr.js';

/** Addresses from `first` to `last`, both included, as numbers. */
export interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

/** A parsed address block in CIDR notation. */
export interface Block extends Range {
  readonly family: 4 | 6;
  /** Whether the address in the text is the first of the block; false for `192.0.2.7/24`. */
  readonly isWrittenWithFirstAddress: boolean;
  readonly prefixLength: number;
  /** The block as text in the usual spelling, with its first address. */
  readonly canonical: string;
}

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const HEX_GROUP = '[0-9a-fA-F]{1,4}';
const IPV6 = [
  `(?:${HEX_GROUP}:){7}${HEX_GROUP}`,
  `(?:${HEX_GROUP}:){1,7}:`,
  ...[1, 2, 3, 4, 5, 6].map((right) => `(?:${HEX_GROUP}:){1,${7 - right}}(?::${HEX_GROUP}){1,${right}}`),
  `:(?:(?::${HEX_GROUP}){1,7}|:)`,
].join('|');

/**
 * Patterns of a block, for JavaScript and Terraform. They reject IPv6 zone ids (`%eth0`), and IPv4 addresses inside IPv6
 * ones. They also reject leading zeros in IPv4 addresses and in prefix lengths, because some programs read such numbers as octal.
 */
export const BLOCK_PATTERNS = {
  4: `^${OCTET}(?:[.]${OCTET}){3}/(?:3[0-2]|[12]?[0-9])$`,
  6: `^(?:${IPV6})/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])$`,
} as const;

const PATTERNS = { 4: new RegExp(BLOCK_PATTERNS[4]), 6: new RegExp(BLOCK_PATTERNS[6]) };

/** Length of an address in bits. */
export const BITS = { 4: 32, 6: 128 } as const;

/** Parses `192.0.2.0/24` or `2001:db8::/32`. Returns `undefined` for anything else, also for a bare address. */
export function parseBlock(text: string): Block | undefined {
  const family = ([4, 6] as const).find((candidate) => PATTERNS[candidate].test(text));
  if (family === undefined) return undefined;
  const [address, prefixLength] = (family === 4 ? ipaddr.IPv4 : ipaddr.IPv6).parseCIDR(text);
  const size = 1n << BigInt(BITS[family] - prefixLength);
  const written = address.toByteArray().reduce((number, byte) => number * 256n + BigInt(byte), 0n);
  const first = written - (written % size);
  return {
    family,
    first,
    last: first + size - 1n,
    isWrittenWithFirstAddress: written === first,
    prefixLength,
    canonical: `${addressOf(first, family)}/${prefixLength}`,
  };
}

/** Parses a constant or a validated setting. @throws Error if the text is not a block */
export function block(text: string): Block {
  const parsed = parseBlock(text);
  if (parsed === undefined) throw new Error(`${text} is not an address block`);
  return parsed;
}

function addressOf(number: bigint, family: 4 | 6): string {
  const bytes = Array.from({ length: BITS[family] / 8 }, (_, index) =>
    Number((number >> BigInt(BITS[family] - 8 * (index + 1))) & 255n),
  );
  return ipaddr.fromByteArray(bytes).toString();
}

/** Returns whether two blocks share an address. Blocks of different families never do. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [block(one), block(other)];
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

export function contains(outer: string, inner: string): boolean {
  const [a, b] = [block(outer), block(inner)];
  return a.family === b.family && liesIn(b, a);
}

/** Returns whether a range is inside another one. The caller makes sure that both have the same family. */
export function liesIn(inner: Range, outer: Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** Returns whether ranges of one family together contain all of its addresses. */
export function coverEverything(ranges: readonly Range[], family: 4 | 6): boolean {
  let next = 0n;
  for (const { first, last } of [...ranges].sort((a, b) => (a.first < b.first ? -1 : 1))) {
    if (first > next) return false;
    if (last >= next) next = last + 1n;
  }
  return next === 1n << BigInt(BITS[family]);
}

/** Splits an IPv4 block into blocks with `addedBits` more prefix bits, and returns the first `count`. */
export function carve(whole: string, addedBits: number, count: number): string[] {
  const { first, prefixLength } = block(whole);
  const longer = prefixLength + addedBits;
  const size = 1n << BigInt(BITS[4] - longer);
  return Array.from({ length: count }, (_, index) => `${addressOf(first + BigInt(index) * size, 4)}/${longer}`);
}

/**
 * Writes an IPv4 block as the host part of a MySQL account name: `10.20.0.0/255.255.0.0`.
 *
 * https://dev.mysql.com/doc/refman/8.4/en/account-names.html
 */
export function hostPattern(text: string): string {
  const [address, prefixLength] = ipaddr.IPv4.parseCIDR(text);
  return `${address.toString()}/${ipaddr.IPv4.subnetMaskFromPrefixLength(prefixLength).toString()}`;
}
