import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Construct } from 'constructs';
import { GLOBAL_REGION } from '../../contract/regions';
import type { Metric } from './metrics';

export interface DashboardProps {
  readonly name: string;
  readonly region: string;
  readonly metrics: readonly Metric[];
}

/** Size of a graph, in units of the dashboard's grid, which is 24 units wide. */
const WIDTH = 8;
const HEIGHT = 6;
const PER_ROW = 3;

/** A dashboard with one graph for each metric name of each group. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { name, region, metrics }: DashboardProps) {
    super(scope, id);
    const titles = [...new Set(metrics.map(graphOf))];
    const widgets = titles.map((title, index) => {
      const lines = metrics.filter((metric) => graphOf(metric) === title);
      return {
        type: 'metric',
        x: (index % PER_ROW) * WIDTH,
        y: Math.floor(index / PER_ROW) * HEIGHT,
        width: WIDTH,
        height: HEIGHT,
        properties: {
          title,
          region: lines.some((metric) => metric.global) ? GLOBAL_REGION : region,
          view: 'timeSeries',
          metrics: lines.map(lineOf),
        },
      };
    });
    // `inherit` keeps the period of each metric. By default, the console uses longer periods in a graph of many hours. A proxy reports its
    // clients every minute, so the sum over a longer period would count each client repeatedly.
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    const dashboardBody = JSON.stringify({ periodOverride: 'inherit', widgets });
    new CloudwatchDashboard(this, 'dashboard', { dashboardName: name, dashboardBody });
  }
}

const graphOf = ({ group, metricName }: Metric): string => `${group}: ${metricName}`;

const lineOf = ({ namespace, metricName, dimensions, statistic, periodSeconds }: Metric): unknown[] => [
  namespace,
  metricName,
  ...Object.entries(dimensions).flat(),
  { stat: statistic, period: periodSeconds },
];
