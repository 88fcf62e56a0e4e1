import { z } from 'zod';
import { parseJson } from '../json';
import { Unsupported } from '../unsupported';

const GATEWAY_RESPONSES = 'x-amazon-apigateway-gateway-responses';
const INTEGRATION = 'x-amazon-apigateway-integration';
const ANY_METHOD = 'x-amazon-apigateway-any-method';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html */
const integration = z.strictObject({
  type: z.string(),
  httpMethod: z.string(),
  uri: z.string(),
  timeoutInMillis: z.int().min(50).max(29_000).optional(),
});

/** Loose, because API Gateway ignores documentation fields. `refuseOtherExtensions` rejects unknown `x-amazon-` fields. */
const operation = z.looseObject({
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  [INTEGRATION]: integration.optional(),
});

const gatewayResponse = z.strictObject({
  statusCode: z.string().optional(),
  responseParameters: z.record(z.string(), z.string()).optional(),
  /** By content type. */
  responseTemplates: z.record(z.string(), z.string()).optional(),
});

const securityScheme = z.looseObject({ type: z.string(), name: z.string().optional(), in: z.string().optional() });

const schema = z.looseObject({
  openapi: z.string().startsWith('3.0.'),
  paths: z.record(z.string().startsWith('/'), z.record(z.string(), z.unknown())),
  components: z.looseObject({ securitySchemes: z.record(z.string(), securityScheme).optional() }).optional(),
  [GATEWAY_RESPONSES]: z.record(z.string(), gatewayResponse).optional(),
});

/** A gateway response that the document configures. */
export type GatewayResponse = z.infer<typeof gatewayResponse>;

/** An operation that API Gateway imports from the document. */
export interface Operation {
  readonly path: string;
  /** An HTTP method, or `ANY`. */
  readonly method: string;
  readonly apiKeyRequired: boolean;
  readonly integration: z.infer<typeof integration> | undefined;
}

/** The parts of an OpenAPI document that API Gateway imports. */
export interface ApiDocument {
  readonly operations: readonly Operation[];
  /** By response type. */
  readonly gatewayResponses: Readonly<Record<string, GatewayResponse>>;
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', ANY_METHOD]);

/** Fields of a path item that are not methods. */
const OTHER_ITEM_FIELDS = new Set(['summary', 'description', 'parameters', 'servers']);

/**
 * Reads the `body` of a REST API as API Gateway imports it.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html
 *
 * @throws Unsupported if the document uses a feature that the local API Gateway lacks.
 */
export function readApiDocument(body: string): ApiDocument {
  const { data, error } = schema.safeParse(parseJson(body));
  if (error) throw new Unsupported(`The body of the REST API: ${z.prettifyError(error)}`, 'OpenAPI 3.0 in JSON');
  refuseOtherExtensions(data, [GATEWAY_RESPONSES], 'the document');
  if (data['security'] !== undefined)
    throw new Unsupported('Security of the whole document', 'security of each operation');
  const keySchemes = Object.entries(data.components?.securitySchemes ?? {}).filter(([, scheme]) => isApiKey(scheme));
  const keySchemeNames = new Set(keySchemes.map(([name]) => name));
  return {
    operations: Object.entries(data.paths).flatMap(([path, item]) => readPath(path, item, keySchemeNames)),
    gatewayResponses: data[GATEWAY_RESPONSES] ?? {},
  };
}

function readPath(
  path: string,
  item: Readonly<Record<string, unknown>>,
  keySchemeNames: ReadonlySet<string>,
): Operation[] {
  return Object.entries(item)
    .filter(([name]) => !OTHER_ITEM_FIELDS.has(name))
    .map(([method, value]) => {
      const name = `${method} ${path}`;
      if (!METHODS.has(method)) throw new Unsupported(name, `one of ${[...METHODS].join(', ')}`);
      const { data, error } = operation.safeParse(value);
      if (error)
        throw new Unsupported(`${name}: ${z.prettifyError(error)}`, 'a Lambda proxy, with or without an API key');
      refuseOtherExtensions(data, [INTEGRATION], name);
      return {
        path,
        method: method === ANY_METHOD ? 'ANY' : method.toUpperCase(),
        apiKeyRequired: isKeyRequired(name, data.security ?? [], keySchemeNames),
        integration: data[INTEGRATION],
      };
    });
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-key-usage-plan-oas.html */
function isKeyRequired(
  operationName: string,
  security: readonly object[],
  keySchemeNames: ReadonlySet<string>,
): boolean {
  const schemeNames = security.flatMap((requirement) => Object.keys(requirement));
  const other = schemeNames.find((name) => !keySchemeNames.has(name));
  if (other !== undefined)
    throw new Unsupported(`The security scheme ${other} of ${operationName}`, 'an API key in x-api-key');
  return schemeNames.length > 0;
}

function isApiKey({ type, name, in: location, ...others }: z.infer<typeof securityScheme>): boolean {
  const isKey = type === 'apiKey' && name?.toLowerCase() === 'x-api-key' && location === 'header';
  // An `x-amazon-` field gives the scheme another meaning, for example a Lambda authorizer.
  return isKey && !Object.keys(others).some((key) => key.startsWith('x-amazon-'));
}

/** Rejects unknown `x-amazon-` fields: ignoring one would show a behaviour that AWS does not have. */
function refuseOtherExtensions(part: object, known: readonly string[], name: string): void {
  const other = Object.keys(part).find((key) => key.startsWith('x-amazon-') && !known.includes(key));
  if (other !== undefined) throw new Unsupported(`${other} of ${name}`, known.join(', '));
}
