import ipaddr from 'ipaddr.js';
import type { RawOutputs } from './outputs';

/** What tells whose deployment it is, or where: ARNs, names of AWS's hosts, addresses, ids. */
const TELLING: readonly (readonly [RegExp, string])[] = [
  [/\barn:aws[\w-]*:[^\s"',]+/g, '<arn>'],
  [/\b[\w.-]+\.(?:amazonaws\.com|cloudfront\.net)(?:\.cn)?\b/g, '<host>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?\b/g, '<address>'],
  [/\b\d{12}\b/g, '<account>'],
  [/\b(?:db|prx|vpc|subnet|sg|eni|i)-[\da-z]{8,}\b/gi, '<id>'],
];

/** What may be an IPv6 address or block. */
const IPV6_LIKE = /(?<![\w:])[\da-f:]*:[\da-f]*:[\da-f:]*(?:\/\d{1,3})?/gi;

const redactIpv6 = (like: string): string => (ipaddr.IPv6.isValid(like.replace(/\/.*/, '')) ? '<address>' : like);

/** Outputs whose text is an address or an id, and nothing that a report is about. */
const isPlace = (name: string): boolean => /_(url|domain|endpoint|resource_id)$/.test(name);

/**
 * Makes the function that takes account ids, addresses and names of hosts out of a text.
 *
 * @param outputs the deployment's own names, replaced by the names of their outputs
 */
export function redactor(outputs: RawOutputs): (text: string) => string {
  const own = Object.entries(outputs).flatMap(([name, { value }]) =>
    isPlace(name) && typeof value === 'string' && value !== '' ? [[hostIn(value), `<${name}>`] as const] : [],
  );
  return (text) => {
    const named = own.reduce((result, [place, name]) => result.replaceAll(place, name), text);
    return TELLING.reduce((result, [pattern, word]) => result.replace(pattern, word), named).replace(
      IPV6_LIKE,
      redactIpv6,
    );
  };
}

const hostIn = (value: string): string => (URL.canParse(value) ? new URL(value).hostname : value);
