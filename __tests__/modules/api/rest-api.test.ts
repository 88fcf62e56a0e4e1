import { ROUTE_NAMES, routeOf } from '../../../contract/routes';
import { allFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);

describe('the API', () => {
  it('is a regional REST API, and keeps its name when API Gateway imports its document', () => {
    const { endpoint_configuration, name } = stack.one('aws_api_gateway_rest_api');
    expect(endpoint_configuration).toEqual({ types: ['REGIONAL'] });
    expect(stack.apiBody['info']).toMatchObject({ title: name });
  });

  it('builds the ARN of each function from the function’s name, so the API depends on neither functions nor database', () => {
    for (const path of Object.values<Record<string, any>>(stack.apiBody['paths'])) {
      for (const { 'x-amazon-apigateway-integration': integration } of Object.values(path)) {
        expect(integration.uri).toMatch(
          /\/functions\/arn:aws:lambda:eu-central-1:\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}:function:login-matrix-test-[\w-]+\/invocations$/,
        );
      }
    }
  });

  it.each(ROUTE_NAMES.map(routeOf))('may invoke $function only for the route $path', ({ function: name, path }) => {
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

  it('gets a new deployment when its document changes; the old deployment is deleted afterwards', () => {
    const deployment = stack.one('aws_api_gateway_deployment');
    expect(deployment.triggers).toEqual({
      redeployment: `\${sha1(${stack.addressOf('aws_api_gateway_rest_api')}.body)}`,
    });
    expect(deployment.lifecycle).toEqual({ create_before_destroy: true });
    // A removed route changes the document.
    const withoutFunc2 = synthesise({ ...allFeatures, proxies: { iam: { enabled: false } } });
    expect(Object.keys(withoutFunc2.apiBody['paths'] as object)).not.toContain('/func2');
  });

  it('logs requests; its stage is created after the account has the role for logging', () => {
    const stage = stack.one('aws_api_gateway_stage');
    expect(stage.depends_on).toEqual([stack.addressOf('aws_api_gateway_account')]);
    expect(stage.access_log_settings.destination_arn).toBe(
      `\${${stack.addressOf('aws_cloudwatch_log_group', 'api_access-log')}.arn}`,
    );
  });

  it('writes no execution logs, and publishes no metrics of single methods, which would cost money', () => {
    expect(stack.one('aws_api_gateway_method_settings').settings).toEqual({
      metrics_enabled: false,
      logging_level: 'OFF',
      data_trace_enabled: false,
    });
  });

  it('applies the throttle and the quota of the settings to all callers together', () => {
    const api = { throttle: { ratePerSecond: 30, burst: 7 }, quota: { limit: 99, period: 'WEEK' } } as const;
    const limited = synthesise({ ...allFeatures, api });
    expect(limited.one('aws_api_gateway_usage_plan')).toMatchObject({
      throttle_settings: { rate_limit: 30, burst_limit: 7 },
      quota_settings: { limit: 99, period: 'WEEK' },
      api_stages: [{ stage: `\${${limited.addressOf('aws_api_gateway_stage')}.stage_name}` }],
    });
  });

  it('has no log group and sets no role of the account if there is no access log', () => {
    const withoutLog = synthesise({ ...allFeatures, api: { accessLog: { enabled: false } } });
    expect(withoutLog.all('aws_api_gateway_account')).toEqual({});
    expect(Object.keys(withoutLog.all('aws_cloudwatch_log_group')).filter((name) => name.startsWith('api_'))).toEqual(
      [],
    );
    const stage = withoutLog.one('aws_api_gateway_stage');
    expect(stage).not.toHaveProperty('access_log_settings');
    expect(stage).not.toHaveProperty('depends_on');
  });
});
