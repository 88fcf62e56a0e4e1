import { createHash } from 'node:crypto';
import { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment';
import { ApiGatewayGatewayResponse } from '@cdktf/provider-aws/lib/api-gateway-gateway-response';
import { ApiGatewayIntegration } from '@cdktf/provider-aws/lib/api-gateway-integration';
import { ApiGatewayMethod } from '@cdktf/provider-aws/lib/api-gateway-method';
import { ApiGatewayMethodSettings } from '@cdktf/provider-aws/lib/api-gateway-method-settings';
import { ApiGatewayResource } from '@cdktf/provider-aws/lib/api-gateway-resource';
import { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api';
import { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Route } from '../compute/routes';
import type { Settings } from '../settings/settings';
import { ApiAccessLog } from './access-log';
import { ApiKeys, type ApiKeysProps } from './api-keys';
import { gatewayResponses } from './gateway-responses';

export interface RestApiProps extends Pick<ApiKeysProps, 'throttle' | 'quota'> {
  readonly name: string;
  readonly description: string;
  readonly region: string;
  readonly routes: readonly Route[];
  /** Generations of the key that are valid, the newest last. */
  readonly keyGenerations: readonly number[];
  readonly accessLog: Settings['api']['accessLog'];
  /** Days. */
  readonly logRetentionDays: number;
}

const STAGE = 'live';

/** Uptime monitors call by HEAD. */
const METHODS = ['GET', 'HEAD'];

/**
 * The REST API: every method asks for the key, so its own URL is no way around CloudFront. HTTP APIs know no keys.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-setup-api-key-with-restapi.html
 */
export class RestApi extends Construct {
  readonly name: string;
  readonly stageName: string;
  /** Host of the API, without the stage. */
  readonly domainName: string;
  /** URL of the API itself; without the key it answers 403. */
  readonly invokeUrl: string;
  /** Log group of the access log. Absent where none is written. */
  readonly accessLogGroup: string | undefined;
  /** The keys; CloudFront sends the newest. */
  readonly keys: ApiKeys;

  private readonly api: ApiGatewayRestApi;

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    this.api = new ApiGatewayRestApi(this, 'api', {
      name: props.name,
      description: props.description,
      endpointConfiguration: { types: ['REGIONAL'] },
    });
    const methods = props.routes.flatMap((route) => this.addMethods(route));
    const responses = this.addGatewayResponses();
    const deployment = this.deploy([...methods, responses]);
    const accessLog = this.addAccessLog(props);
    const stage = this.addStage(deployment, accessLog);

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

  private addMethods(route: Route): Deployed[] {
    const id = route.path === '/' ? 'root' : route.path.slice(1);
    const resourceId =
      route.path === '/'
        ? this.api.rootResourceId
        : new ApiGatewayResource(this, id, {
            restApiId: this.api.id,
            parentId: this.api.rootResourceId,
            pathPart: id,
          }).id;
    return METHODS.map((httpMethod) =>
      this.addMethod(route, httpMethod, `${httpMethod.toLowerCase()}-${id}`, resourceId),
    );
  }

  private addMethod({ path, function: lambda }: Route, httpMethod: string, id: string, resourceId: string): Deployed {
    const method = new ApiGatewayMethod(this, id, {
      restApiId: this.api.id,
      resourceId,
      httpMethod,
      authorization: 'NONE',
      // SECURITY: the only lock of the API's own URL.
      apiKeyRequired: true,
    });
    const integration = new ApiGatewayIntegration(this, `${id}-function`, {
      restApiId: this.api.id,
      resourceId,
      httpMethod: method.httpMethod,
      type: 'AWS_PROXY',
      integrationHttpMethod: 'POST',
      uri: lambda.invokeArn,
    });
    lambda.grantInvoke(
      `${httpMethod.toLowerCase()}-by-api`,
      'apigateway.amazonaws.com',
      `${this.api.executionArn}/*/${httpMethod}${path}`,
    );
    return {
      resources: [method, integration],
      // Chosen by hand: whole resources read back differ from what was written, and would deploy again for nothing.
      traits: [path, resourceId, method.httpMethod, method.apiKeyRequired, integration.uri],
    };
  }

  private addGatewayResponses(): Deployed {
    const resources = gatewayResponses.map(
      (response) =>
        new ApiGatewayGatewayResponse(this, response.responseType.toLowerCase().replaceAll('_', '-'), {
          restApiId: this.api.id,
          ...response,
        }),
    );
    return { resources, traits: [createHash('sha256').update(JSON.stringify(gatewayResponses)).digest('hex')] };
  }

  /** A deployment is a snapshot: whatever matters to it must make a new one when it changes. */
  private deploy(parts: readonly Deployed[]): ApiGatewayDeployment {
    return new ApiGatewayDeployment(this, 'deployment', {
      restApiId: this.api.id,
      triggers: { redeployment: Fn.sha1(Fn.jsonencode(parts.map(({ traits }) => traits))) },
      dependsOn: parts.flatMap(({ resources }) => resources),
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private addStage(deployment: ApiGatewayDeployment, accessLog: ApiAccessLog | undefined): ApiGatewayStage {
    const stage = new ApiGatewayStage(this, 'stage', {
      restApiId: this.api.id,
      deploymentId: deployment.id,
      stageName: STAGE,
      ...(accessLog && { accessLogSettings: accessLog.settings, dependsOn: accessLog.ready }),
    });
    new ApiGatewayMethodSettings(this, 'method-settings', {
      restApiId: this.api.id,
      stageName: stage.stageName,
      methodPath: '*/*',
      // Execution logs would hold headers, and the key among them.
      settings: { metricsEnabled: true, loggingLevel: 'OFF', dataTraceEnabled: false },
    });
    return stage;
  }

  private addAccessLog({ name, accessLog, logRetentionDays }: RestApiProps): ApiAccessLog | undefined {
    if (!accessLog.enabled) return undefined;
    const { ownsAccountRole } = accessLog;
    return new ApiAccessLog(this, 'access-log', {
      roleName: `${name}-api-logs`,
      apiName: name,
      ownsAccountRole,
      logRetentionDays,
    });
  }
}

/** Parts of the API, and what of them a deployment must not miss. */
interface Deployed {
  readonly resources: ITerraformDependable[];
  readonly traits: readonly unknown[];
}
