import { DOCUMENTATION, NOT_PUBLIC } from '../settings/address-space';
import { BITS, BLOCK_PATTERNS, type Range } from '../settings/cidr';

/*
 * The rules of `edge.allowlist` as Terraform expressions. Terraform variables can replace the blocks of the allowlist, and the settings
 * do not check variables. So each expression must accept the same lists as its rule in the settings:
 * __tests__/one-machine/terraform/office-rules.test.ts compares them. `areNoExamples` has no such rule, because the settings accept
 * example values; only a deployment on AWS refuses them.
 *
 * A variable's condition must not read a local value that reads the variable: that would be a cycle. So each condition is one
 * expression, and `[for x in [value] : …][0]` names an intermediate value.
 */

export type Family = 4 | 6;

/** Condition: every entry of a list is a CIDR block. */
export const areBlocks = (list: string, family: Family): string =>
  `alltrue([for c in ${list} : can(regex(${JSON.stringify(BLOCK_PATTERNS[family])}, c))])`;

/** Condition: every block is written with its first address, as in `10.0.0.0/8`. */
export function beginAtFirstAddress(list: string, family: Family): string {
  const written = `cidrhost(format("%s/${BITS[family]}", split("/", c)[0]), 0)`;
  return ifBlocks(`alltrue([for c in ${list} : cidrhost(c, 0) == ${written}])`);
}

/** Condition: every block has at least one public address. */
export const arePublic = (list: string, family: Family): string =>
  ifBlocks(`alltrue([for b in ${blocks(list, family)} : !(${liesInOneOf('b', NOT_PUBLIC[family])})])`);

/**
 * Condition: no block is listed twice, in any spelling. Compares strings for speed: Terraform hashes strings but compares objects
 * pairwise.
 */
export const areDistinct = (list: string, family: Family): string =>
  ifBlocks(`length(toset([for b in ${blocks(list, family)} : "\${b.first}/\${b.size}"])) == length(${list})`);

/**
 * Condition: at least one public address is in no block. Treats the ranges that are not public as further blocks. The lowest address
 * outside all blocks is 0 or follows a block, so the condition tests only address 0 and the address after each block. Skips the test
 * if all blocks together are smaller than the address space, because some address is then in no block.
 */
export function excludeAnAddress(list: string, family: Family): string {
  const total = 1n << BigInt(BITS[family]);
  const notPublic = NOT_PUBLIC[family]
    .map(({ first, last }) => `{ first = ${first}, size = ${last - first + 1n} }`)
    .join(', ');
  const firsts = `concat([0], [for b in all : b.first + b.size if b.first + b.size < ${total}])`;
  const candidates = `[for covered in [sum([for b in all : b.size])] : covered < ${total} ? tolist([]) : tolist(${firsts})][0]`;
  const isInABlock = 'anytrue([for b in all : b.first <= address && address < b.first + b.size])';
  return ifBlocks(
    `[for all in [concat(${blocks(list, family)}, [${notPublic}])] : [for tested in [${candidates}] : length(tested) == 0 || !alltrue([for address in tested : ${isInABlock}])][0]][0]`,
  );
}

/** Condition: no block of a list lies in a block that is reserved for examples. */
export const areNoExamples = (list: string, family: Family): string =>
  ifBlocks(`!anytrue([for b in ${blocks(list, family)} : ${liesInOneOf('b', DOCUMENTATION[family])}])`);

/** Makes a condition true if an entry of its list is not a block. `areBlocks` rejects such a list with its own message. */
const ifBlocks = (condition: string): string => `try(${condition}, true)`;

const liesInOneOf = (block: string, ranges: readonly Range[]): string =>
  ranges
    .map(({ first, last }) => `(${block}.first >= ${first} && ${block}.first + ${block}.size - 1 <= ${last})`)
    .join(' || ');

/** Reads the blocks of a list: first address as a number, and number of addresses. */
function blocks(list: string, family: Family): string {
  const address = 'split("/", c)[0]';
  const first = family === 4 ? numberOfIpv4(address) : numberOfIpv6(address);
  return `[for c in ${list} : { first = ${first}, size = pow(2, ${BITS[family]} - tonumber(split("/", c)[1])) }]`;
}

const numberOfIpv4 = (address: string): string =>
  `[for o in [split(".", ${address})] : ((tonumber(o[0]) * 256 + tonumber(o[1])) * 256 + tonumber(o[2])) * 256 + tonumber(o[3])][0]`;

/**
 * Factors of the groups of an IPv6 address. As literals they have full precision in Terraform, and so has a sum with one of them. Terraform
 * rounds a sum that has only results of `pow` and `parseint`.
 */
const WEIGHTS = [7, 6, 5, 4, 3, 2, 1, 0].map((group) => 1n << BigInt(16 * group)).join(', ');

/** Converts an IPv6 address to a number. Fills `::` with zeros, so that there are eight groups. */
function numberOfIpv6(address: string): string {
  const side = (index: number): string =>
    `[for g in split(":", element(concat(split("::", ${address}), [""]), ${index})) : g if g != ""]`;
  const groups = `[for s in [[${side(0)}, ${side(1)}]] : concat(s[0], [for z in range(8 - length(s[0]) - length(s[1])) : "0"], s[1])][0]`;
  return `sum([for i, g in ${groups} : parseint(g, 16) * element([${WEIGHTS}], i)])`;
}
