import { Applied } from '../../applied';
import { GLOBAL_REGION } from '../../aws-api/call-aws';

/** Applied resources by type, each with its attributes as the provider names them. */
export type Resources = Readonly<Record<string, readonly object[]>>;

export const ACCOUNT = '123456789012';
export const API_ID = 'a1b2c3d4e5';
export const API_HOST = `${API_ID}.execute-api.eu-central-1.amazonaws.com`;
/** The API key that CloudFront sends to its origin. */
export const API_KEY = 'the-key-of-the-origin-0123456789';
export const CLOUDFRONT_HOST = 'd111111abcdef8.cloudfront.net';

export const functionArn = (name: string): string => `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:${name}`;

export const ARNS = {
  function: functionArn('items'),
  execution: `arn:aws:execute-api:eu-central-1:${ACCOUNT}:${API_ID}`,
  ipSet: `arn:aws:wafv2:${GLOBAL_REGION}:${ACCOUNT}:global/ipset/allowed`,
  webAcl: `arn:aws:wafv2:${GLOBAL_REGION}:${ACCOUNT}:global/webacl/gate/1`,
} as const;

/** Returns these resources as the local AWS reads them from the output of `terraform show -json`. */
export function appliedOf(resources: Resources): Applied {
  const all = Object.entries(resources).flatMap(([type, list]) =>
    list.map((values, index) => ({
      address: `${type}.r${index}`,
      mode: 'managed' as const,
      type,
      name: `r${index}`,
      values: values as Record<string, unknown>,
    })),
  );
  return new Applied({ values: { root_module: { resources: all } } });
}

/** Returns a copy of the resources in which every resource of one type has these values. */
export function changeValues(resources: Resources, type: string, values: object): Resources {
  return { ...resources, [type]: (resources[type] ?? []).map((before) => ({ ...before, ...values })) };
}

/** Parts of an operation in an API's document. */
interface Operation {
  readonly security?: readonly object[];
  readonly 'x-amazon-apigateway-integration'?: object;
}

/** OpenAPI document in the body of a REST API: operations by path, then by method. */
interface ApiBody {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
  readonly 'x-amazon-apigateway-gateway-responses'?: object;
}

/** Returns a copy of the resources in which `change` has changed the API's document. */
export function changeBody(resources: Resources, change: (body: ApiBody) => object): Resources {
  const [api] = (resources['aws_api_gateway_rest_api'] ?? []) as readonly { readonly body: string }[];
  const body = JSON.parse(api?.body ?? '') as ApiBody;
  return changeValues(resources, 'aws_api_gateway_rest_api', { body: JSON.stringify(change(body)) });
}

/** Returns a copy of the resources in which every operation of the API's document has these values. */
export function changeOperations(resources: Resources, values: object): Resources {
  return changeBody(resources, (body) => {
    const paths = Object.entries(body.paths).map(([path, item]) => {
      const operations = Object.entries(item).map(([method, operation]) => [method, { ...operation, ...values }]);
      return [path, Object.fromEntries(operations)];
    });
    return { ...body, paths: Object.fromEntries(paths) };
  });
}

/** Returns the resources with these gateway responses, by their types. */
export const withGatewayResponses = (resources: Resources, responses: object): Resources =>
  changeBody(resources, (body) => ({ ...body, 'x-amazon-apigateway-gateway-responses': responses }));

/** An operation that requires the key and invokes a function. */
export const operation = (name = 'items'): Operation => ({
  security: [{ api_key: [] }],
  'x-amazon-apigateway-integration': integration(name),
});

/** An integration that invokes a function. */
export const integration = (name = 'items') => ({
  type: 'aws_proxy',
  httpMethod: 'POST',
  uri: `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`,
});

/**
 * A REST API with the stage `live`. Its methods require the key of its usage plan.
 *
 * @param functions names of the functions that answer GET, by path
 */
