import { readRuleStatement } from '../../edge/statements';
import {
  appliedOf,
  ARNS,
  changeValues,
  edge,
  inIpSet,
  rateBasedStatement,
  type Resources,
} from '../support/http-state';

/** ARN of a second IP set, for a lab in the office. Its block is a part of the block in the IP set of `edge()`. */
const LAB_SET = `${ARNS.ipSet}-lab`;
const LAB = { arn: LAB_SET, ip_address_version: 'IPV4', addresses: ['203.0.113.64/26'] };

/** An address in the IP set of `edge()`, but not in the IP set of the lab. */
const IN_SET = '203.0.113.9';
/** An address in both IP sets. */
const IN_LAB = '203.0.113.65';
/** An address in no IP set. */
const OUTSIDE = '192.0.2.1';
const NOW = 0;

const SETS: Resources = { ...edge(), aws_wafv2_ip_set: [...(edge()['aws_wafv2_ip_set'] ?? []), LAB] };

const read = (statement: object, resources: Resources = SETS) =>
  readRuleStatement(appliedOf(resources), statement as Parameters<typeof readRuleStatement>[1]);

/** Returns which of the three addresses the statement matches. */
const matched = (statement: object, resources?: Resources): string[] => {
  const matches = read(statement, resources);
  return [IN_SET, IN_LAB, OUTSIDE].filter((address) => matches(address, NOW));
};

const not = (statement: object) => ({ not_statement: [{ statement: [statement] }] });

describe('a rule statement', () => {
  it('matches the addresses of an IP set', () => {
    expect(matched(inIpSet(LAB_SET))).toEqual([IN_LAB]);
  });

  it('matches the addresses of IPv6 blocks, which AWS WAF returns without abbreviation', () => {
    const addresses = ['2001:0db8:0001:0000:0000:0000:0000:0000/48'];
    const matches = read(inIpSet(ARNS.ipSet), changeValues(edge(), 'aws_wafv2_ip_set', { addresses }));
    expect(['2001:db8:1::7', '2001:db8:2::7'].map((address) => matches(address, NOW))).toEqual([true, false]);
  });

  it('matches no address if its IP set is empty', () => {
    expect(matched(inIpSet(ARNS.ipSet), changeValues(edge(), 'aws_wafv2_ip_set', { addresses: null }))).toEqual([]);
  });

  it('may be nested in and_statement, or_statement and not_statement', () => {
    const statement = [inIpSet(ARNS.ipSet), not(inIpSet(LAB_SET))];
    expect(matched({ and_statement: [{ statement }] })).toEqual([IN_SET]);
    expect(matched({ or_statement: [{ statement }] })).toEqual([IN_SET, IN_LAB, OUTSIDE]);
    expect(matched(not(inIpSet(ARNS.ipSet)))).toEqual([OUTSIDE]);
  });

  const forwarded = { ip_set_reference_statement: [{ arn: ARNS.ipSet, ip_set_forwarded_ip_config: [{}] }] };

  it.each([
    ['an IP set that is not applied', inIpSet('gone'), /names the IP set gone, which is not applied/],
    ['addresses from headers', forwarded, /ip_set_forwarded_ip_config is not supported/],
    ['a match by country', { geo_match_statement: [{}] }, /geo_match_statement.*is not supported/],
  ])('with %s is rejected', (_what, statement, reason) => {
    expect(() => read(statement)).toThrow(reason);
  });
});

describe('a rate-based statement', () => {
  it('matches an address from its eleventh request on if the limit is 10', () => {
    const matches = read(rateBasedStatement());
    expect(Array.from({ length: 12 }, () => matches(IN_SET, NOW)).filter(Boolean)).toHaveLength(2);
    expect(matches(OUTSIDE, NOW)).toBe(false);
  });

  it('counts only requests that its scope-down statement matches', () => {
    const matches = read(rateBasedStatement({ scope_down_statement: [not(inIpSet(ARNS.ipSet))] }));
    const matchesOf = (address: string) => Array.from({ length: 20 }, () => matches(address, NOW));
    expect(matchesOf(IN_SET)).not.toContain(true);
    expect(matchesOf(OUTSIDE)).toContain(true);
  });

  it.each(['FORWARDED_IP', 'CUSTOM_KEYS'])('with the aggregate key %s is rejected', (aggregate_key_type) => {
    expect(() => read(rateBasedStatement({ aggregate_key_type }))).toThrow(`aggregate_key_type ${aggregate_key_type}`);
  });
});
