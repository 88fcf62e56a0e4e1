import SwaggerParser from '@apidevtools/swagger-parser';
import type { OpenAPIV3 } from 'openapi-types';
import { ROUTE_NAMES, routeOf } from '../../../contract/routes';
import { apiBody, METHODS } from '../../../modules/api/api-body';
import { gatewayResponses } from '../../../modules/api/gateway-responses';
import type { JsonObject } from '../../support/synthesised-stack';

const routes = ROUTE_NAMES.map(routeOf).map(({ path, function: name }) => ({ path, functionArn: `arn:of:${name}` }));

const text = apiBody('login-matrix-test', 'eu-central-1', routes);
const { info, paths, components, ...extensions } = JSON.parse(text) as JsonObject;
const methods = Object.values<JsonObject>(paths).flatMap((path) => Object.values<JsonObject>(path));

describe('the OpenAPI document for API Gateway', () => {
  it('is valid OpenAPI, with the name of the API as its title', async () => {
    await expect(SwaggerParser.validate(JSON.parse(text) as OpenAPIV3.Document)).resolves.toBeDefined();
    expect(info.title).toBe('login-matrix-test');
  });

  it('requires the key on GET and HEAD of each route, and has no other method', () => {
    expect(components.securitySchemes.api_key).toMatchObject({ type: 'apiKey', in: 'header', name: 'x-api-key' });
    expect(Object.keys(paths)).toEqual(routes.map(({ path }) => path));
    for (const path of Object.values<JsonObject>(paths)) expect(Object.keys(path)).toEqual(['get', 'head']);
    for (const method of methods) expect(method).toMatchObject({ security: [{ api_key: [] }] });
  });

  it('invokes the function of each path with POST, as Lambda requires', () => {
    for (const { path, functionArn } of routes) {
      for (const method of METHODS) {
        expect(paths[path][method]['x-amazon-apigateway-integration']).toEqual({
          type: 'aws_proxy',
          httpMethod: 'POST',
          uri: `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
        });
      }
    }
  });

  it('has a different operationId for each method', () => {
    const ids = methods.map((method): string => method['operationId']);
    expect(new Set(ids).size).toBe(2 * routes.length);
  });

  it('has no schemas, from which API Gateway would make models', () => {
    expect(Object.keys(components)).toEqual(['securitySchemes']);
    for (const method of methods) expect(JSON.stringify(method['responses'])).not.toContain('schema');
  });

  it('defines the answers that API Gateway itself sends', () => {
    expect(extensions['x-amazon-apigateway-gateway-responses']).toEqual(gatewayResponses);
  });
});
