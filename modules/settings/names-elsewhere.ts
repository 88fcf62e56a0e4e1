import { z } from 'zod';
import { matching, must } from './fields';

const RESERVED_BUCKET = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|[.]mrap|--x-s3|--table-s3)$/;
const LIKE_AN_ADDRESS = /^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$/;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketName = must(
  matching(
    /^[a-z0-9](?!.*[.][.])[a-z0-9.-]{1,61}[a-z0-9]$/,
    'must be the name of an S3 bucket',
    'It has 3 to 63 lower-case letters, digits, hyphens and single dots, and begins and ends with a letter or digit. Write the name alone, as in acme-terraform-state.',
  ),
  (name) => !RESERVED_BUCKET.test(name) && !LIKE_AN_ADDRESS.test(name),
  'must not be a name that S3 reserves',
  'S3 reserves names that look like an IP address, and the prefixes and suffixes of access points and directory buckets. Write the name of your bucket.',
);

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const TOP_LEVEL = '(?:[a-z]{2,63}|xn--[a-z0-9-]{1,57}[a-z0-9])';

/** Longest first name of an ACM certificate, characters. https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html */
const CERTIFICATE_NAME = 64;

/** Names that get no public certificate. https://www.iana.org/assignments/special-use-domain-names */
const NOT_ON_THE_INTERNET = /[.](local|localhost|internal|invalid|test|onion|alt|arpa)$/;
const OF_AWS = /[.](amazonaws[.]com|cloudfront[.]net|elasticbeanstalk[.]com|awsapprunner[.]com|on[.]aws)$/;

/** Custom domain of the API. */
export const domainName = must(
  must(
    must(
      matching(
        new RegExp(`^(?:${LABEL}[.])+${TOP_LEVEL}$`),
        'must be a domain name',
        'Write it in lower case, without a dot at the end, and names in other scripts as xn--…, as in api.example.com.',
      ),
      (name) => name.length <= CERTIFICATE_NAME,
      `must be at most ${CERTIFICATE_NAME} characters long`,
      'ACM issues no certificate for a longer name. Choose a shorter one.',
    ),
    (name) => !NOT_ON_THE_INTERNET.test(name),
    'must be a name of the public DNS',
    'No public certificate is issued for such a name. Choose one in a domain of your own.',
  ),
  (name) => !OF_AWS.test(name),
  'must not be a name in a domain of AWS',
  'ACM issues certificates for your own domains only. Choose a name in one, or remove edge.customDomain to use CloudFront’s own name.',
);

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const MAIL_LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

/** https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1: 64 characters before the @, 254 altogether. */
export const emailAddress = must(
  z.string(),
  (address) =>
    address.length <= 254 &&
    new RegExp(`^(?=[^@]{1,64}@)${ATOM}(?:[.]${ATOM})*@(?:${MAIL_LABEL}[.])+${MAIL_LABEL}$`).test(address),
  'must be one e-mail address',
  'SNS asks it to confirm the subscription. Write it without a name, as in platform@example.com.',
);

/** AWS allows 50 tags; the stack adds Environment, and Name on resources that have a name. */
const TAGS = 48;
const KEY_CHARACTERS = 128;
const VALUE_CHARACTERS = 256;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const isTagText = (text: string, most: number): boolean =>
  TAG_TEXT.test(text) && Array.from(text).length <= most && !/^aws:/i.test(text);

const tagValue = must(
  z.string(),
  (value) => isTagText(value, VALUE_CHARACTERS),
  'must be the value of a tag',
  `AWS accepts up to ${VALUE_CHARACTERS} letters, digits, spaces and _ . : / = + - @, and reserves the prefix aws:.`,
);

/** Finds invalid tag keys. IAM treats keys that differ only in case as equal. */
const wrongKeys = (keys: readonly string[]): string[] =>
  keys.filter(
    (key, index) =>
      key === '' ||
      !isTagText(key, KEY_CHARACTERS) ||
      ['environment', ...keys.slice(0, index).map((other) => other.toLowerCase())].includes(key.toLowerCase()),
  );

/**
 * Tags that every service accepts, because every resource gets them.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
 */
export const tags = must(
  must(
    z.record(z.string(), tagValue),
    (all) => Object.keys(all).length <= TAGS,
    `must be at most ${TAGS} tags`,
    'AWS allows 50 on a resource, and the stack adds Environment and Name. Remove some.',
  ),
  (all) => wrongKeys(Object.keys(all)).length === 0,
  'must have keys that AWS accepts',
  (value) =>
    `Change ${wrongKeys(Object.keys(value as object))
      .map((key) => JSON.stringify(key))
      .join(
        ', ',
      )}. A key is 1 to ${KEY_CHARACTERS} letters, digits, spaces and _ . : / = + - @; it does not begin with aws:, differs from the others in more than its case, and is not Environment, which the stack sets.`,
);
