import type { OpenAPIV3 } from 'openapi-types';
import { apiReference } from '../../scripts/api-reference';

/** Returns the reference of a route with one parameter. */
function referenceWith(schema: OpenAPIV3.SchemaObject): string {
  const parameters = [{ name: 'own', in: 'query', description: 'Meaning', schema }];
  const content = { 'application/json': { schema: {} } };
  const get = { summary: 'Summary', parameters, responses: { '200': { description: 'The answer', content } } };
  return apiReference({ openapi: '3.0.3', info: { title: 'API', version: '1' }, paths: { '/': { get } } });
}

describe('the values of a parameter in the reference of the API', () => {
  it.each<[schema: OpenAPIV3.SchemaObject, values: string]>([
    [{ type: 'string' }, ''],
    [{ type: 'string', pattern: '^[A-Z]{2}$' }, '`^[A-Z]{2}$`'],
    [{ type: 'string', pattern: '^[A-Z]{2}$', default: 'DE' }, '`^[A-Z]{2}$`, default DE'],
    [{ type: 'string', pattern: '^(DE|FR)$' }, '`^(DE\\|FR)$`'],
    [{ type: 'string', enum: ['asc', 'desc'] }, '`asc`, `desc`'],
    [{ type: 'string', enum: ['a|b'] }, '`a\\|b`'],
    [{ type: 'string', enum: ['asc', 'desc'], default: 'asc' }, '`asc`, `desc`, default asc'],
    [{ type: 'integer', minimum: 1, maximum: 9 }, '1 to 9'],
    [{ type: 'integer', minimum: 0, maximum: 9, default: 0 }, '0 to 9, default 0'],
    [{ type: 'integer', minimum: 0 }, 'at least 0'],
    [{ type: 'integer', maximum: 9 }, 'at most 9'],
    [{ type: 'boolean', default: false }, 'default false'],
  ])('of the schema %j are “%s”', (schema, values) => {
    expect(referenceWith(schema)).toContain(`| \`own\` | ${values} | Meaning |`);
  });
});
