/**
 * List prices in Frankfurt (eu-central-1), November 2025, US dollars, for the resources of the shipped environment `dev`. AWS changes
 * prices: before you rely on them, compare them with the page of each service, and change the date here and in the README.
 */
export const PRICES = {
  /** https://aws.amazon.com/rds/mysql/pricing/ */
  databaseClasses: new Map([['db.t4g.micro', { perHour: 0.019, vCpus: 2 }]]),
  databaseGibPerMonth: 0.137,

  /** https://aws.amazon.com/rds/proxy/pricing/ A proxy costs this for each vCPU of the instance, and for at least two. */
  proxyVCpuPerHour: 0.018,
  minimumProxyVCpus: 2,

  /** https://aws.amazon.com/ec2/pricing/on-demand/ */
  instanceTypes: new Map([['t4g.micro', { perHour: 0.0096 }]]),
  /** https://aws.amazon.com/ebs/pricing/ */
  diskGibPerMonth: 0.0952,
  /** https://aws.amazon.com/vpc/pricing/ */
  publicAddressPerHour: 0.005,
  /** https://aws.amazon.com/privatelink/pricing/ */
  endpointZonePerHour: 0.012,

  /** https://aws.amazon.com/waf/pricing/ */
  webAclPerMonth: 5,
  webAclRulePerMonth: 1,
  /** https://aws.amazon.com/cloudwatch/pricing/ */
  alarmPerMonth: 0.1,
  /** https://aws.amazon.com/secrets-manager/pricing/ */
  secretPerMonth: 0.4,
} as const;

/** AWS counts 730 hours a month. */
export const HOURS_PER_MONTH = 730;

/** Resources that are free or billed by usage. The usage of an internal API costs cents. */
export const FREE_OR_BY_USE = new Set([
  'aws_api_gateway_account',
  'aws_api_gateway_api_key',
  'aws_api_gateway_deployment',
  'aws_api_gateway_method_settings',
  'aws_api_gateway_rest_api',
  'aws_api_gateway_stage',
  'aws_api_gateway_usage_plan',
  'aws_api_gateway_usage_plan_key',
  'aws_cloudfront_distribution',
  // Three dashboards in each account are free.
  'aws_cloudwatch_dashboard',
  'aws_cloudwatch_event_rule',
  'aws_cloudwatch_event_target',
  'aws_cloudwatch_log_group',
  'aws_db_parameter_group',
  'aws_db_proxy_default_target_group',
  'aws_db_proxy_target',
  'aws_db_subnet_group',
  'aws_default_security_group',
  'aws_iam_instance_profile',
  'aws_iam_role',
  'aws_iam_role_policy',
  'aws_iam_role_policy_attachment',
  'aws_internet_gateway',
  'aws_lambda_function',
  'aws_lambda_invocation',
  'aws_lambda_layer_version',
  'aws_lambda_permission',
  'aws_route',
  'aws_route_table',
  'aws_route_table_association',
  'aws_secretsmanager_secret_rotation',
  'aws_secretsmanager_secret_version',
  'aws_security_group',
  'aws_sns_topic',
  'aws_sns_topic_policy',
  'aws_sns_topic_subscription',
  'aws_subnet',
  'aws_vpc',
  'aws_vpc_security_group_egress_rule',
  'aws_vpc_security_group_ingress_rule',
  'aws_wafv2_ip_set',
  'aws_wafv2_web_acl_logging_configuration',
  'terraform_data',
]);
