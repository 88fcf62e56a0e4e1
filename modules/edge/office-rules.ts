import { DOCUMENTATION, NOT_PUBLIC } from '../settings/address-space';
import { BITS, BLOCK_PATTERNS, type Range } from '../settings/cidr';

/*
 * The rules of `edge.allowlist`, in Terraform's language: a workspace changes the offices by variables, which no settings check.
 * Both accept and refuse the same lists; __tests__/modules/edge/offices.test.ts runs one through both.
 *
 * A condition may read no local value that reads the variable, so each is one expression.
 */

export type Family = 4 | 6;

/** Whether every entry of a list can be read as a block. */
export const areBlocks = (list: string, family: Family): string =>
  `alltrue([for c in ${list} : can(regex(${JSON.stringify(BLOCK_PATTERNS[family])}, c))])`;

/** Whether every block begins with its first address. */
export function beginExactly(list: string, family: Family): string {
  const named = `cidrhost(format("%s/${BITS[family]}", split("/", c)[0]), 0)`;
  return readable(`alltrue([for c in ${list} : cidrhost(c, 0) == ${named}])`);
}

/** Whether every block has public addresses. */
export const arePublic = (list: string, family: Family): string =>
  readable(`alltrue([for b in ${blocks(list, family)} : !(${liesInOneOf('b', NOT_PUBLIC[family])})])`);

/** Whether no block is listed twice, in whatever spelling. Terraform compares objects one with each other, but hashes texts. */
export const areDistinct = (list: string, family: Family): string =>
  readable(`length(toset([for b in ${blocks(list, family)} : "\${b.first}/\${b.size}"])) == length(${list})`);

/**
 * Whether a public address is in none of the blocks. One that is in none either is the very first, or follows the end of a
 * block. Lists that are too small to hold everything are not looked at so closely.
 */
export function leaveSomeoneOut(list: string, family: Family): string {
  const total = 1n << BigInt(BITS[family]);
  const others = NOT_PUBLIC[family]
    .map(({ first, last }) => `{ first = ${first}, size = ${last - first + 1n} }`)
    .join(', ');
  const firsts = `concat([0], [for b in all : b.first + b.size if b.first + b.size < ${total}])`;
  const candidates = `[for held in [sum([for b in all : b.size])] : held < ${total} ? tolist([]) : tolist(${firsts})][0]`;
  const isHeld = 'anytrue([for b in all : b.first <= p && p < b.first + b.size])';
  return readable(
    `[for all in [concat(${blocks(list, family)}, [${others}])] : [for ps in [${candidates}] : length(ps) == 0 || !alltrue([for p in ps : ${isHeld}])][0]][0]`,
  );
}

/** Whether a list has none of the blocks that are for examples. */
export const areNoExamples = (list: string, family: Family): string =>
  readable(`!anytrue([for b in ${blocks(list, family)} : ${liesInOneOf('b', DOCUMENTATION[family])}])`);

/** What cannot be read is refused by `areBlocks`, with a message of its own. */
const readable = (condition: string): string => `try(${condition}, true)`;

const liesInOneOf = (block: string, ranges: readonly Range[]): string =>
  ranges
    .map(({ first, last }) => `(${block}.first >= ${first} && ${block}.first + ${block}.size - 1 <= ${last})`)
    .join(' || ');

/** The blocks of a list: their first address as a number, and how many they hold. */
function blocks(list: string, family: Family): string {
  const address = 'split("/", c)[0]';
  const first = family === 4 ? numberOfIpv4(address) : numberOfIpv6(address);
  return `[for c in ${list} : { first = ${first}, size = pow(2, ${BITS[family]} - tonumber(split("/", c)[1])) }]`;
}

const numberOfIpv4 = (address: string): string =>
  `[for o in [split(".", ${address})] : ((tonumber(o[0]) * 256 + tonumber(o[1])) * 256 + tonumber(o[2])) * 256 + tonumber(o[3])][0]`;

/** What each group counts. Literals, since Terraform computes with 64 bits what it does not read with more. */
const WEIGHTS = [7, 6, 5, 4, 3, 2, 1, 0].map((group) => 1n << BigInt(16 * group)).join(', ');

/** The groups left and right of `::`, with as many zeros between as make eight. */
function numberOfIpv6(address: string): string {
  const side = (index: number): string =>
    `[for g in split(":", element(concat(split("::", ${address}), [""]), ${index})) : g if g != ""]`;
  const groups = `[for s in [[${side(0)}, ${side(1)}]] : concat(s[0], [for z in range(8 - length(s[0]) - length(s[1])) : "0"], s[1])][0]`;
  return `sum([for i, g in ${groups} : parseint(g, 16) * element([${WEIGHTS}], i)])`;
}
