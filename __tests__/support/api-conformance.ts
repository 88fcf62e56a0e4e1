import Ajv from 'ajv';
import type { IncomingHttpHeaders } from 'node:http';
import type { OpenAPIV3 } from 'openapi-types';
import { apiDocument } from '../../contract/api';

/** A response of the API. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: () => unknown;
}

const { paths } = apiDocument();
const [itemOfAnyPath] = Object.values(paths);

// Not strict: the schemas also have keywords of OpenAPI, such as example.
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

/** Compares a response with the API's document, and lists the differences. */
export function differencesFromDocument(method: string, url: string, response: ApiResponse): string[] {
  const [path = '/'] = url.split('?');
  const exchange = `${method} ${url} → ${response.status}`;
  // The document gives every path the same error responses, so any path can stand for an unknown one.
  const { get, head } = paths[path] ?? itemOfAnyPath ?? {};
  const { responses } = (method === 'HEAD' ? head : get) ?? {};
  const documented = responses?.[response.status] as OpenAPIV3.ResponseObject | undefined;
  if (documented === undefined) return [`${exchange}: the document has no such response`];
  const differences = [...headerDifferences(documented, response), ...bodyDifferences(documented, response)];
  return differences.map((difference) => `${exchange}: ${difference}`);
}

function headerDifferences({ headers = {} }: OpenAPIV3.ResponseObject, response: ApiResponse): string[] {
  return Object.entries(headers).flatMap(([name, header]) => {
    const value = response.headers[name.toLowerCase()];
    if (value === undefined) return [`the header ${name} is missing`];
    return validate((header as OpenAPIV3.HeaderObject).schema, value).map((error) => `${name} ${error}`);
  });
}

function bodyDifferences({ content }: OpenAPIV3.ResponseObject, response: ApiResponse): string[] {
  // The document promises no body for HEAD, nor for an error that may be an HTML page of CloudFront.
  if (content === undefined) return [];
  const [type = ''] = (response.headers['content-type'] ?? '').split(';');
  const documented = content[type];
  if (documented === undefined) return [`the document has no body of type ${type}`];
  return type === 'application/json' ? validate(documented.schema, response.json()) : [];
}

function validate(schema: OpenAPIV3.MediaTypeObject['schema'], value: unknown): string[] {
  ajv.validate(schema ?? {}, value);
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
