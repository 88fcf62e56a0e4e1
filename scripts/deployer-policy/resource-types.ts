/**
 * These actions have no resource type, so only a statement for all resources (`*`) allows them. The comments name pages of the
 * reference linked below. The list covers only services for which the policy has statements limited to ARNs. It is incomplete, and
 * also names actions that the policy does not contain.
 *
 * https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
export const WITHOUT_RESOURCE_TYPE: ReadonlySet<string> = new Set([
  // list_amazonrds.html
  'rds:CreateDBProxy',
  'rds:ModifyCertificates',
  // list_awssecretsmanager.html
  'secretsmanager:BatchGetSecretValue',
  'secretsmanager:GetRandomPassword',
  'secretsmanager:ListSecrets',
  // list_awslambda.html
  'lambda:CreateEventSourceMapping',
  'lambda:GetAccountSettings',
  'lambda:ListFunctions',
  'lambda:ListLayers',
  'lambda:ListLayerVersions',
  // list_amazoncloudwatchlogs.html
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DeleteResourcePolicy',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:PutResourcePolicy',
  // list_amazoncloudwatch.html
  'cloudwatch:DescribeAlarmsForMetric',
  'cloudwatch:GetMetricStatistics',
  // list_amazoneventbridge.html
  'events:ListRuleNamesByTarget',
  'events:ListRules',
  // list_amazonsns.html. GetSubscriptionAttributes and Unsubscribe are left out: SNS authorizes them by the ARN of the topic.
  'sns:ListSubscriptions',
  'sns:ListTopics',
  // list_awswafv2.html
  'wafv2:CheckCapacity',
  'wafv2:ListIPSets',
  'wafv2:ListLoggingConfigurations',
  'wafv2:ListWebACLs',
  // list_awsidentityandaccessmanagementiam.html
  'iam:ListInstanceProfiles',
  'iam:ListPolicies',
  'iam:ListRoles',
]);
