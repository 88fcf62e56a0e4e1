import { GLOBAL_REGION } from '../../contract/regions';
import { resourceName } from '../../modules/settings/names';
import { actionsFor } from './actions';
import type { Call } from './calls';
import { WITHOUT_RESOURCE_TYPE } from './resource-types';

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: object;
}

interface Scope {
  readonly sid: string;
  readonly actions: RegExp;
  readonly resources: readonly string[];
  readonly condition?: object;
}

/** Pattern that matches each name that a stack gives to a resource. */
const NAME = resourceName('*');

/** Makes ARN patterns for any region and account. */
const arnsOf = (service: string, ...resources: string[]): string[] =>
  resources.map((resource) => `arn:aws:${service}:*:*:${resource}`);

/** The first scope that matches an action applies. Only scopes with the resource `*` match an action without a resource type. */
const SCOPES: readonly Scope[] = [
  {
    sid: 'PassRoles',
    actions: /^iam:PassRole$/,
    resources: [`arn:aws:iam::*:role/${NAME}`],
    condition: {
      StringEquals: {
        'iam:PassedToService': ['apigateway', 'ec2', 'lambda', 'rds'].map((service) => `${service}.amazonaws.com`),
      },
    },
  },
  {
    sid: 'ServiceLinkedRoles',
    actions: /^iam:CreateServiceLinkedRole$/,
    resources: ['arn:aws:iam::*:role/aws-service-role/*'],
    condition: {
      StringEquals: {
        'iam:AWSServiceName': ['ops.apigateway', 'rds', 'wafv2'].map((service) => `${service}.amazonaws.com`),
      },
    },
  },
  // SECURITY: the deployer can attach only this managed policy. That prevents mistakes, not abuse: the deployer can still add any
  // inline policy.
  {
    sid: 'ManagedPolicies',
    actions: /^iam:(At|De)tachRolePolicy$/,
    resources: [`arn:aws:iam::*:role/${NAME}`],
    condition: {
      ArnEquals: {
        'iam:PolicyARN': ['arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs'],
      },
    },
  },
  {
    sid: 'Roles',
    actions: /^iam:/,
    resources: [`arn:aws:iam::*:role/${NAME}`, `arn:aws:iam::*:instance-profile/${NAME}`],
  },
  {
    sid: 'Secrets',
    actions: /^secretsmanager:/,
    resources: arnsOf('secretsmanager', `secret:${NAME}`),
  },
  { sid: 'Functions', actions: /^lambda:/, resources: arnsOf('lambda', `function:${NAME}`, `layer:${NAME}`) },
  {
    sid: 'Logs',
    actions:
      /^logs:(Create|Delete)LogGroup$|^logs:(FilterLogEvents|PutRetentionPolicy|ListTagsForResource|(Un)?[Tt]agResource)$/,
    resources: arnsOf(
      'logs',
      ...['aws/apigateway', 'aws/lambda', 'aws/rds/instance', 'aws/rds/proxy'].map(
        (group) => `log-group:/${group}/${NAME}`,
      ),
      `log-group:aws-waf-logs-${NAME}`,
    ),
  },
  // The ARNs of proxies and target groups contain ids instead of names.
  {
    sid: 'Database',
    actions: /^rds:(?!Describe)/,
    resources: arnsOf(
      'rds',
      ...[`db:${NAME}`, `pg:${NAME}`, `subgrp:${NAME}`, `snapshot:${NAME}`, 'db-proxy:*', 'target-group:*'],
      // The instance has the default option group of its engine.
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples-create-and-modify-examples.html
      'og:default:*',
    ),
  },
  {
    sid: 'Monitoring',
    actions: /^(cloudwatch:(?!DescribeAlarms)|events:|sns:)/,
    resources: [
      ...arnsOf('cloudwatch', `alarm:${NAME}`),
      `arn:aws:cloudwatch::*:dashboard/${NAME}`,
      ...arnsOf('events', `rule/${NAME}`),
      ...arnsOf('sns', NAME),
    ],
  },
  {
    sid: 'Waf',
    actions: /^wafv2:/,
    resources: ['ipset', 'webacl'].map((kind) => `arn:aws:wafv2:${GLOBAL_REGION}:*:global/${kind}/${NAME}/*`),
  },
  {
    sid: 'Api',
    actions: /^apigateway:/,
    resources: [
      'account',
      'apikeys',
      'apikeys/*',
      'restapis',
      'restapis/*',
      'tags/*',
      'usageplans',
      'usageplans/*',
    ].map((path) => `arn:aws:apigateway:*::/${path}`),
  },
  { sid: 'Image', actions: /^ssm:/, resources: ['arn:aws:ssm:*::parameter/aws/service/ami-amazon-linux-latest/*'] },
  // Some of these actions are on resources without a name in the ARN, such as networks. Others, such as most List actions, have no
  // resource.
  {
    sid: 'WithoutNames',
    actions: /^(acm|cloudfront|cloudwatch|ec2|kms|logs|rds|route53|secretsmanager):/,
    resources: ['*'],
  },
];

/**
 * RDS creates the master user's secret with the deployer's permissions, and chooses its name.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
 */
const MASTER_SECRET: Statement = {
  Sid: 'MasterSecret',
  Effect: 'Allow',
  Action: ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
  Resource: arnsOf('secretsmanager', 'secret:rds!db-*'),
};

/**
 * Returns the deployer's policy. Where an ARN contains a name that the stack chooses, the policy allows only names that match `NAME`.
 *
 * @throws Error for an action whose resources are unknown.
 */
export function deployerPolicy(calls: readonly Call[]): { readonly Version: string; readonly Statement: Statement[] } {
  const actionsByScope = new Map<Scope, string[]>();
  for (const action of [...actionsFor(calls)].sort()) {
    const hasType = !WITHOUT_RESOURCE_TYPE.has(action);
    const scope = SCOPES.find(({ actions, resources }) => actions.test(action) && (hasType || resources.includes('*')));
    if (scope === undefined)
      throw new Error(`The resources of ${action} are unknown. Add them to scripts/deployer-policy/policy.ts.`);
    actionsByScope.set(scope, [...(actionsByScope.get(scope) ?? []), action]);
  }
  const statements = SCOPES.flatMap((scope): Statement[] => {
    const Action = actionsByScope.get(scope);
    if (Action === undefined) return [];
    const { sid, resources, condition } = scope;
    return [{ Sid: sid, Effect: 'Allow', Action, Resource: resources, ...(condition && { Condition: condition }) }];
  });
  return { Version: '2012-10-17', Statement: [...statements, MASTER_SECRET] };
}
