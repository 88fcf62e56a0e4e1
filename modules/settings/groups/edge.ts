import { z } from 'zod';
import { officeBlock } from '../address-fields';
import { group, integer, matching, must } from '../fields';
import { switchable } from '../union';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const TOP_LEVEL = '(?:[a-z]{2,63}|xn--[a-z0-9-]{1,57}[a-z0-9])';

/** Maximum length of a certificate's first domain name, in characters. https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html */
const MOST_NAME_CHARACTERS = 64;

/** Names that get no public certificate. https://www.iana.org/assignments/special-use-domain-names */
const NOT_ON_THE_INTERNET = /[.](local|localhost|internal|invalid|test|onion|alt|arpa)$/;
const OF_AWS = /[.](amazonaws[.]com|cloudfront[.]net|elasticbeanstalk[.]com|awsapprunner[.]com|on[.]aws)$/;

const domainName = must(
  must(
    must(
      matching(
        new RegExp(`^(?:${LABEL}[.])+${TOP_LEVEL}$`),
        'must be a domain name',
        'Write it as in api.example.com: in lower case, with non-ASCII labels as xn--…, and without a dot at the end.',
      ),
      (name) => name.length <= MOST_NAME_CHARACTERS,
      `must be at most ${MOST_NAME_CHARACTERS} characters long`,
      'ACM issues no certificate for a longer name. Choose a shorter one.',
    ),
    (name) => !NOT_ON_THE_INTERNET.test(name),
    'must be a name of the public DNS',
    'No public certificate is issued for such a name. Choose one in a domain of your own.',
  ),
  (name) => !OF_AWS.test(name),
  'must not be a name in a domain of AWS',
  'ACM issues certificates for your own domains only. Choose a name in one of them, or remove edge.customDomain to use CloudFront’s own name.',
);

/** Largest number of blocks in the allowlist, by family. */
export const BLOCK_LIMITS = {
  // https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
  4: { most: 10_000, reason: 'An IP set of AWS WAF has this limit.' },
  // AWS WAF returns IPv6 blocks unabbreviated, so the AWS provider compares them with code of its own. This code is slow.
  6: {
    most: 200,
    reason:
      'In each plan, the AWS provider compares the blocks with the deployed ones, which takes minutes for 1,000 blocks.',
  },
} as const;

const officeBlocks = (family: 4 | 6) => {
  const { most, reason } = BLOCK_LIMITS[family];
  return must(
    z.array(officeBlock(family)),
    (blocks) => blocks.length <= most,
    `must list at most ${most} blocks`,
    `${reason} Combine adjacent blocks into larger ones.`,
  );
};

const rateLimit = group({
  requests: integer(10, 2_000_000_000, 'AWS WAF accepts no other value.')
    .default(600)
    .describe('Requests from one address in the window. All people in an office behind NAT share an address.'),
  windowSeconds: z.literal([60, 120, 300, 600]).default(60).describe('Length of the window in seconds.'),
}).describe(
  'Limit for each address. Above it AWS WAF answers 429, so one address cannot use up the rate that all callers share, `api.throttle.ratePerSecond`.',
);

export const edge = z.strictObject({
  allowlist: z
    .strictObject({
      ipv4: officeBlocks(4).default([]).describe('IPv4 blocks of the offices, at most 10,000.'),
      ipv6: officeBlocks(6).default([]).describe('IPv6 blocks of the offices, at most 200.'),
    })
    .describe(
      'Addresses that may call the API. They are the defaults of the Terraform variables `office_ipv4_cidrs` and `office_ipv6_cidrs`.',
    ),
  rateLimit,
  customDomain: switchable(
    {
      domainName: domainName.describe('Name of the API, at most 64 characters.'),
      hostedZoneId: matching(
        /^Z[A-Z0-9]{4,31}$/,
        'must be the id of a hosted zone',
        'The zone gets the records of the name and of the certificate validation. Write the id as in Z0123456789ABCDEFGHIJ.',
      ).describe(
        'Public hosted zone of the name in Route 53, in the account of the environment. If another account holds the domain, create a zone for a subdomain in this account, and delegate the subdomain with NS records in the other account.',
      ),
    },
    [{ enabled: true, domainName: 'api.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' }],
  )
    .default({ enabled: false })
    .describe(
      'A custom domain with its own certificate and TLS 1.2 or newer. If disabled, the API has the name that CloudFront assigns.',
    ),
});
