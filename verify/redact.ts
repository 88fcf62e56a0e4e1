import ipaddr from 'ipaddr.js';
import type { RawOutputs } from './outputs';

/** Patterns of texts that identify a deployment: ARNs, AWS host names, IPv4 addresses, ids. */
const IDENTIFYING: readonly (readonly [RegExp, string])[] = [
  [/\barn:aws[\w-]*:[^\s"',]+/g, '<arn>'],
  [/\b[\w.-]+\.(?:amazonaws\.com|cloudfront\.net)(?:\.cn)?\b/g, '<host>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?\b/g, '<address>'],
  [/\b\d{12}\b/g, '<account>'],
  [/\b(?:db|prx|vpc|subnet|sg|eni|i)-[\da-z]{8,}\b/gi, '<id>'],
];

/** Text that may be an IPv6 address or block. */
const IPV6_LIKE = /(?<![\w:])[\da-f:]*:[\da-f]*:[\da-f:]*(?:\/\d{1,3})?/gi;

const redactIpv6 = (text: string): string => (ipaddr.IPv6.isValid(text.replace(/\/.*/, '')) ? '<address>' : text);

/** Returns whether the output of this name is an address or an id. */
const isAddressOrId = (name: string): boolean => /_(url|domain|endpoint|resource_id)$/.test(name);

/**
 * Makes a function that replaces ARNs, addresses, AWS host names, account ids and resource ids in a text.
 *
 * @param outputs outputs of the deployment; the name of an output replaces its address or id in the text
 */
export function redactor(outputs: RawOutputs): (text: string) => string {
  const ownHostsAndIds = Object.entries(outputs).flatMap(([name, { value }]) =>
    isAddressOrId(name) && typeof value === 'string' && value !== '' ? [[hostIn(value), `<${name}>`] as const] : [],
  );
  return (text) => {
    let redacted = text;
    for (const [hostOrId, name] of ownHostsAndIds) redacted = redacted.replaceAll(hostOrId, name);
    for (const [pattern, name] of IDENTIFYING) redacted = redacted.replace(pattern, name);
    return redacted.replace(IPV6_LIKE, redactIpv6);
  };
}

const hostIn = (value: string): string => (URL.canParse(value) ? new URL(value).hostname : value);
