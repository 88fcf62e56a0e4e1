import type { OpenAPIV3 } from 'openapi-types';
import { apiDocument } from '../../contract/api';
import type { ApiPath } from '../../contract/routes';
import { gatewayResponses } from './gateway-responses';

/** A path of the API, and the function that answers on it. */
export interface ImportedRoute {
  readonly path: ApiPath;
  readonly functionArn: string;
}

/** Methods of every path, as OpenAPI writes them. Uptime monitors call by HEAD. */
export const METHODS = ['get', 'head'] as const;

/**
 * The API's document as API Gateway imports it: routes, the function behind each, the key, and the answers that API Gateway
 * gives by itself. Schemas and examples are for callers; API Gateway would make models of them that nothing uses.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
export function apiBody(name: string, region: string, routes: readonly ImportedRoute[]): string {
  const { openapi, info, paths, components } = apiDocument(routes.map(({ path }) => path));
  return JSON.stringify({
    openapi,
    // An import gives the API the title for its name.
    info: { title: name, version: info.version },
    paths: Object.fromEntries(routes.map((route) => [route.path, importedPath(region, route, paths[route.path])])),
    components: { securitySchemes: components?.securitySchemes },
    'x-amazon-apigateway-gateway-responses': gatewayResponses,
  });
}

function importedPath(region: string, { functionArn }: ImportedRoute, path: OpenAPIV3.PathItemObject = {}): object {
  const integration = {
    type: 'aws_proxy',
    httpMethod: 'POST',
    uri: `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
  };
  const imported = METHODS.map((method) => {
    const { operationId, security } = path[method] ?? {};
    const responses = { '200': { description: 'As the function answers' } };
    return [method, { operationId, security, responses, 'x-amazon-apigateway-integration': integration }];
  });
  return Object.fromEntries(imported) as object;
}