export function restApi(functions: Readonly<Record<string, string>> = { '/items': 'items' }): Resources {
  const routes = Object.entries(functions).map(([path, name]) => ({ path, name }));
  const body: ApiBody = {
    openapi: '3.0.3',
    paths: Object.fromEntries(routes.map(({ path, name }) => [path, { get: operation(name) }])),
    components: { securitySchemes: { api_key: { type: 'apiKey', in: 'header', name: 'x-api-key' } } },
  };
  return {
    aws_api_gateway_rest_api: [
      {
        id: API_ID,
        root_resource_id: 'root',
        execution_arn: ARNS.execution,
        binary_media_types: [],
        api_key_source: 'HEADER',
        policy: '',
        body: JSON.stringify(body),
      },
    ],
    aws_lambda_permission: routes.map(({ path, name }) => ({
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      function_name: name,
      qualifier: '',
      source_arn: `${ARNS.execution}/*/GET${path}`,
    })),
    aws_api_gateway_stage: [
      { rest_api_id: API_ID, stage_name: 'live', deployment_id: 'dep1', variables: null, access_log_settings: [] },
    ],
    aws_api_gateway_api_key: [{ id: 'key1', enabled: true, value: API_KEY }],
    aws_api_gateway_usage_plan: [
      {
        id: 'plan1',
        api_stages: [{ api_id: API_ID, stage: 'live', throttle: [] }],
        throttle_settings: [],
        quota_settings: [],
      },
    ],
    aws_api_gateway_usage_plan_key: [{ key_id: 'key1', usage_plan_id: 'plan1' }],
  };
}

/** A distribution in front of the API, with a web ACL that allows one IPv4 block. */
export function edge(): Resources {
  return {
    aws_wafv2_ip_set: [{ arn: ARNS.ipSet, ip_address_version: 'IPV4', addresses: ['203.0.113.0/24'] }],
    aws_wafv2_web_acl: [
      {
        arn: ARNS.webAcl,
        scope: 'CLOUDFRONT',
        default_action: [{ allow: [], block: [{ custom_response: [] }] }],
        custom_response_body: [],
        rule: [rule('allowed', 1, 'allow', inIpSet(ARNS.ipSet))],
      },
    ],
    aws_cloudfront_distribution: [
      {
        id: 'EDFDVBD6EXAMPLE',
        domain_name: CLOUDFRONT_HOST,
        aliases: null,
        enabled: true,
        is_ipv6_enabled: true,
        web_acl_id: ARNS.webAcl,
        ordered_cache_behavior: [],
        custom_error_response: [],
        default_cache_behavior: [behavior()],
        origin: [origin()],
      },
    ],
  };
}

/** Returns {@link edge} with these values in the distribution. */
export const withDistribution = (values: object): Resources =>
  changeValues(edge(), 'aws_cloudfront_distribution', values);

/** Returns {@link edge} with these values in the cache behavior. */
export const withBehavior = (values: object): Resources =>
  withDistribution({ default_cache_behavior: [behavior(values)] });

/** A cache behavior with the managed policies CachingDisabled, AllViewerExceptHostHeader and SecurityHeadersPolicy. */
export function behavior(values: object = {}): object {
  return {
    target_origin_id: 'api',
    allowed_methods: ['GET', 'HEAD'],
    cached_methods: ['GET', 'HEAD'],
    viewer_protocol_policy: 'redirect-to-https',
    cache_policy_id: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    origin_request_policy_id: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
    response_headers_policy_id: '67f7725c-6f97-4210-82d7-5512b31e9d03',
    ...values,
  };
}

/** The API as the origin of a distribution. @param config values of its `custom_origin_config` */
export function origin(config: object = {}): object {
  return {
    origin_id: 'api',
    domain_name: API_HOST,
    origin_path: '/live',
    custom_header: [{ name: 'x-api-key', value: API_KEY }],
    custom_origin_config: [
      {
        http_port: 80,
        https_port: 443,
        origin_protocol_policy: 'https-only',
        origin_keepalive_timeout: 5,
        origin_read_timeout: 30,
        ...config,
      },
    ],
  };
}

/** A rule of a web ACL in the provider's format, in which each kind of action or statement is a list. */
export function rule(name: string, priority: number, action: 'allow' | 'block' | 'count', statement: object): object {
  const actions = { allow: [], block: [], captcha: [], challenge: [], count: [] };
  return { name, priority, action: [{ ...actions, [action]: [{}] }], statement: [statement] };
}

/** A statement that matches the addresses of an IP set. */
export function inIpSet(arn: string): object {
  return { and_statement: [], ip_set_reference_statement: [{ arn, ip_set_forwarded_ip_config: [] }] };
}

/** A statement that matches an address while it sends more than 10 requests in 60 seconds. */
export function rateBasedStatement(values: object = {}): object {
  return {
    rate_based_statement: [
      { limit: 10, evaluation_window_sec: 60, aggregate_key_type: 'IP', scope_down_statement: [], ...values },
    ],
  };
}
