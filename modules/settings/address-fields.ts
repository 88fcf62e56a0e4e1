import { z } from 'zod';
import { isForHosts, hasPublicAddresses } from './address-space';
import { block, parseBlock, type Block } from './cidr';
import { must } from './fields';

/** Makes a rule that checks only blocks. Any other text passes: an earlier rule has already reported it. */
const ifBlock =
  (holds: (parsed: Block) => boolean) =>
  (text: string): boolean => {
    const parsed = parseBlock(text);
    return parsed === undefined || holds(parsed);
  };

const startsAtFirstAddress = (schema: z.ZodString): z.ZodString =>
  must(
    schema,
    ifBlock(({ isWrittenWithFirstAddress }) => isWrittenWithFirstAddress),
    'must be written with the first address of the block',
    (text) => `The bits after the prefix must be zero. Write ${block(String(text)).canonical}, or a longer prefix.`,
  );

/** Accepts one entry of the office allowlist. */
export function officeBlock(family: 4 | 6): z.ZodString {
  const other = family === 4 ? 6 : 4;
  const cidr = must(
    z.string(),
    (text) => parseBlock(text) !== undefined,
    'must be an address block in CIDR notation',
    `AWS WAF requires a prefix length. For a single address append /${family === 4 ? 32 : 128}, as in ${family === 4 ? '192.0.2.10/32' : '2001:db8::10/128'}.`,
  );
  const ofFamily = must(
    cidr,
    ifBlock((parsed) => parsed.family === family),
    `must be an IPv${family} block`,
    `An IP set of AWS WAF holds either IPv4 or IPv6. Move the block to edge.allowlist.ipv${other}.`,
  );
  return must(
    startsAtFirstAddress(ofFamily),
    ifBlock((parsed) => parsed.family !== family || hasPublicAddresses(parsed)),
    'must contain at least one public address',
    'CloudFront sees the public address of an office, never a private, loopback, link-local or multicast one. From the office, find it with: curl https://checkip.amazonaws.com.',
  );
}

function ipv4Block(shortestPrefix: number, longestPrefix: number, example: string): z.ZodString {
  const ipv4 = must(
    z.string(),
    (text) => parseBlock(text)?.family === 4,
    'must be an IPv4 block in CIDR notation',
    `Write it as in ${example}.`,
  );
  const sized = must(
    ipv4,
    ifBlock(
      ({ family, prefixLength }) => family !== 4 || (prefixLength >= shortestPrefix && prefixLength <= longestPrefix),
    ),
    `must be a block from /${shortestPrefix} to /${longestPrefix}`,
    `Amazon VPC supports no other size. Write it as in ${example}.`,
  );
  return startsAtFirstAddress(sized);
}

/** The IPv4 block of the VPC. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
export const vpcBlock = must(
  ipv4Block(16, 28, '10.20.0.0/16'),
  ifBlock(isForHosts),
  'must be a block of host addresses',
  'The block contains only reserved, loopback, link-local or multicast addresses. Choose a private block, such as 10.20.0.0/16.',
);

export const subnetBlock = ipv4Block(16, 28, '10.20.0.0/24');

/** A block that may connect to the instance's public address. A part of the block may be private, so `0.0.0.0/0` is accepted. */
export const publicBlock = must(
  ipv4Block(0, 32, '198.51.100.0/24'),
  ifBlock(hasPublicAddresses),
  'must contain at least one public address',
  'Clients on the internet have no private, loopback, link-local or multicast addresses. List the public addresses of the clients.',
);
