import { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment';
import { ApiGatewayMethodSettings } from '@cdktf/provider-aws/lib/api-gateway-method-settings';
import { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api';
import { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import type { RouteFunction } from '../routes/routes';
import type { Settings } from '../settings/settings';
import { ApiAccessLog } from './access-log';
import { apiBody, METHODS } from './api-body';
import { ApiKeys } from './api-keys';

export interface RestApiProps extends Readonly<Settings['api']> {
  readonly name: string;
  readonly description: string;
  readonly region: string;
  readonly routes: readonly RouteFunction[];
  readonly logRetentionDays: number;
}

/**
 * The REST API. Every method requires the key, so callers cannot bypass CloudFront. An HTTP API would not support keys.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-setup-api-key-with-restapi.html
 */
export class RestApi extends Construct {
  readonly name: string;
  readonly stageName: string;
  /** Host of the API, without the stage. */
  readonly domainName: string;
  /** URL of the API at API Gateway. It answers 403 without the API key. */
  readonly invokeUrl: string;
  /** Log group of the access log. Absent if there is none. */
  readonly accessLogGroup: string | undefined;
  /** The keys; CloudFront sends the newest. */
  readonly keys: ApiKeys;

  private readonly api: ApiGatewayRestApi;

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    this.api = this.addApi(props);
    const accessLog = this.addAccessLog(props);
    const stage = this.addStage(this.deploy(), accessLog);
    for (const route of props.routes) this.grantInvoke(route);

    this.name = this.api.name;
    this.stageName = stage.stageName;
    this.domainName = `${this.api.id}.execute-api.${props.region}.amazonaws.com`;
    this.invokeUrl = stage.invokeUrl;
    this.accessLogGroup = accessLog?.groupName;
    this.keys = new ApiKeys(this, 'keys', {
      name: props.name,
      apiId: this.api.id,
      stageName: stage.stageName,
      generations: props.keyGenerations,
      throttle: props.throttle,
      quota: props.quota,
    });
  }

  /**
   * Imports the API as one document, so that one `cdktf deploy` can remove a route. With a resource for each method, a removal would
   * take two deploys.
   */
  private addApi({ name, description, region, routes }: RestApiProps): ApiGatewayRestApi {
    const { accountId } = new DataAwsCallerIdentity(this, 'account-id');
    // The ARN has the name of the function, not a reference, so that the API depends on no function and therefore on no database.
    const functionArn = (functionName: string): string =>
      `arn:aws:lambda:${region}:${accountId}:function:${functionName}`;
    const imported = routes.map((route) => ({ path: route.path, functionArn: functionArn(route.function.plainName) }));
    return new ApiGatewayRestApi(this, 'api', {
      name,
      description,
      endpointConfiguration: { types: ['REGIONAL'] },
      body: apiBody(name, region, imported),
    });
  }

  private grantInvoke({ path, function: lambda }: RouteFunction): void {
    for (const method of METHODS) {
      const source = `${this.api.executionArn}/*/${method.toUpperCase()}${path}`;
      lambda.grantInvoke(`${method}-by-api`, 'apigateway.amazonaws.com', source);
    }
  }

  /** A deployment is a snapshot of the API. A change of the document creates a new one. */
  private deploy(): ApiGatewayDeployment {
    return new ApiGatewayDeployment(this, 'deployment', {
      restApiId: this.api.id,
      triggers: { redeployment: Fn.sha1(this.api.body) },
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private addStage(deployment: ApiGatewayDeployment, accessLog: ApiAccessLog | undefined): ApiGatewayStage {
    const stage = new ApiGatewayStage(this, 'stage', {
      restApiId: this.api.id,
      deploymentId: deployment.id,
      stageName: 'live',
      ...(accessLog && { accessLogSettings: accessLog.settings, dependsOn: accessLog.ready }),
    });
    new ApiGatewayMethodSettings(this, 'method-settings', {
      restApiId: this.api.id,
      stageName: stage.stageName,
      methodPath: '*/*',
      // SECURITY: execution logs would contain parameters of requests. API Gateway redacts only keys and similar values:
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-execution-logging.html
      // CloudWatch charges for the metrics of each method. Those of the stage are free: https://aws.amazon.com/cloudwatch/pricing/
      settings: { metricsEnabled: false, loggingLevel: 'OFF', dataTraceEnabled: false },
    });
    return stage;
  }

  private addAccessLog({ name, accessLog, logRetentionDays }: RestApiProps): ApiAccessLog | undefined {
    if (!accessLog.enabled) return undefined;
    const { ownsAccountRole } = accessLog;
    return new ApiAccessLog(this, 'access-log', { apiName: name, ownsAccountRole, logRetentionDays });
  }
}
