import type { Applied } from '../applied';
import type { VpcConfig } from '../network/resources';
import { AwsError } from './aws-error';
import { LATEST } from './deployment';

/** The attributes of `aws_lambda_function` that the local Lambda uses. */
export interface AppliedFunction {
  readonly function_name: string;
  readonly arn: string;
  readonly code_sha256: string;
  readonly handler: string;
  readonly runtime: string;
  /** ARN. */
  readonly role: string;
  /** Seconds. */
  readonly timeout: number;
  /** MiB. */
  readonly memory_size: number;
  /** -1 if none are reserved. */
  readonly reserved_concurrent_executions: number;
  readonly environment: readonly { readonly variables: Readonly<Record<string, string>> | null }[];
  /** ARNs of layer versions. */
  readonly layers: readonly string[] | null;
  /** Empty for a function outside the VPC. */
  readonly vpc_config: readonly VpcConfig[];
}

interface AppliedLayer {
  readonly arn: string;
  readonly code_sha256: string;
}

/** Name, ARN or partial ARN of a function, with an optional qualifier. The first group holds all but the qualifier. */
const NAME = /^((?:(?:arn:[^:]+:lambda:[^:]+:)?\d{12}:function:)?([^:]+))(?::([^:]+))?$/;

/**
 * Finds an applied function.
 *
 * @param name name, ARN or partial ARN, with or without a qualifier
 * @throws AwsError if there is no such function or version.
 */
export function findFunction(applied: Applied, name: string, qualifier?: string | null): AppliedFunction {
  const [, unqualified = name, bareName = name, version = qualifier ?? LATEST] = NAME.exec(name) ?? [];
  const match = applied.find<AppliedFunction>(
    'aws_lambda_function',
    ({ function_name, arn }) => function_name === bareName && arn.endsWith(unqualified),
  );
  if (match && version === LATEST) return match;
  const missing = match ? `${match.arn}:${version}` : name;
  throw new AwsError(404, 'ResourceNotFoundException', `Function not found: ${missing}`);
}

/** Returns the hashes (SHA-256, base64) of a function's layer zips. @throws Error if a layer is not in this deployment */
export function layerHashes(applied: Applied, { function_name, layers }: AppliedFunction): string[] {
  return (layers ?? []).map((layerArn) => {
    const layer = applied.find<AppliedLayer>('aws_lambda_layer_version', ({ arn }) => arn === layerArn);
    if (layer) return layer.code_sha256;
    throw new Error(
      `The function ${function_name} has the layer ${layerArn}, which is not part of this deployment. ` +
        'The local AWS has only the layers of the deployment. Add the layer as aws_lambda_layer_version.',
    );
  });
}
