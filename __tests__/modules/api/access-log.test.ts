import { everything, synthesise } from '../../support/stack';

const stack = synthesise(everything);

describe('the access log', () => {
  it('has a line of JSON for each request, without the key, in a log group with a retention time', () => {
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

  it('exists before the stage, and has no role if another stack owns it', () => {
    expect(stack.one('aws_api_gateway_stage').depends_on).toEqual([stack.addressOf('aws_api_gateway_account')]);
    const guest = synthesise({ ...everything, api: { accessLog: { enabled: true, ownsAccountRole: false } } });
    expect(guest.all('aws_api_gateway_account')).toEqual({});
    expect(guest.one('aws_api_gateway_stage').depends_on).toEqual([]);
  });

  it('has neither log group nor role if it is off', () => {
    const silent = synthesise({ ...everything, api: { accessLog: { enabled: false } } });
    expect(silent.all('aws_api_gateway_account')).toEqual({});
    expect(Object.keys(silent.all('aws_cloudwatch_log_group')).filter((name) => name.startsWith('api_'))).toEqual([]);
    const stage = silent.one('aws_api_gateway_stage');
    expect(stage).not.toHaveProperty('access_log_settings');
    expect(stage).not.toHaveProperty('depends_on');
  });
});
