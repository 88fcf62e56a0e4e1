import type { OpenAPIV3 } from 'openapi-types';
import { apiDocument, JSON_TYPE } from '../contract/api';

/** Makes the API's reference for callers, in Markdown. @param document of the API. @default - the document of all routes */
export function apiReference({ paths }: OpenAPIV3.Document = apiDocument()): string {
  const routes = Object.entries(paths).flatMap(([path, item]) => (item?.get ? routeSection(path, item.get) : []));
  // All routes have the same error responses, so one table shows those of the first.
  const [firstPath] = Object.values(paths);
  return [...routes, ...errorTable(firstPath?.get?.responses ?? {})].join('\n');
}

function routeSection(
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
    ...fieldRows('', schema as OpenAPIV3.SchemaObject),
    '',
  ];
}

function parameterTable(parameters: readonly OpenAPIV3.ParameterObject[]): string[] {
  if (parameters.length === 0) return ['This route has no parameters.', ''];
  const rows = parameters.map(({ name, description = '', schema }) => {
    return `| \`${name}\` | ${valuesOf(schema as OpenAPIV3.SchemaObject)} | ${description} |`;
  });
  return ['| parameter | values | meaning |', '|---|---|---|', ...rows, ''];
}

/** Lists the valid values of a parameter, and its default if it has one. */
function valuesOf({ enum: values = [], pattern, minimum, maximum, default: preset }: OpenAPIV3.SchemaObject): string {
  const parts = [
    ...values.map((value) => `\`${String(value)}\``),
    ...(pattern === undefined ? [] : [`\`${pattern}\``]),
    ...rangeOf(minimum, maximum),
    ...(preset === undefined ? [] : [`default ${String(preset)}`]),
  ];
  // Without the backslash, a | would end the cell, even inside backticks.
  return parts.join(', ').replaceAll('|', '\\|');
}

function rangeOf(minimum?: number, maximum?: number): string[] {
  if (minimum !== undefined && maximum !== undefined) return [`${minimum} to ${maximum}`];
  if (minimum !== undefined) return [`at least ${minimum}`];
  return maximum === undefined ? [] : [`at most ${maximum}`];
}

/** Makes a row for each field, and rows for the fields inside it. */
function fieldRows(prefix: string, { properties = {} }: OpenAPIV3.SchemaObject): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const schema = property as OpenAPIV3.SchemaObject;
    const path = `${prefix}${name}`;
    const inner = schema.type === 'array' ? (schema.items as OpenAPIV3.SchemaObject) : schema;
    const nested = schema.type === 'array' ? `${path}[].` : `${path}.`;
    const row = `| \`${path}\` | ${typeOf(schema)} | ${schema.description ?? inner.description ?? ''} |`;
    return [row, ...fieldRows(nested, inner)];
  });
}

function typeOf(schema: OpenAPIV3.SchemaObject): string {
  const { type, enum: values, oneOf, nullable } = schema;
  const alternatives = values
    ? values.map((value) => `\`${String(value)}\``)
    : oneOf?.map((alternative) => typeOf(alternative as OpenAPIV3.SchemaObject));
  const single = schema.type === 'array' ? `array of ${typeOf(schema.items as OpenAPIV3.SchemaObject)}` : (type ?? '');
  return [...(alternatives ?? [single]), ...(nullable === true ? ['null'] : [])].join(' or ');
}

function errorTable(responses: OpenAPIV3.ResponsesObject): string[] {
  const rows = Object.entries(responses)
    .filter(([status]) => status !== '200')
    .map(([status, response]) => {
      const { description, headers, content } = response as OpenAPIV3.ResponseObject;
      const retry = headers?.['Retry-After'] ? 'yes' : '';
      // Errors without a declared `content` can come from CloudFront, in HTML, or from API Gateway, in JSON.
      return `| ${status} | ${description} | ${content ? 'JSON' : 'HTML or JSON'} | ${retry} |`;
    });
  return ['### Errors', '', '| status | meaning | body | `Retry-After` |', '|---|---|---|---|', ...rows];
}
