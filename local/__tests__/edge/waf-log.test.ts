import { wafLog } from '../../edge/waf-log';
import { WebAcl, type WebAclVerdict } from '../../edge/web-acl';
import { appliedOf, ARNS, edge } from '../support/http-state';
import { viewerRequest } from '../support/viewer-request';

const LOGGING = { resource_arn: ARNS.webAcl, logging_filter: [], redacted_fields: [] as object[] };
const ALLOWED: WebAclVerdict = { action: 'ALLOW', rule: 'allowed', counted: [], isRateBased: false };

/** Opens the log of the web ACL in a deployment with these logging configurations. @param lines receives the lines */
const openLog = (configurations: readonly object[], lines: string[] = []) => {
  const applied = appliedOf({ ...edge(), aws_wafv2_web_acl_logging_configuration: configurations });
  return wafLog(applied, WebAcl.read(applied, ARNS.webAcl), 'EDFDVBD6EXAMPLE', (line) => lines.push(line));
};

/** Logs one request. @returns the parsed line */
function lineOf(verdict: WebAclVerdict = ALLOWED, redacted_fields: readonly object[] = []): Record<string, unknown> {
  const lines: string[] = [];
  const request = viewerRequest({ headers: [['X-Api-Key', 'a key']] });
  openLog([{ ...LOGGING, redacted_fields }], lines)?.(request, verdict);
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
}

/** Returns the `redacted_fields` of a logging configuration that redacts these fields. */
const redacting = (fields: object): object[] => [
  { single_header: [], method: [], query_string: [], uri_path: [], ...fields },
];

describe('the log of a web ACL', () => {
  it('has a line in AWS’s format for a request', () => {
    expect(lineOf()).toEqual({
      timestamp: Date.parse('2026-01-31T12:00:00Z'),
      formatVersion: 1,
      webaclId: ARNS.webAcl,
      terminatingRuleId: 'allowed',
      terminatingRuleType: 'REGULAR',
      action: 'ALLOW',
      terminatingRuleMatchDetails: [],
      httpSourceName: 'CF',
      httpSourceId: 'EDFDVBD6EXAMPLE',
      ruleGroupList: [],
      rateBasedRuleList: [],
      nonTerminatingMatchingRules: [],
      requestHeadersInserted: null,
      responseCodeSent: null,
      httpRequest: {
        clientIp: '203.0.113.1',
        country: '-',
        headers: [{ name: 'X-Api-Key', value: 'a key' }],
        uri: '/items',
        args: 'limit=5',
        httpVersion: 'HTTP/1.1',
        httpMethod: 'GET',
        requestId: 'the-request-id==',
      },
    });
  });

  it('names the rate-based rule that blocked the request, the custom status of the answer, and the rules that only counted', () => {
    const response = { status: 429, headers: [], body: Buffer.alloc(0) };
    expect(lineOf({ action: 'BLOCK', rule: 'limit', counted: ['watch'], isRateBased: true, response })).toMatchObject({
      action: 'BLOCK',
      terminatingRuleId: 'limit',
      terminatingRuleType: 'RATE_BASED',
      responseCodeSent: 429,
      nonTerminatingMatchingRules: [{ ruleId: 'watch', action: 'COUNT', ruleMatchDetails: [] }],
    });
  });

  it.each([
    ['a header', { single_header: [{ name: 'x-api-key' }] }, { headers: [{ name: 'X-Api-Key', value: 'REDACTED' }] }],
    ['the path', { uri_path: [{}] }, { uri: 'REDACTED', args: 'limit=5', httpMethod: 'GET' }],
    ['the query', { query_string: [{}] }, { uri: '/items', args: 'REDACTED', httpMethod: 'GET' }],
    ['the method', { method: [{}] }, { uri: '/items', args: 'limit=5', httpMethod: 'REDACTED' }],
  ])('replaces %s by REDACTED if it is a redacted field', (_what, fields, httpRequest) => {
    expect(lineOf(ALLOWED, redacting(fields))).toMatchObject({ httpRequest });
  });

  it('replaces several redacted fields', () => {
    const fields = [...redacting({ method: [{}] }), ...redacting({ uri_path: [{}] })];
    expect(lineOf(ALLOWED, fields)).toMatchObject({ httpRequest: { uri: 'REDACTED', httpMethod: 'REDACTED' } });
  });

  it('is not written if no logging configuration names this web ACL', () => {
    expect(openLog([])).toBeUndefined();
    expect(openLog([{ ...LOGGING, resource_arn: 'another web ACL' }])).toBeUndefined();
  });

  it('is rejected if its configuration filters requests', () => {
    expect(() => openLog([{ ...LOGGING, logging_filter: [{}] }])).toThrow(/logging_filter is not supported/);
  });
});
