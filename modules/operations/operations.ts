import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import type { Settings } from '../settings/settings';
import { Alarms, type AlarmPlace } from './alarms';
import { Dashboard } from './dashboard';
import { metricsOf, type MetricSources } from './metrics';

export interface OperationsProps extends MetricSources {
  readonly name: string;
  readonly region: string;
  readonly alarms: Settings['alarms'];
  /** Provider of us-east-1, the region of the WAF's metrics. */
  readonly global: AwsProvider;
  /** ARNs of the secrets whose passwords are rotated. */
  readonly rotatedSecretArns: readonly string[];
}

/** Dashboard and alarms for the operators. */
export class Operations extends Construct {
  /** The deployed alarms. */
  readonly alarms: readonly AlarmPlace[];

  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const { name, region, alarms, global, rotatedSecretArns } = props;
    const metrics = metricsOf(props);
    new Dashboard(this, 'dashboard', { name, region, metrics });
    this.alarms = alarms.enabled
      ? new Alarms(this, 'alarms', { name, metrics, email: alarms.email, global, rotatedSecretArns }).places
      : [];
  }
}
