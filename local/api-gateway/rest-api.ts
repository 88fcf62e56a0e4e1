import type { Applied } from '../applied';
import { Unsupported } from '../unsupported';
import { readApiDocument, type GatewayResponse } from './api-document';
import { Router } from './router';
import { methodsOf, type ApiMethod } from './methods';

export interface RestApi {
  readonly id: string;
  readonly accountId: string;
  readonly domainName: string;
  /** `arn:aws:execute-api:REGION:ACCOUNT:API` */
  readonly executionArn: string;
  readonly binaryMediaTypes: readonly string[];
  readonly stages: ReadonlyMap<string, Stage>;
  readonly routes: readonly ApiMethod[];
  readonly router: Router;
  /** By response type. */
  readonly gatewayResponses: Readonly<Record<string, GatewayResponse>>;
}

export interface Stage {
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>> | null;
  /** `undefined` if the stage writes no access log. */
  readonly accessLogFormat: string | undefined;
}

interface RestApiValues {
  readonly id: string;
  readonly root_resource_id: string;
  readonly execution_arn: string;
  readonly binary_media_types: readonly string[] | null;
  readonly api_key_source: string;
  readonly policy: string;
  readonly disable_execute_api_endpoint: boolean;
  /** Bytes; empty or null if the API does not compress. */
  readonly minimum_compression_size: string | null;
  /** The imported OpenAPI document. */
  readonly body: string | null;
}

/** Resource types that define parts of an API outside its body. They are not supported here. */
const PARTS = ['resource', 'method', 'integration', 'gateway_response'].map((part) => `aws_api_gateway_${part}`);

interface StageValues {
  readonly rest_api_id: string;
  readonly stage_name: string;
  readonly deployment_id: string;
  readonly variables: Readonly<Record<string, string>> | null;
  readonly access_log_settings: readonly { readonly format: string }[];
}

/**
 * Reads the API from the applied resources.
 *
 * @throws Error if no API is applied.
 * @throws Unsupported if several APIs are applied, or the API uses a feature that the local API Gateway lacks.
 */
export function readRestApi(applied: Applied): RestApi {
  const [api, ...others] = applied.all<RestApiValues>('aws_api_gateway_rest_api');
  if (api === undefined) throw new Error('No aws_api_gateway_rest_api is applied. Deploy one first.');
  if (others.length > 0) throw new Unsupported(`A stack with ${others.length + 1} REST APIs`, 'one REST API');
  if (api.api_key_source !== 'HEADER') throw new Unsupported(`api_key_source ${api.api_key_source}`, 'HEADER');
  if (api.policy !== '') throw new Unsupported('A resource policy of the REST API', 'an API without one');
  if (api.disable_execute_api_endpoint) {
    throw new Unsupported('disable_execute_api_endpoint true', 'false, because CloudFront calls the default endpoint');
  }
  if (api.minimum_compression_size) {
    throw new Unsupported(`minimum_compression_size ${api.minimum_compression_size}`, 'an API that does not compress');
  }
  if (api.body === null) throw new Unsupported('A REST API without a body', 'an API described by its body');
  const part = PARTS.find((type) => applied.all(type).length > 0);
  if (part !== undefined)
    throw new Unsupported(`${part} beside the body of the REST API`, 'an API described only by its body');
  const { operations, gatewayResponses } = readApiDocument(api.body);
  const routes = methodsOf(operations, api.root_resource_id);
  const [, , , region = '', accountId = ''] = api.execution_arn.split(':');
  return {
    id: api.id,
    accountId,
    domainName: `${api.id}.execute-api.${region}.amazonaws.com`,
    executionArn: api.execution_arn,
    binaryMediaTypes: api.binary_media_types ?? [],
    stages: readStages(applied, api.id),
    routes,
    router: new Router(routes),
    gatewayResponses,
  };
}

function readStages(applied: Applied, apiId: string): ReadonlyMap<string, Stage> {
  const stages = applied
    .all<StageValues>('aws_api_gateway_stage')
    .filter((stage) => stage.rest_api_id === apiId)
    .map((stage) => ({
      name: stage.stage_name,
      deploymentId: stage.deployment_id,
      variables: stage.variables,
      accessLogFormat: mayLog(applied) ? stage.access_log_settings[0]?.format : undefined,
    }));
  return new Map(stages.map((stage) => [stage.name, stage]));
}

/**
 * Whether API Gateway can write access logs. It writes them with one role for all APIs of the account. If this role is missing, it
 * writes none and reports no error.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
function mayLog(applied: Applied): boolean {
  const [account] = applied.all<{ readonly cloudwatch_role_arn: string }>('aws_api_gateway_account');
  return applied.all<{ readonly arn: string }>('aws_iam_role').some(({ arn }) => arn === account?.cloudwatch_role_arn);
}
