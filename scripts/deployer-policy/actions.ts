import type { Call } from './calls';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
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

/** API Gateway's actions are the verbs of its operations. */
const VERBS: readonly [beginning: string, verb: string][] = [
  ['Create', 'POST'],
  ['Import', 'POST'],
  ['Get', 'GET'],
  ['Put', 'PUT'],
  ['Update', 'PATCH'],
  ['Delete', 'DELETE'],
];

/** Operations whose action has another name. */
const RENAMED: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  'cloudfront:CreateDistributionWithTags': 'cloudfront:CreateDistribution',
};

/** What AWS demands of the caller besides: for tags that are given at creation, and for what a service does in the caller's name. */
const BESIDES: Readonly<Record<string, readonly string[]>> = {
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
  'logs:CreateLogGroup': ['logs:TagResource'],
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html
  'rds:CreateDBInstance': ['rds:AddTagsToResource', 'iam:CreateServiceLinkedRole', 'kms:DescribeKey'],
  'rds:CreateDBProxy': ['rds:AddTagsToResource', 'iam:PassRole'],
  'secretsmanager:CreateSecret': ['secretsmanager:TagResource'],
  // Secrets Manager invokes the function once, to see that it may.
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

/** What later deployments change. The recorded one makes few of these calls. */
const CHANGES = [
  ...['DeleteTags', 'ModifyNetworkInterfaceAttribute', 'ModifySecurityGroupRules'].map(in_('ec2')),
  ...['ModifyVpcEndpoint', 'StartInstances', 'StopInstances'].map(in_('ec2')),
  ...['UntagInstanceProfile', 'UntagRole', 'UpdateAssumeRolePolicy'].map(in_('iam')),
  ...['DeleteFunctionConcurrency', 'PutFunctionConcurrency', 'UntagResource'].map(in_('lambda')),
  ...['UpdateFunctionCode', 'UpdateFunctionConfiguration'].map(in_('lambda')),
  ...['ModifyDBInstance', 'ModifyDBProxy', 'ModifyDBSubnetGroup', 'ResetDBParameterGroup'].map(in_('rds')),
  ...['RemoveTagsFromResource', 'CreateDBSnapshot'].map(in_('rds')),
  ...['GetSubscriptionAttributes', 'Subscribe', 'Unsubscribe', 'UntagResource'].map(in_('sns')),
  ...['ListTagsForResource', 'UpdateIPSet', 'UpdateWebACL', 'UntagResource'].map(in_('wafv2')),
  ...['cloudfront', 'cloudwatch', 'events', 'logs', 'secretsmanager'].map((prefix) => `${prefix}:UntagResource`),
];

/** What `edge.customDomain` needs, which the recorded deployment does not have. */
const CUSTOM_DOMAIN = [
  ...['AddTagsToCertificate', 'DeleteCertificate', 'DescribeCertificate'].map(in_('acm')),
  ...['ListTagsForCertificate', 'RequestCertificate'].map(in_('acm')),
  ...['ChangeResourceRecordSets', 'GetChange', 'GetHostedZone', 'ListResourceRecordSets'].map(in_('route53')),
];

/** The actions that somebody needs who deploys: those of calls, and those that no local call shows. */
export function actionsFor(calls: readonly Call[]): Set<string> {
  const called = calls.map(actionOf).filter((action) => action !== ALWAYS_ALLOWED);
  return new Set([...called.flatMap((action) => [action, ...(BESIDES[action] ?? [])]), ...CHANGES, ...CUSTOM_DOMAIN]);
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const ALWAYS_ALLOWED = 'sts:GetCallerIdentity';

/** @throws Error for a service that is not known here. */
function actionOf({ service, operation }: Call): string {
  const prefix = PREFIXES[service];
  if (prefix === undefined)
    throw new Error(`${service} has no prefix of actions. Add it to scripts/deployer-policy/actions.ts.`);
  if (prefix === 'apigateway') {
    const verb = VERBS.find(([beginning]) => operation.startsWith(beginning))?.[1];
    if (verb === undefined)
      throw new Error(`${operation} of API Gateway has no verb. Add it to scripts/deployer-policy/actions.ts.`);
    return `apigateway:${verb}`;
  }
  const action = `${prefix}:${operation}`;
  return RENAMED[action] ?? action;
}

function in_(prefix: string): (operation: string) => string {
  return (operation) => `${prefix}:${operation}`;
}
