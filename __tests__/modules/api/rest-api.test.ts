import SwaggerParser from '@apidevtools/swagger-parser';
import type { OpenAPIV3 } from 'openapi-types';
import type { GatewayResponse } from '../../../modules/api/gateway-responses';
import { type Environment } from '../../../modules/settings/settings';
import { everything, synthesise } from '../../support/stack';

const stack = synthesise(everything);

/** The answers that API Gateway itself sends. */
const gatewayResponses = (): Record<string, GatewayResponse> => stack.apiBody['x-amazon-apigateway-gateway-responses'];

const withKeys = (...keyGenerations: number[]): Environment => ({ ...everything, api: { keyGenerations } });

describe('the API', () => {
  it('is a regional REST API', () => {
    expect(stack.one('aws_api_gateway_rest_api')).toMatchObject({ endpoint_configuration: { types: ['REGIONAL'] } });
  });

  it('keeps its name when API Gateway imports its document', () => {
    expect(stack.apiBody['info']).toMatchObject({ title: stack.one('aws_api_gateway_rest_api').name });
  });

  it('is a valid OpenAPI document', async () => {
    await expect(SwaggerParser.validate(stack.apiBody as OpenAPIV3.Document)).resolves.toBeDefined();
  });

  it('requires the key on GET and HEAD of each route, and has no other method', () => {
    const { paths, components } = stack.apiBody;
    expect(components.securitySchemes.api_key).toMatchObject({ type: 'apiKey', in: 'header', name: 'x-api-key' });
    expect(Object.keys(paths as object)).toEqual(['/func1', '/func2', '/items', '/', '/auth-matrix']);
    for (const path of Object.values<Record<string, object>>(paths)) {
      expect(Object.keys(path)).toEqual(['get', 'head']);
      for (const method of Object.values(path)) expect(method).toMatchObject({ security: [{ api_key: [] }] });
    }
  });

  it('names its functions without depending on them', () => {
    for (const path of Object.values<Record<string, any>>(stack.apiBody['paths'])) {
      for (const { 'x-amazon-apigateway-integration': integration } of Object.values(path)) {
        expect(integration).toMatchObject({ type: 'aws_proxy', httpMethod: 'POST' });
        expect(integration.uri).toMatch(
          /^arn:aws:apigateway:eu-central-1:lambda:path\/2015-03-31\/functions\/arn:aws:lambda:eu-central-1:\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}:function:login-matrix-test-[\w-]+\/invocations$/,
        );
      }
    }
  });

  it.each([
    ['func1', '/func1'],
    ['func2', '/func2'],
    ['items', '/items'],
    ['auth-matrix', '/auth-matrix'],
    ['users', '/'],
  ])('may invoke %s for its own route only', (name, path) => {
    const permissions = Object.entries(stack.all('aws_lambda_permission')).filter(([id]) =>
      id.startsWith(`functions_${name}_`),
    );
    expect(permissions.map(([, { source_arn }]) => String(source_arn).replace(/\$\{.*\}/, ''))).toEqual([
      `/*/GET${path}`,
      `/*/HEAD${path}`,
    ]);
    for (const [, permission] of permissions) {
      expect(permission).toMatchObject({ principal: 'apigateway.amazonaws.com', action: 'lambda:InvokeFunction' });
    }
  });

  it('answers in JSON if no function does', () => {
    const bodies = Object.entries(gatewayResponses()).map(([type, { statusCode, responseTemplates }]) => {
      const template = responseTemplates['application/json'] ?? '';
      // API Gateway replaces this variable by a quoted text.
      const body = JSON.parse(template.replace('$context.error.messageString', '"as it says"')) as { error: string };
      expect(Object.keys(body)).toEqual(['error', 'requestId']);
      return [type, statusCode, body.error];
    });
    expect(bodies.sort()).toEqual([
      ['API_CONFIGURATION_ERROR', '503', 'The service cannot take the request at the moment. Try again in a moment.'],
      ['DEFAULT_4XX', undefined, 'as it says'],
      ['DEFAULT_5XX', undefined, 'The request failed.'],
      ['INTEGRATION_TIMEOUT', '504', 'The request took too long.'],
      ['INVALID_API_KEY', '403', 'The API key is missing or wrong.'],
      ['MISSING_AUTHENTICATION_TOKEN', '404', 'There is no such route.'],
      ['QUOTA_EXCEEDED', '429', 'The quota of requests is used up.'],
      ['THROTTLED', '429', 'Too many requests. Try again in a moment.'],
    ]);
  });

  it('sends its own answers with the functions’ headers, and every 429 and 503 with Retry-After', () => {
    for (const { statusCode, responseParameters } of Object.values(gatewayResponses())) {
      const retried = ['429', '503'].includes(String(statusCode));
      expect(responseParameters).toEqual({
        'gatewayresponse.header.Content-Type': "'application/json; charset=utf-8'",
        'gatewayresponse.header.Cache-Control': "'no-store'",
        'gatewayresponse.header.X-Request-Id': 'context.requestId',
        ...(retried && { 'gatewayresponse.header.Retry-After': expect.stringMatching(/^'\d+'$/) }),
      });
    }
  });

  it('creates a new deployment when its document changes, before it deletes the old one', () => {
    const deployment = stack.one('aws_api_gateway_deployment');
    expect(deployment.triggers).toEqual({
      redeployment: `\${sha1(${stack.addressOf('aws_api_gateway_rest_api')}.body)}`,
    });
    expect(deployment.lifecycle).toEqual({ create_before_destroy: true });
    const fewer = synthesise({ ...everything, proxies: { iam: { enabled: false } } });
    expect(Object.keys(fewer.apiBody['paths'] as object)).not.toContain('/func2');
  });

  it('logs requests as JSON, without the key, to a log group with a retention time', () => {
    const { access_log_settings } = stack.one('aws_api_gateway_stage');
    const { format } = access_log_settings as { format: string };
    expect(JSON.parse(format)).toHaveProperty('requestId', '$context.requestId');
    expect(format).not.toMatch(/identity\.apiKey"/);
    expect(stack.one('aws_cloudwatch_log_group', 'api_access-log_logs')).toMatchObject({ retention_in_days: 30 });
    expect(stack.one('aws_api_gateway_method_settings').settings).toMatchObject({
      logging_level: 'OFF',
      data_trace_enabled: false,
    });
  });

  it('creates the stage after the logging role, and sets no role if another stack owns it', () => {
    expect(stack.one('aws_api_gateway_stage').depends_on).toEqual([stack.addressOf('aws_api_gateway_account')]);
    const guest = synthesise({ ...everything, api: { accessLog: { enabled: true, ownsAccountRole: false } } });
    expect(guest.all('aws_api_gateway_account')).toEqual({});
    expect(guest.one('aws_api_gateway_stage').depends_on).toEqual([]);
  });

  it('sets no account role without an access log', () => {
    const silent = synthesise({ ...everything, api: { accessLog: { enabled: false } } });
    expect(silent.all('aws_api_gateway_account')).toEqual({});
    expect(Object.keys(silent.all('aws_cloudwatch_log_group')).filter((name) => name.startsWith('api_'))).toEqual([]);
    const stage = silent.one('aws_api_gateway_stage');
    expect(stage).not.toHaveProperty('access_log_settings');
    expect(stage).not.toHaveProperty('depends_on');
  });

  it('limits the requests of all callers together', () => {
    const limited = synthesise({
      ...everything,
      api: { throttle: { ratePerSecond: 30, burst: 7 }, quota: { limit: 99, period: 'WEEK' } },
    });
    expect(limited.one('aws_api_gateway_usage_plan')).toMatchObject({
      throttle_settings: { rate_limit: 30, burst_limit: 7 },
      quota_settings: { limit: 99, period: 'WEEK' },
    });
  });
});

