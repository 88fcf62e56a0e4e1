import type { SynthesisedStack } from './synthesised-stack';

type OneOrMore = string | readonly string[];

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: OneOrMore;
  readonly Resource: OneOrMore;
  /** Values by operator and condition key. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

export interface AccessRequest {
  readonly action: string;
  /** ARN; `*` for an action without a resource. */
  readonly resource: string;
  /** Values of the condition keys that the request has. */
  readonly context?: Readonly<Record<string, string>>;
}

export const ACCOUNT = '111122223333';

/** Values that AWS could assign, by the Terraform expression for them. */
const VALUES: readonly [expression: RegExp, value: string][] = [
  [/aws_db_proxy\.password[\w-]*\.arn/, `arn:aws:rds:eu-central-1:${ACCOUNT}:db-proxy:prx-password`],
  [/aws_db_proxy\.iam[\w-]*\.arn/, `arn:aws:rds:eu-central-1:${ACCOUNT}:db-proxy:prx-iam`],
  [/aws_db_instance\.[\w-]*\.arn/, `arn:aws:rds:eu-central-1:${ACCOUNT}:db:login-matrix-test`],
  [/aws_db_instance\.[\w-]*\.resource_id/, 'db-INSTANCE'],
  [
    /aws_db_instance\.[\w-]*\.master_user_secret\[0\]\.secret_arn/,
    `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:rds!db-master`,
  ],
  [/aws_secretsmanager_secret\.matrix[\w-]*\.arn/, `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:matrix`],
  [/aws_secretsmanager_secret\.[\w-]*\.arn/, `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:timestamps`],
  [/aws_lambda_function\.rotation[\w-]*\.arn/, `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:rotation`],
  [/aws_security_group\.[\w-]*\.arn/, `arn:aws:ec2:eu-central-1:${ACCOUNT}:security-group/sg-1`],
  [/aws_cloudwatch_log_group\.([\w-]*)\.arn/, `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:$1`],
];

/** Replaces Terraform's expressions in a policy with values. */
export function resolveExpressions(policy: string): string {
  // Of several closing braces in a row, the last one ends the expression.
  return policy.replace(/\$\{(.*?)\}(?=[^}]|$)/g, (_all, expression: string) => {
    const resolved = VALUES.reduce((text, [pattern, value]) => text.replace(pattern, value), expression);
    // `element(split(":", ARN), 4)` is one part of the ARN, here its account.
    const [, arn, index] = /^element\(split\(":", (.*)\), (\d)\)$/.exec(resolved) ?? [];
    return arn === undefined ? resolved : (arn.split(':')[Number(index)] ?? '');
  });
}

/**
 * Returns whether identity-based policies allow a request: a Deny wins, otherwise one Allow is enough.
 *
 * @param policies JSON documents without Terraform's expressions: see {@link resolveExpressions}
 */
export function policiesAllow(policies: readonly string[], request: AccessRequest): boolean {
  const statements = policies.flatMap((policy) => (JSON.parse(policy) as { Statement: Statement[] }).Statement);
  const effects = statements.filter((statement) => applies(statement, request)).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

/** The supported condition operators. {@link applies} lets each of them match wildcards, as StringLike does. */
const OPERATORS = ['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike', 'Bool'];

function applies({ Action, Resource, Condition = {} }: Statement, request: AccessRequest): boolean {
  const { action, resource, context = {} } = request;
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) => {
    if (!OPERATORS.includes(operator.replace(/IfExists$/, ''))) throw new Error(`Unknown operator ${operator}`);
    return Object.entries(keys).map(([key, values]) => ({ key, values, isOptional: operator.endsWith('IfExists') }));
  });
  return (
    matches(action, Action) &&
    matches(resource, Resource) &&
    conditions.every(({ key, values, isOptional }) => {
      const value = context[key];
      return value === undefined ? isOptional : matches(value, values);
    })
  );
}

function matches(value: string, patterns: OneOrMore): boolean {
  return [patterns].flat().some((pattern) => {
    const expression = pattern
      .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${expression}$`).test(value);
  });
}

/** Returns whether the policies of a role in a stack allow an action. */
export function isAllowed(
  stack: SynthesisedStack,
  role: string,
  action: string,
  resource: string,
  context: Record<string, string> = {},
): boolean {
  const policies = Object.values(stack.all('aws_iam_role_policy'))
    .filter((policy) => policy.role === `\${${stack.addressOf('aws_iam_role', role)}.name}`)
    .map((policy) => resolveExpressions(policy.policy as string));
  if (policies.length === 0) throw new Error(`The role ${role} has no policy`);
  return policiesAllow(policies, { action, resource, context });
}
