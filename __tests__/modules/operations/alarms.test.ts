import { ROUTE_NAMES, routeOf } from '../../../contract/routes';
import { allFeatures, production, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);
const alarms = Object.values(stack.all('aws_cloudwatch_metric_alarm'));

describe('the alarms', () => {
  it('exist for the API, the edge, the database, the proxies, and every function except the login check', () => {
    const names = alarms.map(({ alarm_name }) => String(alarm_name).replace('login-matrix-test-', '')).sort();
    const functions = [...ROUTE_NAMES.map((name) => routeOf(name).function), 'bootstrap', 'rotation'];
    const proxies = ['iam-proxy', 'password-proxy'];
    expect(names).toEqual(
      [
        ...['api-5xx', 'api-latency', 'edge-5xx', 'waf-blocks'],
        ...['database-connections', 'database-cpu', 'database-storage'],
        ...functions.flatMap((name) => [`${name}-errors`, `${name}-throttles`]),
        ...proxies.flatMap((name) => [`${name}-auth-failures`, `${name}-borrow-latency`, `${name}-pinned`]),
      ].sort(),
    );
  });

  it('have thresholds that fit the instance class and the expected refusals', () => {
    const thresholdOf = (name: string): unknown => stack.one('aws_cloudwatch_metric_alarm', name).threshold;
    // 80 % of the 128 connections of db.t4g.small.
    expect(thresholdOf('database-connections')).toBe(Math.round(0.8 * 128));
    // The threshold is the maximum number of refused logins in 20 calls of GET /auth-matrix. Each call tries 2 passwords and a token,
    // with and without TLS. At least one of the 6 logins connects.
    expect(thresholdOf('iam-proxy-auth-failures')).toBe(20 * 5);
  });

  it('have a period of 300 seconds', () => {
    expect(new Set(alarms.map(({ period }) => period))).toEqual(new Set([300]));
  });

  it('publish to a topic in their own region, say what to do or where to look, and stay silent without data', () => {
    for (const alarm of alarms) {
      const topic = alarm.provider === 'aws.global' ? 'global-topic' : 'alarms_topic';
      expect(alarm.alarm_actions).toEqual([`\${${stack.addressOf('aws_sns_topic', topic)}.arn}`]);
      expect(alarm.alarm_description).toMatch(/\. .+\.$/);
      expect(alarm.treat_missing_data).toBe('notBreaching');
    }
    expect(alarms.filter(({ provider }) => provider === 'aws.global').map(({ namespace }) => namespace)).toEqual([
      'AWS/CloudFront',
      'AWS/WAFV2',
    ]);
  });

  it('send e-mail to the address in the settings', () => {
    const subscriptions = Object.values(synthesise(production).all('aws_sns_topic_subscription'));
    expect(subscriptions.map(({ protocol, endpoint }) => [protocol, endpoint])).toEqual([
      ['email', 'platform@acme.org'],
      ['email', 'platform@acme.org'],
    ]);
  });

  it('go to topics that accept only CloudWatch of the same account; the regional topic also accepts EventBridge', () => {
    const publishersOf = (topic: string): unknown[] => {
      const { policy } = stack.one('aws_sns_topic_policy', topic);
      // Terraform's expressions contain quotes, which JSON.parse would reject.
      const json = String(policy).replace(/\$\{[^}]*\}/g, (expression) => expression.replaceAll('"', "'"));
      const { Statement } = JSON.parse(json) as { Statement: any[] };
      return Statement.map(({ Principal, Action, Condition }) => [Principal.Service, Action, Condition]);
    };
    const cloudWatchOf = (topic: string) => [
      'cloudwatch.amazonaws.com',
      ['sns:Publish'],
      {
        StringEquals: {
          'aws:SourceAccount': `\${element(split(':', ${stack.addressOf('aws_sns_topic', topic)}.arn), 4)}`,
        },
      },
    ];
    expect(publishersOf('alarms_topic')).toEqual([
      cloudWatchOf('alarms_topic'),
      ['events.amazonaws.com', ['sns:Publish'], undefined],
    ]);
    expect(publishersOf('global-topic')).toEqual([cloudWatchOf('global-topic')]);
  });
});

describe('a failed rotation', () => {
  it('is reported at the topic of the alarms, even if Lambda refused to invoke the function', () => {
    const rule = stack.one('aws_cloudwatch_event_rule', 'rotation-failures');
    const { detail, ...pattern } = JSON.parse(rule.event_pattern as string) as { detail: any };
    // Secrets Manager sends this event itself, whether the function ran or not.
    expect(pattern).toEqual({
      source: ['aws.secretsmanager'],
      'detail-type': ['AWS Service Event via CloudTrail'],
    });
    expect(detail.eventName).toEqual(['RotationFailed']);
    const secrets = Object.keys(stack.all('aws_secretsmanager_secret'));
    const arns = secrets.map((name) => `\${aws_secretsmanager_secret.${name}.arn}`);
    expect((detail.additionalEventData.SecretId as string[]).toSorted()).toEqual(arns.toSorted());
    expect(stack.one('aws_cloudwatch_event_target', 'rotation-failures').arn).toBe(
      `\${${stack.addressOf('aws_sns_topic', 'alarms_topic')}.arn}`,
    );
  });
});
