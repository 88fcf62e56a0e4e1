import type { Applied } from '../../local';
import { type Decision, matchesAction, type Permissions, type Policy, type Statement } from '../../local/decisions';
import type { Finding } from './condition';
import type { ConditionInputs } from './condition-inputs';

/** Checks that a function or the client host has a role that its service may assume. A person's role is not deployed. */
export function roleFindings(inputs: ConditionInputs): Finding[] {
  const { kind, name, role, source } = inputs.login.client;
  if (kind === 'person') return [];
  const service = kind === 'function' ? 'lambda.amazonaws.com' : 'ec2.amazonaws.com';
  const needs = `${name} has a role that ${service} may assume`;
  if (role === undefined) {
    const fix = 'Give the host an instance profile with a role.';
    return [{ needs, found: 'it has no instance profile with a role', resources: [source], fix }];
  }
  return [trustFinding(inputs, needs, role, service)];
}

/** Checks that a service may assume a role. */
export function trustFinding(
  { applied, permissions }: ConditionInputs,
  needs: string,
  role: string,
  service: string,
): Finding {
  const decision = permissions.trusts(role, service);
  return {
    needs,
    found: describeDecision(decision, 'sts:AssumeRole'),
    resources: [roleIn(applied, role)],
    fix: fixOf(
      decision,
      'sts:AssumeRole',
      `Allow sts:AssumeRole for the service ${service} in the trust policy of ${role}.`,
    ),
  };
}

/**
 * Checks that a role's own policies allow an action on a resource. Role and resource are ARNs.
 *
 * @param fix returns the fix for an implicit denial. Its arguments are the usual fix and the resources of all statements that allow the
 *   action, including statements with conditions.
 */
export function permissionFinding(
  { applied, permissions }: ConditionInputs,
  needs: string,
  { role, action, resource }: { readonly role: string; readonly action: string; readonly resource: string },
  fix: (usualFix: string, allowedArns: readonly string[]) => string = (usualFix) => usualFix,
): Finding {
  const decision = permissions.decide(role, action, resource);
  if (decision.outcome === 'allowed') {
    const arns = decision.statement.resources?.join(', ') ?? '';
    return { needs, found: `${describeDecision(decision, action)} on ${arns}`, resources: [decision.policy.source] };
  }
  if (decision.outcome === 'explicitly denied') {
    const remedy = fixOf(decision, action);
    return { needs, found: describeDecision(decision, action), resources: [decision.policy.source], fix: remedy };
  }
  const allowing = statementsThatAllow(permissions, role, action);
  const allowedOn = allowing.map(({ statement }) => describeResources(statement)).join(', ');
  return {
    needs,
    found: allowedOn
      ? `the policies of ${role} allow ${action} only on ${allowedOn}`
      : `no policy of ${role} allows ${action}`,
    resources: allowedOn ? allowing.map(({ policy }) => policy.source) : [roleIn(applied, role)],
    fix: fix(
      `Allow ${action} on ${resource} in a policy of ${role}.`,
      allowing.flatMap(({ statement }) => statement.resources ?? []),
    ),
  };
}

/** Lists the statements that allow an action on some resource, perhaps under a condition. */
function statementsThatAllow(
  permissions: Permissions,
  role: string,
  action: string,
): { readonly policy: Policy; readonly statement: Statement }[] {
  return permissions
    .policiesOf(role)
    .flatMap((policy) => policy.statements.map((statement) => ({ policy, statement })))
    .filter(
      ({ statement: { effect, actions } }) =>
        effect === 'Allow' && actions.some((pattern) => matchesAction(action, pattern)),
    );
}

const describeResources = ({ resources = [], conditions }: Statement): string =>
  `${resources.join(', ')}${conditions.length > 0 ? ' (under a condition)' : ''}`;

/** Describes the deciding statement. If there is none, names the kind of policy that lacks an Allow. */
export function describeDecision(decision: Decision, action: string): string {
  if (decision.outcome === 'implicitly denied') return `no ${decision.kind} policy allows ${action}`;
  const { policy, statement, outcome } = decision;
  const sid = statement.sid === undefined ? '' : `, statement ${statement.sid},`;
  return `the ${policy.kind} policy ${policy.name}${sid} ${outcome === 'allowed' ? 'allows' : 'denies'} ${action}`;
}

/**
 * Returns the fix for a decision, or `undefined` if the action is allowed. The fix for a Deny adds no Allow, because a Deny overrides it.
 *
 * @param allow fix for an action that no statement allows; if omitted, such an action has no fix
 */
export function fixOf({ outcome }: Decision, action: string, allow?: string): string | undefined {
  if (outcome === 'allowed') return undefined;
  return outcome === 'explicitly denied' ? `Remove the Deny of ${action}, or narrow it.` : allow;
}

const roleIn = (applied: Applied, role: string): object | undefined =>
  applied.find<{ arn: string }>('aws_iam_role', ({ arn }) => arn === role);
