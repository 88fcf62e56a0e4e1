import type { Applied } from '../applied';
import { AwsError } from './aws-error';
import { LATEST } from './deployment';

/** The network of a function in a VPC, in the provider's words. */
export interface VpcConfig {
  readonly subnet_ids: readonly string[];
  readonly security_group_ids: readonly string[];
  readonly vpc_id: string;
}

/** What this Lambda reads of `aws_lambda_function`. */
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
  /** -1 where none is reserved. */
  readonly reserved_concurrent_executions: number;
  readonly environment: readonly { readonly variables: Readonly<Record<string, string>> | null }[];
  /** ARNs of versions. */
  readonly layers: readonly string[] | null;
  /** Empty outside of a VPC. */
  readonly vpc_config: readonly VpcConfig[];
}

interface AppliedLayer {
  readonly arn: string;
  readonly code_sha256: string;
}

/** Name, ARN or partial ARN of a function, and a qualifier. */
const NAME = /^(?:(?:arn:[^:]+:lambda:[^:]+:)?\d{12}:function:)?([^:]+)(?::([^:]+))?$/;

/**
 * Finds a function that was applied.
 *
 * @param name name, ARN or partial ARN, with or without a qualifier
 * @throws AwsError where there is none, or no such version.
 */
export function findFunction(applied: Applied, name: string, qualifier?: string | null): AppliedFunction {
  const [, bare = name, version = qualifier ?? LATEST] = NAME.exec(name) ?? [];
  const found = applied.find<AppliedFunction>(
    'aws_lambda_function',
    ({ function_name, arn }) => function_name === bare && (!name.startsWith('arn:') || name.startsWith(arn)),
  );
  if (found && version === LATEST) return found;
  throw new AwsError(404, 'ResourceNotFoundException', `Function not found: ${found?.arn ?? name}`);
}

/**
 * Hashes of the zips of a function's layers, in their order: SHA-256, base64.
 *
 * @throws Error where a layer was not applied with the function.
 */
export function layerHashes(applied: Applied, { function_name, layers }: AppliedFunction): string[] {
  return (layers ?? []).map((layerArn) => {
    const layer = applied.find<AppliedLayer>('aws_lambda_layer_version', ({ arn }) => arn === layerArn);
    if (layer) return layer.code_sha256;
    throw new Error(
      `The function ${function_name} has the layer ${layerArn}, which this deployment does not make. ` +
        'On one machine there are only its own layers: add it as aws_lambda_layer_version.',
    );
  });
}
