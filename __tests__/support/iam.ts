import { evaluate as decide } from '../../local/iam/evaluate';
import { readPolicy } from '../../local/iam/policy';
import type { Synthesised } from './synthesised';

export const ACCOUNT = '111122223333';

/** ARNs as AWS assigns them, by a word in the Terraform name of the resource. */
const ARNS: readonly [expression: RegExp, arn: string][] = [
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
  [/aws_cloudwatch_log_group\.([\w-]*)\.arn/, `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:$1`],
];

/** Evaluates Terraform's expressions in a policy. */
export function evaluate(policy: string): string {
  return policy.replace(/\$\{(.*?)\}(?=[^}]|$)/g, (_all, expression: string) => {
    const arn = ARNS.reduce((text, [pattern, value]) => text.replace(pattern, value), expression);
    const [, whole, part] = /^element\(split\(":", (.*)\), (\d)\)$/.exec(arn) ?? [];
    return whole === undefined ? arn : (whole.split(':')[Number(part)] ?? '');
  });
}

/** Returns whether the policies of a role allow an action. */
export function isAllowed(
  stack: Synthesised,
  role: string,
  action: string,
  resource: string,
  context: Record<string, string> = {},
): boolean {
  const identity = Object.entries(stack.all('aws_iam_role_policy'))
    .filter(([, policy]) => policy.role === `\${${stack.addressOf('aws_iam_role', role)}.name}`)
    .map(([name, policy]) => readPolicy('identity-based', name, evaluate(policy.policy as string)));
  if (identity.length === 0) throw new Error(`The role ${role} has no policy`);
  const principal = `arn:aws:iam::${ACCOUNT}:role/${role}`;
  return decide({ principal, action, resource, context }, { identity }).outcome === 'allowed';
}
