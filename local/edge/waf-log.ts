import type { Applied } from '../applied';
import type { Header } from '../http/headers';
import { Unsupported } from '../unsupported';
import type { ViewerRequest } from './viewer-request';
import type { WebAclVerdict, WebAcl } from './web-acl';

interface RedactedField {
  readonly single_header: readonly { readonly name: string }[];
  readonly method: readonly unknown[];
  readonly query_string: readonly unknown[];
  readonly uri_path: readonly unknown[];
}

interface LoggingConfiguration {
  readonly resource_arn: string;
  readonly redacted_fields: readonly RedactedField[];
  readonly logging_filter: readonly unknown[];
}

const REDACTED = 'REDACTED';

/** Writes the log line of one request that a web ACL evaluated. */
export type WafLog = (request: ViewerRequest, verdict: WebAclVerdict) => void;

/**
 * Returns a function that logs requests in AWS WAF's format.
 *
 * https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html
 *
 * @param sourceId id of the distribution
 * @returns the function; `undefined` if no logging is applied to the web ACL
 * @throws Unsupported if a filter selects the requests to log.
 */
export function wafLog(
  applied: Applied,
  { arn }: WebAcl,
  sourceId: string,
  log: (line: string) => void,
): WafLog | undefined {
  const configuration = applied.find<LoggingConfiguration>(
    'aws_wafv2_web_acl_logging_configuration',
    ({ resource_arn }) => resource_arn === arn,
  );
  if (configuration === undefined) return undefined;
  if (configuration.logging_filter.length > 0) throw new Unsupported('A logging_filter', 'a log of every request');
  const fields = configuration.redacted_fields;
  const redactedHeaders = new Set(fields.flatMap(({ single_header }) => single_header.map(({ name }) => name)));
  const loggedHeader = ([name, value]: Header): object => ({
    name,
    value: redactedHeaders.has(name.toLowerCase()) ? REDACTED : value,
  });
  const redactedParts = (['method', 'query_string', 'uri_path'] as const).filter((part) =>
    fields.some((field) => field[part].length > 0),
  );
  const loggedPart = (part: (typeof redactedParts)[number], value: string): string =>
    redactedParts.includes(part) ? REDACTED : value;

  return (request, { action, rule, counted, isRateBased, response }) => {
    const httpRequest = {
      clientIp: request.address,
      country: '-',
      headers: request.headers.map(loggedHeader),
      uri: loggedPart('uri_path', request.path),
      args: loggedPart('query_string', request.query),
      httpVersion: request.protocol,
      httpMethod: loggedPart('method', request.method),
      requestId: request.id,
    };
    log(
      JSON.stringify({
        timestamp: request.receivedAt,
        formatVersion: 1,
        webaclId: arn,
        terminatingRuleId: rule,
        terminatingRuleType: isRateBased ? 'RATE_BASED' : 'REGULAR',
        action,
        terminatingRuleMatchDetails: [],
        httpSourceName: 'CF',
        httpSourceId: sourceId,
        ruleGroupList: [],
        rateBasedRuleList: [],
        nonTerminatingMatchingRules: counted.map((ruleId) => ({ ruleId, action: 'COUNT', ruleMatchDetails: [] })),
        requestHeadersInserted: null,
        responseCodeSent: response?.status ?? null,
        httpRequest,
      }),
    );
  };
}