describe('the key', () => {
  const steps = [withKeys(1), withKeys(1, 2), withKeys(2)].map(synthesise);
  const keyThatCloudFrontSends = (step: (typeof steps)[number]): string => {
    const [origin] = step.one('aws_cloudfront_distribution').origin as { custom_header: { value: string }[] }[];
    return origin?.custom_header[0]?.value ?? '';
  };

  it('is bound to the usage plan of the stage', () => {
    expect(stack.one('aws_api_gateway_usage_plan_key')).toMatchObject({
      key_id: `\${${stack.addressOf('aws_api_gateway_api_key')}.id}`,
      key_type: 'API_KEY',
      usage_plan_id: `\${${stack.addressOf('aws_api_gateway_usage_plan')}.id}`,
    });
  });

  it('rotates in three steps, and the one that CloudFront sends is always valid', () => {
    const valid = steps.map((step) => Object.keys(step.all('aws_api_gateway_usage_plan_key')).length);
    expect(valid).toEqual([1, 2, 1]);
    const [first, second, third] = steps.map(keyThatCloudFrontSends);
    expect(first).toMatch(/generation-1_.*\.value/);
    expect(second).toMatch(/generation-2_.*\.value/);
    expect(third).toBe(second);
  });

  it('does not change when another is added or removed', () => {
    const [one, both, other] = steps.map((step) => step.all('aws_api_gateway_api_key'));
    expect(both).toEqual({ ...one, ...other });
  });

  it('is sent by CloudFront only after it is valid', () => {
    expect(steps[1]?.one('aws_cloudfront_distribution').depends_on).toContain(
      steps[1]?.addressOf('aws_api_gateway_usage_plan_key', 'generation-2'),
    );
  });

  it('is in no output', () => {
    expect(JSON.stringify(stack.json['output'])).not.toContain('aws_api_gateway_api_key');
  });
});
