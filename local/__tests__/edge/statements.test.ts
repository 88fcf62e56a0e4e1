import { readRuleStatement } from '../../edge/statements';
import { appliedOf, ARNS, changeValues, edge, inIpSet, type Resources } from '../support/http-state';

const IN_SET = '203.0.113.9';
const IN_LAB = '203.0.113.65';
const OTHER = '192.0.2.1';

const LAB_SET = `${ARNS.ipSet}-lab`;
const LAB = { arn: LAB_SET, ip_address_version: 'IPV4', addresses: ['203.0.113.64/26'] };
const SETS: Resources = { ...edge(), aws_wafv2_ip_set: [...(edge()['aws_wafv2_ip_set'] ?? []), LAB] };

const read = (statement: object, resources: Resources = SETS) =>
  readRuleStatement(appliedOf(resources), statement as Parameters<typeof readRuleStatement>[1]);

/** Returns which of the three addresses the statement matches. */
const matched = (statement: object, resources?: Resources): string[] => {
  const matches = read(statement, resources);
  return [IN_SET, IN_LAB, OTHER].filter((address) => matches(address, 0));
};

const not = (statement: object) => ({ not_statement: [{ statement: [statement] }] });

describe('a statement', () => {
  it('matches the addresses of an IP set', () => {
    expect(matched(inIpSet(LAB_SET))).toEqual([IN_LAB]);
  });

  it('matches no address by an empty set', () => {
    expect(matched(inIpSet(ARNS.ipSet), changeValues(edge(), 'aws_wafv2_ip_set', { addresses: null }))).toEqual([]);
  });

  it('may be nested in and, or and not', () => {
    const statement = [inIpSet(ARNS.ipSet), not(inIpSet(LAB_SET))];
    expect(matched({ and_statement: [{ statement }] })).toEqual([IN_SET]);
    expect(matched({ or_statement: [{ statement }] })).toEqual([IN_SET, IN_LAB, OTHER]);
    expect(matched(not(inIpSet(ARNS.ipSet)))).toEqual([OTHER]);
  });

  const forwarded = { ip_set_reference_statement: [{ arn: ARNS.ipSet, ip_set_forwarded_ip_config: [{}] }] };

  it.each([
    ['an IP set that is not applied', inIpSet('gone'), /names the IP set gone, which is not applied/],
    ['addresses in headers', forwarded, /ip_set_forwarded_ip_config is not served/],
    ['countries', { geo_match_statement: [{}] }, /geo_match_statement.*is not served/],
  ])('is rejected with %s', (_what, statement, reason) => {
    expect(() => read(statement)).toThrow(reason);
  });
});

describe('a rate-based statement', () => {
  const rateBased = (values: object = {}): object => ({
    rate_based_statement: [
      { limit: 10, evaluation_window_sec: 60, aggregate_key_type: 'IP', scope_down_statement: [], ...values },
    ],
  });

  it('matches an address beyond its limit', () => {
    const matches = read(rateBased());
    expect(Array.from({ length: 12 }, () => matches(IN_SET, 0)).filter((beyond) => beyond)).toHaveLength(2);
    expect(matches(OTHER, 0)).toBe(false);
  });

  it('counts only requests in its scope-down statement', () => {
    const matches = read(rateBased({ scope_down_statement: [not(inIpSet(ARNS.ipSet))] }));
    const matchedOf = (address: string) => Array.from({ length: 20 }, () => matches(address, 0));
    expect(matchedOf(IN_SET)).not.toContain(true);
    expect(matchedOf(OTHER)).toContain(true);
  });

  it.each(['FORWARDED_IP', 'CUSTOM_KEYS'])('is rejected with the aggregate key %s', (aggregate_key_type) => {
    expect(() => read(rateBased({ aggregate_key_type }))).toThrow(`aggregate_key_type ${aggregate_key_type}`);
  });
});
