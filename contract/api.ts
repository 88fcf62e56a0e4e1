import type { OpenAPIV3 } from 'openapi-types';
import { errorAnswers, errorSchema, HEADERS } from './api-errors';
import type { OperationDeclaration, RouteDeclaration } from './route';
import { ROUTE_NAMES, routeOf, type ApiPath } from './routes';

/** Header of the API key. CloudFront replaces a caller's header of this name. */
export const KEY_HEADER = 'x-api-key';

/** Name of the security scheme in the OpenAPI document. */
const KEY_SCHEME = 'api_key';

export const JSON_TYPE = 'application/json';

/** Describes the API as an OpenAPI 3 document, with all paths or only those of a deployment. */
export function apiDocument(paths?: readonly ApiPath[]): OpenAPIV3.Document {
  const routes = ROUTE_NAMES.map(routeOf).filter(({ path }) => paths?.includes(path) ?? true);
  return {
    openapi: '3.0.3',
    info: {
      title: 'Login matrix',
      version: '1',
      description:
        'A small internal API in front of MySQL on Amazon RDS. Each route logs in to the database in a different way.',
    },
    paths: Object.fromEntries(routes.map((route) => [route.path, pathItem(route)])),
    components: {
      securitySchemes: {
        [KEY_SCHEME]: {
          type: 'apiKey',
          in: 'header',
          name: KEY_HEADER,
          description:
            'CloudFront sends the key to API Gateway. Callers need no key; the WAF allows them by their address.',
        },
      },
    },
  };
}

/** Describes GET and HEAD of a path. HEAD answers like GET, but without a body. */
function pathItem({ function: id, operation }: RouteDeclaration): OpenAPIV3.PathItemObject {
  const { summary, description, parameters = [] } = operation;
  // Security is set on each operation, because API Gateway ignores a document-wide `security`.
  const shared = { security: [{ [KEY_SCHEME]: [] }], parameters: [...parameters] };
  return {
    get: { ...shared, operationId: id, summary, description, responses: responsesOfGet(operation) },
    head: {
      ...shared,
      operationId: `${id}-head`,
      summary: 'The answer of GET without its body',
      responses: { '200': { description: 'The answer of GET without its body', headers: HEADERS }, ...errorAnswers() },
    },
  };
}

function responsesOfGet({ schema, page }: OperationDeclaration): OpenAPIV3.ResponsesObject {
  const html: OpenAPIV3.MediaTypeObject = { schema: { type: 'string', description: 'A page for people' } };
  return {
    '200': {
      description: 'The answer',
      headers: HEADERS,
      content: { [JSON_TYPE]: { schema }, ...(page === true && { 'text/html': html }) },
    },
    ...errorAnswers({ [JSON_TYPE]: { schema: errorSchema } }),
  };
}
