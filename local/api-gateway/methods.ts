import { createHash } from 'node:crypto';
import { Unsupported } from '../unsupported';
import type { Operation } from './api-document';

/** A method of a resource, and its function. */
export interface ApiMethod extends Pick<Operation, 'method' | 'apiKeyRequired'> {
  readonly resourceId: string;
  /** Path with its parameters in braces: `/items/{id}`. */
  readonly resourcePath: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
}

/** `arn:…:lambda:path/2015-03-31/functions/ARN/invocations` */
const FUNCTION_URI = /\/functions\/(arn:[^/]+:lambda:[^/]+)\/invocations$/;

/** API Gateway's default: https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html */
const DEFAULT_TIMEOUT_MS = 29_000;

/**
 * Makes the methods of an API from its operations.
 *
 * @throws Unsupported if an operation is not a Lambda proxy, or its URI contains a stage variable.
 * @throws Error if an operation has no integration, or its URI names no function. API Gateway deploys neither.
 */
export function methodsOf(operations: readonly Operation[], rootResourceId: string): readonly ApiMethod[] {
  return operations.map((operation) => ({
    resourceId: operation.path === '/' ? rootResourceId : resourceIdOf(operation.path),
    resourcePath: operation.path,
    method: operation.method,
    apiKeyRequired: operation.apiKeyRequired,
    ...targetOf(operation),
  }));
}

/**
 * Makes a resource id from a path. API Gateway chooses the real ids when it imports the OpenAPI document, so Terraform's state
 * lacks them.
 */
const resourceIdOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 6);

function targetOf({ path, method, integration }: Operation): Pick<ApiMethod, 'functionArn' | 'timeoutMs'> {
  const name = `The integration of ${method} ${path}`;
  if (integration === undefined)
    throw new Error(`${name} is missing. Add one; API Gateway does not deploy without it.`);
  const { type, httpMethod, uri, timeoutInMillis: timeoutMs = DEFAULT_TIMEOUT_MS } = integration;
  if (type.toLowerCase() !== 'aws_proxy' || httpMethod !== 'POST') {
    throw new Unsupported(`${name}, ${type} with ${httpMethod},`, 'aws_proxy with POST');
  }
  if (uri.includes('${stageVariables.')) throw new Unsupported(`${name}, ${uri},`, 'the invoke ARN of a function');
  const functionArn = FUNCTION_URI.exec(uri)?.[1];
  if (functionArn === undefined)
    throw new Error(`${name} names no function: ${uri}. Set uri to the invoke ARN of a function.`);
  return { functionArn, timeoutMs };
}
