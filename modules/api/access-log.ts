import { ApiGatewayAccount } from '@cdktf/provider-aws/lib/api-gateway-account';
import type { ApiGatewayStageAccessLogSettings } from '@cdktf/provider-aws/lib/api-gateway-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ServiceRole } from '../iam/service-role';

export interface ApiAccessLogProps {
  readonly apiName: string;
  /** Whether this stack sets API Gateway's logging role. An account has one per region, and exactly one stack must set it. */
  readonly ownsAccountRole: boolean;
  readonly logRetentionDays: number;
}

/** Fields of a log line. SECURITY: only the id of the API key, not its value. */
const FIELDS = {
  requestId: '$context.requestId',
  // Callers can set requestId, but not this id. They get it as x-amz-apigw-id.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
  extendedRequestId: '$context.extendedRequestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  error: '$context.error.message',
  integrationError: '$context.integration.error',
  keyId: '$context.identity.apiKeyId',
  // Address of CloudFront, or of a direct caller. The addresses of CloudFront's callers are in the log of the WAF.
  edgeIp: '$context.identity.sourceIp',
};

/** The access log. If this stack sets API Gateway's logging role, also that role. */
export class ApiAccessLog extends Construct {
  readonly groupName: string;
  readonly settings: ApiGatewayStageAccessLogSettings;
  /** Resources that a stage with this log depends on. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ApiAccessLogProps) {
    super(scope, id);
    this.groupName = `/aws/apigateway/${props.apiName}`;
    const logs = new CloudwatchLogGroup(this, 'logs', {
      name: this.groupName,
      retentionInDays: props.logRetentionDays,
      // Makes Terraform delete the group after it has changed the stage. A stage that still logs would create the deleted group
      // again, without a retention time, and a later deployment of the log would fail.
      lifecycle: { createBeforeDestroy: true },
    });
    this.settings = { destinationArn: logs.arn, format: JSON.stringify(FIELDS) };
    this.ready = props.ownsAccountRole ? [this.addAccountRole(props.apiName)] : [];
  }

  private addAccountRole(apiName: string): ITerraformDependable {
    const role = new ServiceRole(this, 'role', { name: `${apiName}-api-logs`, service: 'apigateway.amazonaws.com' });
    role.attach('write-logs', 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs');
    return new ApiGatewayAccount(this, 'account', { cloudwatchRoleArn: role.arn, dependsOn: role.permissions });
  }
}
