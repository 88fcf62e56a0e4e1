import Ajv from 'ajv';
import type { OpenAPIV3 } from 'openapi-types';
import { apiDocument } from '../../contract/api';
import type { HttpResponse } from '../../local/__tests__/support/http-client';

const { paths } = apiDocument();
const [anyPath] = Object.values(paths);

// Allows OpenAPI keywords without effect on validity, such as example.
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

/** Lists the differences of an answer from the API's document; none if it conforms. */
export function differencesFromDocument(method: string, url: string, called: HttpResponse): string[] {
  const [path = '/'] = url.split('?');
  const name = `${method} ${url} → ${called.status}`;
  // An unknown path has the same errors as the known ones.
  const { get, head } = paths[path] ?? anyPath ?? {};
  const response = (method === 'HEAD' ? head : get)?.responses[called.status] as OpenAPIV3.ResponseObject | undefined;
  if (response === undefined) return [`${name}: the document has no such answer`];
  return [...headerDifferences(response, called), ...bodyDifferences(response, called)].map((one) => `${name}: ${one}`);
}

function headerDifferences({ headers = {} }: OpenAPIV3.ResponseObject, called: HttpResponse): string[] {
  return Object.entries(headers).flatMap(([name, header]) => {
    const value = called.headers[name.toLowerCase()];
    if (value === undefined) return [`the header ${name} is missing`];
    return validate((header as OpenAPIV3.HeaderObject).schema, value).map((one) => `${name} ${one}`);
  });
}

function bodyDifferences({ content }: OpenAPIV3.ResponseObject, called: HttpResponse): string[] {
  // CloudFront's own answers are HTML pages.
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
