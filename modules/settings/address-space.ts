import { block, liesIn, type Block } from './cidr';

/**
 * Addresses that are not used on the internet. Documentation blocks are not included, so that the files in environments/ can
 * use them; `modules/edge/office-addresses.ts` refuses them in a deployment to AWS.
 *
 * https://www.iana.org/assignments/iana-ipv4-special-registry
 * https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export const NOT_PUBLIC = {
  4: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '224.0.0.0/3',
  ].map(block),
  // 2000::/3 is the only range in use. The first three blocks are everything outside it. The last block is for benchmarks.
  6: ['::/3', '4000::/2', '8000::/1', '2001:2::/48'].map(block),
} as const;

/** Blocks for examples, which belong to no office. https://www.rfc-editor.org/rfc/rfc5737, rfc3849, rfc9637 */
export const DOCUMENTATION = {
  4: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'].map(block),
  6: ['2001:db8::/32', '3fff::/20'].map(block),
} as const;

/** Addresses for private networks. https://www.rfc-editor.org/rfc/rfc1918, rfc6598 */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(block);

/**
 * Blocks without host addresses. Amazon VPC allows no VPC in them:
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
const NOT_FOR_HOSTS = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].map(block);

const liesInOneOf = (inner: Block, blocks: readonly Block[]): boolean => blocks.some((outer) => liesIn(inner, outer));

/** Returns whether at least a part of the block is public address space. */
export const hasPublicAddresses = (tested: Block): boolean => !liesInOneOf(tested, NOT_PUBLIC[tested.family]);

/** Returns whether an IPv4 block is for private networks. */
export const isPrivate = (tested: Block): boolean => liesInOneOf(tested, PRIVATE);

/** Returns whether hosts can have at least some addresses of an IPv4 block. */
export const isForHosts = (tested: Block): boolean => !liesInOneOf(tested, NOT_FOR_HOSTS);
