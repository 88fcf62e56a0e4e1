import type { OpenAPIV3 } from 'openapi-types';
import { apiDocument } from '../../contract/api';
import type { ApiPath } from '../../contract/routes';
import { gatewayResponses } from './gateway-responses';

/** A path of the API and its function. */
export interface ImportedRoute {
  readonly path: ApiPath;
  readonly functionArn: string;
}

/** Methods of every path, in OpenAPI's spelling. Uptime monitors use HEAD. */
export const METHODS = ['get', 'head'] as const;

/**
 * Builds the API document for API Gateway's import: routes with their functions, the required API key, and the gateway responses.
 * Omits everything else, such as schemas, from which API Gateway would make unused models.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
export function apiBody(name: string, region: string, routes: readonly ImportedRoute[]): string {
  const { openapi, info, paths, components } = apiDocument(routes.map(({ path }) => path));
  return JSON.stringify({
    openapi,
    // An import names the API after the title.
    info: { title: name, version: info.version },
    paths: Object.fromEntries(routes.map((route) => [route.path, importedPath(region, route, paths[route.path])])),
    components: { securitySchemes: components?.securitySchemes },
    'x-amazon-apigateway-gateway-responses': gatewayResponses,
  });
}

function importedPath(region: string, { functionArn }: ImportedRoute, path: OpenAPIV3.PathItemObject = {}): object {
  const integration = {
    type: 'aws_proxy',
    // Lambda's Invoke takes only POST, whatever method the caller uses.
    httpMethod: 'POST',
    uri: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
  };
  const imported = METHODS.map((method) => {
    const { operationId, security } = path[method] ?? {};
    const responses = { '200': { description: 'The response of the function' } };
    return [method, { operationId, security, responses, 'x-amazon-apigateway-integration': integration }];
  });
  return Object.fromEntries(imported) as object;
}
