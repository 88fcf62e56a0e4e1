import { everything, synthesise } from '../../support/stack';

const stack = synthesise(everything);
const alarms = Object.values(stack.all('aws_cloudwatch_metric_alarm'));

describe('the dashboard', () => {
  it('shows every metric, without overlapping graphs', () => {
    const { dashboard_body } = stack.one('aws_cloudwatch_dashboard');
    const { widgets } = JSON.parse(dashboard_body as string) as {
      widgets: { x: number; y: number; properties: { metrics: unknown[][]; region: string } }[];
    };
    expect(new Set(widgets.map(({ x, y }) => `${x},${y}`)).size).toBe(widgets.length);
    const shown = widgets.flatMap(({ properties }) => properties.metrics.map(([, metric]) => metric));
    for (const { metric_name } of alarms) expect(shown).toContain(metric_name);
  });
});
