import { z } from 'zod';
import { isForHosts, isPublic } from './address-space';
import { parseBlock, type Block } from './cidr';
import { must } from './fields';

const EXAMPLES = { 4: '192.0.2.10/32', 6: '2001:db8::10/128' } as const;

/** Adds a rule for a block of either family. Text that is not a block passes, because an earlier rule rejects it. */
function blockMust(
  schema: z.ZodString,
  holds: (block: Block) => boolean,
  rule: string,
  remedy: (block: Block) => string,
): z.ZodString {
  const ifBlock = <T>(text: unknown, read: (block: Block) => T, otherwise: T): T => {
    const block = parseBlock(String(text));
    return block === undefined ? otherwise : read(block);
  };
  return must(
    schema,
    (text) => ifBlock(text, holds, true),
    rule,
    (text) => ifBlock(text, remedy, ''),
  );
}

const startsAtFirstAddress = (schema: z.ZodString): z.ZodString =>
  blockMust(
    schema,
    ({ exact }) => exact,
    'must start at the first address of its block',
    ({ canonical }) => `The bits behind the prefix must be zero. Write ${canonical}, or a longer prefix.`,
  );

/** One entry of the office allowlist. */
export function officeBlock(family: 4 | 6): z.ZodString {
  const other = family === 4 ? 6 : 4;
  const cidr = must(
    z.string(),
    (text) => parseBlock(text) !== undefined,
    'must be an address block in CIDR notation',
    `AWS WAF requires a prefix length. For a single address write ${EXAMPLES[family]}.`,
  );
  const ofFamily = blockMust(
    cidr,
    (block) => block.family === family,
    `must be an IPv${family} block`,
    () => `An IP set of AWS WAF holds either IPv4 or IPv6. Move the block to edge.allowlist.ipv${other}.`,
  );
  return blockMust(
    startsAtFirstAddress(ofFamily),
    (block) => block.family !== family || isPublic(block),
    'must be a block of public addresses',
    () =>
      'CloudFront sees the public address of an office, never a private, loopback, link-local or multicast one. From the office, find it with: curl https://checkip.amazonaws.com.',
  );
}

function ipv4Block(shortest: number, longest: number, example: string): z.ZodString {
  const ipv4 = must(
    z.string(),
    (text) => parseBlock(text)?.family === 4,
    'must be an IPv4 block in CIDR notation',
    `Write it as in ${example}.`,
  );
  const sized = blockMust(
    ipv4,
    ({ family, prefixLength }) => family !== 4 || (prefixLength >= shortest && prefixLength <= longest),
    `must be a block from /${shortest} to /${longest}`,
    () => `Amazon VPC supports no other size. Write it as in ${example}.`,
  );
  return startsAtFirstAddress(sized);
}

/** The IPv4 block of the VPC. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
export const vpcBlock = blockMust(
  ipv4Block(16, 28, '10.20.0.0/16'),
  isForHosts,
  'must be a block of host addresses',
  () => 'It is reserved, or for loopback, link-local or multicast. Choose a private block, as in 10.20.0.0/16.',
);

/** The IPv4 block of a subnet. */
export const subnetBlock = ipv4Block(16, 28, '10.20.0.0/24');

/** Addresses that may connect to the instance's public address; `0.0.0.0/0` allows all. */
export const publicBlock = blockMust(
  ipv4Block(0, 32, '198.51.100.0/24'),
  isPublic,
  'must be a block of public addresses',
  () =>
    'Clients on the internet have no private, loopback, link-local or multicast addresses. List the public addresses of the clients.',
);
