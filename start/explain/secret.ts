import { type DbInstance, evaluate, Subnets } from '../../local/decisions';
import { fromConnectionCondition, type Finding } from './condition';
import { fixOf, permissionFinding, describeDecision } from './role';
import type { ConditionInputs } from './condition-inputs';

const ACTION = 'secretsmanager:GetSecretValue';

/** Checks that the client can read its user and password from Secrets Manager. */
export function secretFindings(inputs: ConditionInputs): Finding[] {
  const { login, network, permissions, from } = inputs;
  const { client, secretArn } = login;
  const { role } = client;
  if (secretArn === undefined || role === undefined) return [];
  const needs = `${client.name} may read the secret ${secretArn}`;
  return [
    ownerFinding(inputs, secretArn),
    ...network.traceSecretsManager(from).map(fromConnectionCondition),
    permissionFinding(inputs, needs, { role, action: ACTION, resource: secretArn }, (usualFix, allowedArns) => {
      // Suggest only exact ARNs that the role may read: a condition or a Deny can still refuse what an Allow names.
      const otherArns = allowedArns.filter((arn) => !/[*?]/.test(arn) && permissions.allows(role, ACTION, arn));
      return otherArns.length === 0
        ? usualFix
        : `Set DB_SECRET_ARN to ${otherArns.join(' or ')}, which ${role} may read; or else: ${usualFix}`;
    }),
    ...endpointFindings(inputs, role, secretArn),
  ];
}

/** Checks that the secret belongs to a declared database user. */
function ownerFinding({ applied, login }: ConditionInputs, secretArn: string): Finding {
  const { user } = login;
  const secret =
    applied.find<{ arn: string }>('aws_secretsmanager_secret', ({ arn }) => arn === secretArn) ??
    applied.find<DbInstance>('aws_db_instance', ({ master_user_secret }) =>
      (master_user_secret ?? []).some(({ secret_arn }) => secret_arn === secretArn),
    );
  const needs = `the secret ${secretArn} belongs to a database user`;
  if (secret && user) return { needs, found: `it belongs to '${user.name}'`, resources: [secret] };
  return {
    needs,
    found: secret ? 'no declared database user has it' : 'it is not a secret of this deployment',
    resources: [login.client.source, secret],
    fix: 'Set DB_SECRET_ARN to the ARN of the secret of the user that the function logs in as.',
  };
}

/** Checks the policy of each VPC endpoint of Secrets Manager. `permissionFinding` checks the role's own policies. */
function endpointFindings(
  { applied, permissions, login: { client } }: ConditionInputs,
  role: string,
  secretArn: string,
): Finding[] {
  const [subnet] = client.vpc?.subnet_ids ?? [];
  if (subnet === undefined) return [];
  const { vpc_id } = new Subnets(applied).get(subnet);
  return permissions.endpointPolicies(vpc_id, 'secretsmanager').map((policy) => {
    const decision = evaluate({ principal: role, action: ACTION, resource: secretArn }, { resource: [policy] });
    return {
      needs: `the policy of the VPC endpoint of Secrets Manager allows ${client.name} to read the secret`,
      found: describeDecision(decision, ACTION),
      resources: [policy.source],
      fix: fixOf(decision, ACTION, `Allow ${ACTION} on ${secretArn} in the policy of the VPC endpoint.`),
    };
  });
}
