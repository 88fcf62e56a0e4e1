import Ajv from 'ajv';
import type { OpenAPIV3 } from 'openapi-types';
import { apiDocument } from '../../contract/api';
import type { Called } from './http-client';

const { paths } = apiDocument();
const [anyPath] = Object.values(paths);

// OpenAPI's words that say nothing of validity, such as example, are no mistakes.
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

/** What an answer of the API has otherwise than its document says; nothing, where it conforms. */
export function differencesFromDocument(method: string, url: string, called: Called): string[] {
  const [path = '/'] = url.split('?');
  const name = `${method} ${url} → ${called.status}`;
  // A path that does not exist has the errors of those that do.
  const { get, head } = paths[path] ?? anyPath ?? {};
  const response = (method === 'HEAD' ? head : get)?.responses[called.status] as OpenAPIV3.ResponseObject | undefined;
  if (response === undefined) return [`${name}: the document has no such answer`];
  return [...headerDifferences(response, called), ...bodyDifferences(response, called)].map((one) => `${name}: ${one}`);
}

function headerDifferences({ headers = {} }: OpenAPIV3.ResponseObject, called: Called): string[] {
  return Object.entries(headers).flatMap(([name, header]) => {
    const value = called.headers[name.toLowerCase()];
    if (value === undefined) return [`the header ${name} is missing`];
    return validate((header as OpenAPIV3.HeaderObject).schema, value).map((one) => `${name} ${one}`);
  });
}

function bodyDifferences({ content }: OpenAPIV3.ResponseObject, called: Called): string[] {
  // What CloudFront answers by itself is a page of its own.
  if (content === undefined) return [];
  const [type = ''] = (called.headers['content-type'] ?? '').split(';');
  const described = content[type];
  if (described === undefined) return [`the document has no ${type}`];
  return type === 'application/json' ? validate(described.schema, called.json()) : [];
}

function validate(schema: OpenAPIV3.MediaTypeObject['schema'], value: unknown): string[] {
  const conforms = ajv.compile(schema ?? {});
  if (conforms(value)) return [];
  return (conforms.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
