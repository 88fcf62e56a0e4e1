import type { Condition, Policy, PolicyKind, Statement } from './policy';
import { isArnLike, matchesAction, matchesResource } from './wildcards';

export interface AccessRequest {
  /** ARN of a role or name of a service, for example `lambda.amazonaws.com`. */
  readonly principal: string;
  readonly action: string;
  /** ARN; `*` for an action without a resource. */
  readonly resource: string;
  /** The request's condition keys, with their values. */
  readonly context?: Readonly<Record<string, string>>;
}

export interface ApplicablePolicies {
  readonly identity?: readonly Policy[];
  /** Resource-based policies. Within one account their Allow suffices, without an identity-based policy. */
  readonly resource?: readonly Policy[];
  /** Policies of the VPC endpoints on the way; each must also allow the request. */
  readonly endpoints?: readonly Policy[];
}

export type Decision =
  /** `statement` of `policy` decided the outcome. */
  | { readonly outcome: 'allowed' | 'explicitly denied'; readonly policy: Policy; readonly statement: Statement }
  /** No policy of this kind allows the request. */
  | { readonly outcome: 'implicitly denied'; readonly kind: PolicyKind };

/**
 * Authorizes a request within one account as IAM does. A Deny in any policy wins. Otherwise an identity-based or a resource-based
 * policy must allow the request, and so must the policy of each VPC endpoint on the way.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function evaluate(request: AccessRequest, policies: ApplicablePolicies): Decision {
  const { identity = [], resource = [], endpoints = [] } = policies;
  const granting = [...identity, ...resource];
  const denied = find('Deny', request, [...granting, ...endpoints]);
  if (denied) return { outcome: 'explicitly denied', ...denied };
  const allowed = find('Allow', request, granting);
  // Identity-based policies come first in `granting`. So `kind` is resource-based only if there is no identity-based policy.
  const kind = granting[0]?.kind ?? 'identity-based';
  if (allowed === undefined) return { outcome: 'implicitly denied', kind };
  const endpointsAllow = endpoints.every((endpoint) => find('Allow', request, [endpoint]));
  return endpointsAllow ? { outcome: 'allowed', ...allowed } : { outcome: 'implicitly denied', kind: 'VPC endpoint' };
}

/** Formats the part of IAM's denial message that follows the name of the principal. */
export const notAuthorized = (action: string, resource: string): string =>
  `is not authorized to perform: ${action} on resource: ${resource}`;

/** Formats the reason at the end of IAM's denial message. */
export function reasonOf(decision: Exclude<Decision, { outcome: 'allowed' }>, action: string): string {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
  return decision.outcome === 'implicitly denied'
    ? `because no ${decision.kind} policy allows the ${action} action`
    : `with an explicit deny in ${decision.policy.kind === 'identity-based' ? 'an' : 'a'} ${decision.policy.kind} policy`;
}

/** Finds the first statement with this effect that applies to the request. */
function find(effect: Statement['effect'], request: AccessRequest, policies: readonly Policy[]) {
  for (const policy of policies) {
    const statement = policy.statements.find((candidate) => candidate.effect === effect && applies(candidate, request));
    if (statement) return { policy, statement };
  }
  return undefined;
}

function applies(statement: Statement, { principal, action, resource, context = {} }: AccessRequest): boolean {
  // An absent element matches everything: identity-based policies name no principal, and trust policies no resource.
  const { principals = ['*'], actions, resources = ['*'], conditions } = statement;
  return (
    (principals.includes('*') || principals.includes(principal)) &&
    actions.some((pattern) => matchesAction(action, pattern)) &&
    resources.some((pattern) => matchesResource(resource, pattern)) &&
    conditions.every((condition) => holds(condition, context))
  );
}

/** A condition holds if the key has any of the values. Key names ignore case. A missing key never matches. */
function holds({ operator, key, values }: Condition, context: Readonly<Record<string, string>>): boolean {
  const [, actual] = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase()) ?? [];
  if (actual === undefined) return false;
  return values.some((value) => (operator === 'ArnLike' ? isArnLike(actual, value) : actual === value));
}
