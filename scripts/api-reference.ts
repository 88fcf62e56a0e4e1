import type { OpenAPIV3 } from 'openapi-types';
import { apiDocument, JSON_TYPE } from '../contract/api';

/** Makes the API's reference for callers, in Markdown, from its OpenAPI document. */
export function apiReference(): string {
  const { paths } = apiDocument();
  const routes = Object.entries(paths).flatMap(([path, item]) => (item?.get ? route(path, item.get) : []));
  const [some] = Object.values(paths);
  return [...routes, ...errors(some?.get?.responses ?? {})].join('\n');
}

function route(
  path: string,
  { summary = '', description = '', parameters = [], responses }: OpenAPIV3.OperationObject,
) {
  const { schema } = (responses['200'] as OpenAPIV3.ResponseObject).content?.[JSON_TYPE] ?? {};
  return [
    `### \`GET ${path}\``,
    '',
    `${summary}. ${description}`,
    '',
    ...parameterTable(parameters as OpenAPIV3.ParameterObject[]),
    '| field | type | meaning |',
    '|---|---|---|',
    ...fields('', schema as OpenAPIV3.SchemaObject),
    '',
  ];
}

function parameterTable(parameters: readonly OpenAPIV3.ParameterObject[]): string[] {
  if (parameters.length === 0) return ['It has no parameters.', ''];
  const rows = parameters.map(({ name, description = '', schema }) => {
    return `| \`${name}\` | ${rangeOf(schema as OpenAPIV3.SchemaObject)} | ${description} |`;
  });
  return ['| parameter | values | meaning |', '|---|---|---|', ...rows, ''];
}

function rangeOf(schema: OpenAPIV3.SchemaObject): string {
  const { minimum, maximum } = schema;
  if (minimum === undefined || maximum === undefined) return '';
  return `${minimum} to ${maximum}, default ${String(schema.default)}`;
}

/** Makes a row for each field, and rows for the fields inside it. */
function fields(prefix: string, { properties = {} }: OpenAPIV3.SchemaObject): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const schema = property as OpenAPIV3.SchemaObject;
    const path = `${prefix}${name}`;
    const inner = schema.type === 'array' ? (schema.items as OpenAPIV3.SchemaObject) : schema;
    const nested = schema.type === 'array' ? `${path}[].` : `${path}.`;
    const row = `| \`${path}\` | ${typeOf(schema)} | ${schema.description ?? inner.description ?? ''} |`;
    return [row, ...fields(nested, inner)];
  });
}

function typeOf(schema: OpenAPIV3.SchemaObject): string {
  const { type, enum: values, oneOf, nullable } = schema;
  const named = values
    ? values.map((value) => `\`${String(value)}\``)
    : oneOf?.map((one) => typeOf(one as OpenAPIV3.SchemaObject));
  const single = schema.type === 'array' ? `array of ${typeOf(schema.items as OpenAPIV3.SchemaObject)}` : (type ?? '');
  return [...(named ?? [single]), ...(nullable === true ? ['null'] : [])].join(' or ');
}

function errors(responses: OpenAPIV3.ResponsesObject): string[] {
  const rows = Object.entries(responses)
    .filter(([status]) => status !== '200')
    .map(([status, response]) => {
      const { description, headers, content } = response as OpenAPIV3.ResponseObject;
      const retry = headers?.['Retry-After'] ? 'yes' : '';
      return `| ${status} | ${description} | ${content ? 'JSON' : 'HTML'} | ${retry} |`;
    });
  return ['### Errors', '', '| status | meaning | body | `Retry-After` |', '|---|---|---|---|', ...rows];
}
