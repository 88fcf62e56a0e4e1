import type { Applied } from '../applied';
import { NotServed } from '../not-served';

/** A method of a resource, and the function behind it. */
export interface Route {
  readonly resourceId: string;
  /** With its parameters in braces, as in `/items/{id}`. */
  readonly resourcePath: string;
  /** A method of HTTP, or `ANY`. */
  readonly method: string;
  readonly apiKeyRequired: boolean;
  readonly functionArn: string;
  readonly timeoutMs: number;
}

interface Method {
  readonly rest_api_id: string;
  readonly resource_id: string;
  readonly http_method: string;
  readonly authorization: string;
  readonly api_key_required: boolean;
}

interface Integration {
  readonly resource_id: string;
  readonly http_method: string;
  readonly type: string;
  readonly uri: string;
  readonly credentials: string | null;
  readonly timeout_milliseconds: number;
}

interface Resource {
  readonly id: string;
  readonly path: string;
}

/** `arn:…:lambda:path/2015-03-31/functions/ARN/invocations` */
const FUNCTION_URI = /\/functions\/(arn:[^/]+:lambda:[^/]+)\/invocations$/;

/**
 * Reads the routes of an API.
 *
 * @throws NotServed where a method is not a Lambda proxy, or is protected by more than an API key.
 * @throws Error where a method has no integration or its URI names no function: API Gateway deploys neither.
 */
export function readRoutes(applied: Applied, apiId: string, rootResourceId: string): readonly Route[] {
  const paths = new Map(applied.all<Resource>('aws_api_gateway_resource').map(({ id, path }) => [id, path]));
  paths.set(rootResourceId, '/');
  return applied
    .all<Method>('aws_api_gateway_method')
    .filter((method) => method.rest_api_id === apiId)
    .map((method) => {
      const resourcePath = paths.get(method.resource_id) ?? '';
      return {
        resourceId: method.resource_id,
        resourcePath,
        method: method.http_method,
        apiKeyRequired: keyRequired(method, resourcePath),
        ...readIntegration(applied, method, resourcePath),
      };
    });
}

function keyRequired({ authorization, api_key_required, http_method }: Method, path: string): boolean {
  if (authorization === 'NONE') return api_key_required;
  throw new NotServed(`authorization ${authorization} of ${http_method} ${path}`, 'NONE, with or without an API key');
}

function readIntegration(
  applied: Applied,
  { resource_id, http_method }: Method,
  path: string,
): Pick<Route, 'functionArn' | 'timeoutMs'> {
  const integration = applied.find<Integration>(
    'aws_api_gateway_integration',
    (candidate) => candidate.resource_id === resource_id && candidate.http_method === http_method,
  );
  const name = `The integration of ${http_method} ${path}`;
  if (integration === undefined) throw new Error(`${name} is missing. Add one; API Gateway does not deploy without.`);
  const { type, uri, credentials, timeout_milliseconds } = integration;
  if (type !== 'AWS_PROXY' || (credentials ?? '') !== '') {
    throw new NotServed(`${name}, ${type} by the role '${credentials ?? ''}',`, 'AWS_PROXY without credentials');
  }
  const functionArn = FUNCTION_URI.exec(uri)?.[1];
  if (functionArn === undefined) throw new Error(`${name} names no function: ${uri}. Set uri to its invoke_arn.`);
  return { functionArn, timeoutMs: timeout_milliseconds };
}
