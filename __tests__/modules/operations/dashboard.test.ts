import { allFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);
const alarms = Object.values(stack.all('aws_cloudwatch_metric_alarm'));
const body = JSON.parse(stack.one('aws_cloudwatch_dashboard').dashboard_body as string) as {
  periodOverride: string;
  widgets: { x: number; y: number; properties: { metrics: unknown[][]; region: string; title: string } }[];
};

describe('the dashboard', () => {
  it('shows the metric of every alarm, and no two graphs in the same place', () => {
    const { widgets } = body;
    expect(new Set(widgets.map(({ x, y }) => `${x},${y}`)).size).toBe(widgets.length);
    // A metric of a widget is its namespace, its name, the names and values of its dimensions, and its options.
    const shown = widgets.flatMap(({ properties }) => properties.metrics.map((metric) => metric.slice(0, -1).sort()));
    for (const { namespace, metric_name, dimensions } of alarms) {
      expect(shown).toContainEqual([namespace, metric_name, ...Object.entries(dimensions).flat()].sort());
    }
  });

  it('keeps the period of each metric, whatever time range a viewer selects', () => {
    expect(body.periodOverride).toBe('inherit');
    const clients = body.widgets.find(({ properties }) => properties.title === 'Proxies: ClientConnections');
    const options = clients?.properties.metrics.map((metric) => metric.at(-1));
    // RDS Proxy reports all its clients every minute, so a sum over more minutes counts them repeatedly.
    const everyMinute = { stat: 'Sum', period: 60 };
    // The stack has two proxies, and the graph has one metric for each.
    expect(options).toEqual([everyMinute, everyMinute]);
  });

  it('shows the metrics of the WAF and CloudFront from us-east-1, all others from the region of the stack', () => {
    const titlesIn = (region: string): string[] =>
      body.widgets.filter(({ properties }) => properties.region === region).map(({ properties }) => properties.title);
    expect(titlesIn('us-east-1')).toEqual(['WAF: BlockedRequests', 'CloudFront: 5xxErrorRate']);
    expect(titlesIn('eu-central-1')).toHaveLength(body.widgets.length - 2);
  });
});
