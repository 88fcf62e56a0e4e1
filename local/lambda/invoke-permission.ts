import type { Applied } from '../applied';
import { isArnLike } from '../iam/arn-like';

interface LambdaPermission {
  readonly action: string;
  readonly principal: string;
  /** Name or ARN. */
  readonly function_name: string;
  readonly qualifier: string | null;
  readonly source_arn: string | null;
}

/**
 * Whether a function lets a service of AWS invoke it: by its resource-based policy.
 *
 * @param service for example `apigateway.amazonaws.com`
 * @param sourceArn for whom the service does it: the method of an API, a secret
 */
export function mayInvoke(applied: Applied, service: string, functionArn: string, sourceArn: string): boolean {
  const [name, qualifier = ''] = functionNameOf(functionArn);
  return applied
    .all<LambdaPermission>('aws_lambda_permission')
    .filter((permission) => functionNameOf(permission.function_name)[0] === name)
    .filter((permission) => (permission.qualifier ?? '') === qualifier)
    .filter(({ principal }) => principal === service)
    .filter(({ action }) => isArnLike('lambda:InvokeFunction', action))
    .some(({ source_arn }) => source_arn === null || isArnLike(sourceArn, source_arn));
}

/** Name and qualifier. */
function functionNameOf(nameOrArn: string): string[] {
  return (nameOrArn.split(':function:').at(-1) ?? '').split(':');
}
