import type { Applied } from '../applied';
import { evaluate } from '../iam/evaluate';
import type { Policy, Statement } from '../iam/policy';
import { Unsupported } from '../unsupported';

interface LambdaPermission {
  readonly statement_id: string;
  readonly action: string;
  /** Name of an AWS service, id of an account, ARN, or `*`. */
  readonly principal: string;
  /** Name or ARN. */
  readonly function_name: string;
  readonly qualifier: string | null;
  readonly source_arn: string | null;
  readonly source_account?: string | null;
  readonly principal_org_id?: string | null;
}

/**
 * Whether a function's resource-based policy allows an AWS service to invoke it.
 *
 * @param service for example `apigateway.amazonaws.com`
 * @param sourceArn the resource that causes the call, for example an API method or a secret
 * @throws Unsupported if a permission of the function has a condition that is not evaluated here.
 */
export function mayInvoke(applied: Applied, service: string, functionArn: string, sourceArn: string): boolean {
  const request = {
    principal: service,
    action: 'lambda:InvokeFunction',
    resource: functionArn,
    context: { 'aws:SourceArn': sourceArn },
  };
  return evaluate(request, { resource: [policyOf(applied, functionArn)] }).outcome === 'allowed';
}

/**
 * Makes the resource-based policy that Lambda builds from a function's permissions.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
 */
function policyOf(applied: Applied, functionArn: string): Policy {
  const [name, qualifier = ''] = nameAndQualifierOf(functionArn);
  const statements = applied
    .all<LambdaPermission>('aws_lambda_permission')
    .filter((permission) => nameAndQualifierOf(permission.function_name)[0] === name)
    .filter((permission) => (permission.qualifier ?? '') === qualifier)
    .map((permission) => toStatement(permission, functionArn));
  return { kind: 'resource-based', name: functionArn, statements };
}

function toStatement(permission: LambdaPermission, functionArn: string): Statement {
  const { statement_id, action, principal, source_arn, source_account, principal_org_id } = permission;
  if (source_account) throw new Unsupported('source_account of a Lambda permission', 'source_arn');
  if (principal_org_id) throw new Unsupported('principal_org_id of a Lambda permission', 'source_arn');
  return {
    sid: statement_id,
    effect: 'Allow',
    principals: [principal],
    actions: [action],
    resources: [functionArn],
    conditions: source_arn === null ? [] : [{ operator: 'ArnLike', key: 'aws:SourceArn', values: [source_arn] }],
  };
}

function nameAndQualifierOf(nameOrArn: string): string[] {
  return (nameOrArn.split(':function:').at(-1) ?? '').split(':');
}
