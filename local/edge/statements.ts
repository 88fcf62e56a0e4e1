import type { Applied } from '../applied';
import { isIn } from '../network/internet';
import { Unsupported } from '../unsupported';
import { RequestRate } from './request-rate';

/** Limit of cached addresses, because a local viewer can use any of the 16 million addresses of 127.0.0.0/8. */
const REMEMBERED_ADDRESSES = 10_000;

/** Returns whether a rule's statement matches a viewer with this simulated public address. @param now milliseconds */
export type Matches = (address: string, now: number) => boolean;

/** A WAF statement in the provider's shape: one list for each kind, empty except for the kind in use. */
export type RuleStatement = Readonly<Record<string, readonly StatementBody[] | undefined>>;

interface StatementBody {
  readonly statement?: readonly RuleStatement[];
  readonly arn?: string;
  readonly ip_set_forwarded_ip_config?: readonly unknown[];
}

/** The body of a `rate_based_statement`. */
interface RateBased {
  readonly limit: number;
  readonly evaluation_window_sec: number;
  readonly aggregate_key_type: string;
  readonly scope_down_statement: readonly RuleStatement[];
}

interface IpSet {
  readonly arn: string;
  readonly addresses: readonly string[] | null;
}

/**
 * Reads the statement of a web ACL's rule.
 *
 * @throws Unsupported if the statement inspects anything but the viewer's address.
 * @throws Error if the statement refers to an IP set that is not applied.
 */
export function readRuleStatement(applied: Applied, statement: RuleStatement): Matches {
  const { kind, body = {} } = usedKind(statement);
  const inner = (body.statement ?? []).map((nested) => readRuleStatement(applied, nested));
  switch (kind) {
    case 'ip_set_reference_statement':
      return readIpSet(applied, body);
    case 'and_statement':
      return (address, now) => inner.every((matches) => matches(address, now));
    case 'or_statement':
      return (address, now) => inner.some((matches) => matches(address, now));
    case 'not_statement':
      return (address, now) => !inner.some((matches) => matches(address, now));
    case 'rate_based_statement':
      return readRateBased(applied, body as unknown as RateBased);
    default:
      throw new Unsupported(
        `The statement ${kind} of a web ACL`,
        'ip_set_reference_statement, rate_based_statement, and_statement, or_statement and not_statement',
      );
  }
}

/**
 * Returns which kind is in use, and its first entry. The provider has one list for each kind; only the list in use has entries.
 * If all lists are empty, the kind is `none`.
 */
export function usedKind<Body>(lists: Readonly<Record<string, readonly Body[] | undefined>>): {
  readonly kind: string;
  readonly body?: Body | undefined;
} {
  const [kind, bodies] = Object.entries(lists).find(([, list]) => list && list.length > 0) ?? ['none'];
  return { kind, body: bodies?.[0] };
}

function readRateBased(
  applied: Applied,
  { limit, evaluation_window_sec, aggregate_key_type, scope_down_statement }: RateBased,
): Matches {
  if (aggregate_key_type !== 'IP') {
    throw new Unsupported(`aggregate_key_type ${aggregate_key_type} of a rate_based_statement`, 'IP');
  }
  const [scopeDown] = scope_down_statement;
  const isInScope = scopeDown ? readRuleStatement(applied, scopeDown) : () => true;
  const rate = new RequestRate(evaluation_window_sec);
  return (address, now) => isInScope(address, now) && rate.count(address, now) > limit;
}

function readIpSet(applied: Applied, { arn = '', ip_set_forwarded_ip_config = [] }: StatementBody): Matches {
  // SECURITY: a viewer can forge headers, so an address is never read from a header.
  if (ip_set_forwarded_ip_config.length > 0) {
    throw new Unsupported('ip_set_forwarded_ip_config', "the viewer's own address");
  }
  const set = applied.find<IpSet>('aws_wafv2_ip_set', (candidate) => candidate.arn === arn);
  if (set === undefined) throw new Error(`The web ACL names the IP set ${arn}, which is not applied. Apply it.`);
  const addresses = set.addresses ?? [];
  const known = new Map<string, boolean>();
  return (address) => {
    const isInSet = known.get(address) ?? addresses.some((block) => isIn(address, block));
    if (known.size >= REMEMBERED_ADDRESSES) known.clear();
    known.set(address, isInSet);
    return isInSet;
  };
}
