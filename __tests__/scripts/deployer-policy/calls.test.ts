import { callsIn } from '../../../scripts/deployer-policy/calls';

describe('the calls in the log of Terraform', () => {
  it('include each operation that the provider called, even if its record has several lines or is split in two', () => {
    const log = [
      '2026-01-01T00:00:00.000Z [DEBUG] provider: HTTP Request Sent: rpc.method=CreateVpc rpc.service=EC2 tf_aws.sdk=v2',
      '2026-01-01T00:00:00.100Z [DEBUG] provider: HTTP Response Received: rpc.service=EC2 rpc.method=CreateVpc',
      '2026-01-01T00:00:01.000Z [DEBUG] provider: HTTP Request Sent: http.request.body=',
      '  | {"a": 1}',
      '   rpc.service="API Gateway" rpc.method=CreateRestApi',
      '2026-01-01T00:00:02.000Z [DEBUG] provider: {"@message":"HTTP Request Sent","http.request.body":"UEsDB',
      '2026-01-01T00:00:02.001Z [DEBUG] provider: AAA","rpc.method":"CreateFunction","rpc.service":"Lambda"}',
      '2026-01-01T00:00:03.000Z [INFO]  nothing',
    ].join('\n');
    expect(callsIn(log)).toEqual([
      { service: 'EC2', operation: 'CreateVpc' },
      { service: 'API Gateway', operation: 'CreateRestApi' },
      { service: 'Lambda', operation: 'CreateFunction' },
    ]);
  });

  it('include a repeated operation once, and nothing from records that name no operation', () => {
    const record = '2026-01-01T00:00:00.000Z [DEBUG] provider: rpc.service=EC2';
    expect(callsIn(`${record} rpc.method=CreateVpc\n${record} rpc.method=CreateVpc\n${record}`)).toEqual([
      { service: 'EC2', operation: 'CreateVpc' },
    ]);
    expect(callsIn('')).toEqual([]);
  });
});
