import type { Call } from './calls';

/**
 * Prefixes of IAM actions, by the provider's name of the service.
 *
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const PREFIXES: Readonly<Record<string, string>> = {
  'API Gateway': 'apigateway',
  CloudFront: 'cloudfront',
  CloudWatch: 'cloudwatch',
  'CloudWatch Logs': 'logs',
  EC2: 'ec2',
  EventBridge: 'events',
  IAM: 'iam',
  Lambda: 'lambda',
  RDS: 'rds',
  SNS: 'sns',
  SSM: 'ssm',
  STS: 'sts',
  'Secrets Manager': 'secretsmanager',
  WAFV2: 'wafv2',
};

/** API Gateway's actions are the HTTP methods of its operations. */
const VERBS: readonly [beginning: string, verb: string][] = [
  ['Create', 'POST'],
  ['Import', 'POST'],
  ['Get', 'GET'],
  ['Put', 'PUT'],
  ['Update', 'PATCH'],
  ['Delete', 'DELETE'],
];

/** Operations whose action has a different name. */
const RENAMED: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  'cloudfront:CreateDistributionWithTags': 'cloudfront:CreateDistribution',
};

/** Further actions that a call needs, mostly for tags and for requests that a service makes with the caller's permissions. */
const ALSO_NEEDED: Readonly<Record<string, readonly string[]>> = {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html
  'apigateway:POST': ['iam:CreateServiceLinkedRole'],
  'cloudfront:CreateDistribution': ['cloudfront:TagResource'],
  'cloudwatch:PutMetricAlarm': ['cloudwatch:TagResource'],
  // https://docs.aws.amazon.com/vpc/latest/privatelink/security_iam_id-based-policy-examples.html
  'ec2:CreateVpcEndpoint': ['route53:AssociateVPCWithHostedZone'],
  'ec2:RunInstances': ['iam:PassRole'],
  'events:PutRule': ['events:TagResource'],
  'iam:CreateInstanceProfile': ['iam:TagInstanceProfile'],
  'iam:CreateRole': ['iam:TagRole'],
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
  'lambda:CreateFunction': [
    'iam:PassRole',
    'lambda:TagResource',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcs',
  ],
  // GetFunction returns tags only to callers with this permission. Without tags, each plan would add them again.
  // https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
  'lambda:GetFunction': ['lambda:ListTags'],
  'logs:CreateLogGroup': ['logs:TagResource'],
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html
  'rds:CreateDBInstance': ['rds:AddTagsToResource', 'iam:CreateServiceLinkedRole', 'kms:DescribeKey'],
  'rds:CreateDBProxy': ['rds:AddTagsToResource', 'iam:PassRole'],
  'secretsmanager:CreateSecret': ['secretsmanager:TagResource'],
  // RotateSecret needs this permission on the rotation function.
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
  'secretsmanager:RotateSecret': ['lambda:InvokeFunction'],
  'sns:CreateTopic': ['sns:TagResource'],
  'wafv2:CreateIPSet': ['wafv2:TagResource'],
  // https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
  'wafv2:PutLoggingConfiguration': [
    'iam:CreateServiceLinkedRole',
    'logs:CreateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:DescribeLogGroups',
    'logs:DescribeResourcePolicies',
    'logs:PutResourcePolicy',
  ],
};

/** Actions for changes of existing resources. The recorded calls lack some, because the recorded deployments change few resources. */
const CHANGES = [
  ...['DeleteTags', 'ModifyNetworkInterfaceAttribute', 'ModifySecurityGroupRules'].map(withPrefix('ec2')),
  ...['ModifyVpcEndpoint', 'StartInstances', 'StopInstances'].map(withPrefix('ec2')),
  ...['UntagInstanceProfile', 'UntagRole', 'UpdateAssumeRolePolicy'].map(withPrefix('iam')),
  ...['DeleteFunctionConcurrency', 'PutFunctionConcurrency', 'UntagResource'].map(withPrefix('lambda')),
  ...['UpdateFunctionCode', 'UpdateFunctionConfiguration'].map(withPrefix('lambda')),
  ...['ModifyDBInstance', 'ModifyDBProxy', 'ModifyDBSubnetGroup', 'ResetDBParameterGroup'].map(withPrefix('rds')),
  ...['RemoveTagsFromResource', 'CreateDBSnapshot'].map(withPrefix('rds')),
  ...['GetSubscriptionAttributes', 'Subscribe', 'Unsubscribe', 'UntagResource'].map(withPrefix('sns')),
  ...['ListTagsForResource', 'UpdateIPSet', 'UpdateWebACL', 'UntagResource'].map(withPrefix('wafv2')),
  ...['cloudfront', 'cloudwatch', 'events', 'logs', 'secretsmanager'].map((prefix) => `${prefix}:UntagResource`),
];

/** Actions of `npm run verify` (verify/aws.ts) that no deployment calls. */
const VERIFY = ['lambda:GetFunctionConfiguration', 'logs:FilterLogEvents', 'sns:ListSubscriptionsByTopic'];

/**
 * Calls of the provider when it deletes a security group or a subnet in which Lambda has left network interfaces. The recorded
 * calls lack these actions, because the local Lambda leaves no network interfaces.
 */
const REMAINING_INTERFACES = ['DeleteNetworkInterface', 'DetachNetworkInterface'].map(withPrefix('ec2'));

/** Actions for `edge.customDomain`, which the recorded deployments do not have. */
const CUSTOM_DOMAIN = [
  ...['AddTagsToCertificate', 'DeleteCertificate', 'DescribeCertificate'].map(withPrefix('acm')),
  ...['ListTagsForCertificate', 'RemoveTagsFromCertificate', 'RequestCertificate'].map(withPrefix('acm')),
  ...['ChangeResourceRecordSets', 'GetChange', 'GetHostedZone', 'ListResourceRecordSets'].map(withPrefix('route53')),
];

/** Returns the actions that a deployer needs: those of the recorded calls, and those that no recorded call shows. */
export function actionsFor(calls: readonly Call[]): Set<string> {
  const called = calls.map(actionOf).filter((action) => action !== ALWAYS_ALLOWED);
  return new Set([
    ...called.flatMap((action) => [action, ...(ALSO_NEEDED[action] ?? [])]),
    ...CHANGES,
    ...VERIFY,
    ...REMAINING_INTERFACES,
    ...CUSTOM_DOMAIN,
  ]);
}

/** Needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const ALWAYS_ALLOWED = 'sts:GetCallerIdentity';

/** @throws Error for an unknown service, or if the HTTP method of an API Gateway operation is unknown. */
function actionOf({ service, operation }: Call): string {
  const prefix = PREFIXES[service];
  if (prefix === undefined)
    throw new Error(`The IAM prefix of ${service} is unknown. Add it to scripts/deployer-policy/actions.ts.`);
  if (prefix === 'apigateway') {
    const verb = VERBS.find(([beginning]) => operation.startsWith(beginning))?.[1];
    if (verb === undefined)
      throw new Error(
        `The HTTP method of API Gateway's ${operation} is unknown. Add it to scripts/deployer-policy/actions.ts.`,
      );
    return `apigateway:${verb}`;
  }
  const action = `${prefix}:${operation}`;
  return RENAMED[action] ?? action;
}

function withPrefix(prefix: string): (operation: string) => string {
  return (operation) => `${prefix}:${operation}`;
}
