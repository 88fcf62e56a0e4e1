import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployerPolicy } from '../../../scripts/deployer-policy/policy';
import { WITHOUT_RESOURCE_TYPE } from '../../../scripts/deployer-policy/resource-types';

const checkedIn = JSON.parse(readFileSync(join(__dirname, '../../../docs/deployer-policy.json'), 'utf8')) as ReturnType<
  typeof deployerPolicy
>;

/** Returns the Sids of the statements that allow an action. */
const sidsAllowing = (action: string, policy = checkedIn): string[] =>
  policy.Statement.filter(({ Action }) => Action.includes(action)).map(({ Sid }) => Sid);

describe('the policy for deploying', () => {
  it('cannot be written for an action whose resources are unknown', () => {
    expect(() => deployerPolicy([{ service: 'STS', operation: 'AssumeRole' }])).toThrow(
      'The resources of sts:AssumeRole are unknown. Add them to scripts/deployer-policy/policy.ts.',
    );
  });

  it('has iam:PassRole only in the statement PassRoles, although the statement Roles matches it too', () => {
    const policy = deployerPolicy([{ service: 'EC2', operation: 'RunInstances' }]);
    expect(sidsAllowing('iam:PassRole', policy)).toEqual(['PassRoles']);
    expect(sidsAllowing('ec2:RunInstances', policy)).toEqual(['WithoutNames']);
  });

  it('has no wildcard in actions, and repeats actions only for the secret that RDS creates', () => {
    const all = checkedIn.Statement.flatMap(({ Action }) => Action);
    expect(all.filter((action) => action.includes('*'))).toEqual([]);
    const actions = checkedIn.Statement.filter(({ Sid }) => Sid !== 'MasterSecret').flatMap(({ Action }) => Action);
    expect(new Set(actions).size).toBe(actions.length);
    expect(sidsAllowing('secretsmanager:CreateSecret')).toEqual(['Secrets', 'MasterSecret']);
  });

  it('has only ARNs with login-matrix-*, except in statements for resources whose ARNs contain no such name', () => {
    const sidsWith = (matches: (arn: string) => boolean): string[] =>
      checkedIn.Statement.filter(({ Resource }) => Resource.some(matches)).map(({ Sid }) => Sid);
    expect(sidsWith((arn) => arn === '*')).toEqual(['WithoutNames']);
    expect(sidsWith((arn) => !arn.includes('login-matrix-*'))).toEqual([
      ...['ServiceLinkedRoles', 'Database', 'Api', 'Image', 'WithoutNames', 'MasterSecret'],
    ]);
  });

  it('allows all resources for an action without a resource type, because IAM would otherwise deny the action', () => {
    const limited = checkedIn.Statement.filter(({ Resource }) => !Resource.includes('*'));
    const actions = limited.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => WITHOUT_RESOURCE_TYPE.has(action))).toEqual([]);
    expect(sidsAllowing('rds:CreateDBProxy')).toEqual(['WithoutNames']);
  });

  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
  // Actions on an SNS subscription need the ARN of its topic. The sixth field of this ARN is the topic's name.
  // In RDS's ARNs, the sixth field is the resource type.
  it.each([
    ['rds:CreateDBInstance', ['db', 'og', 'pg', 'subgrp']],
    ['rds:ModifyDBInstance', ['db', 'og', 'pg', 'subgrp']],
    ['rds:CreateDBSnapshot', ['db', 'snapshot']],
    ['rds:RegisterDBProxyTargets', ['db', 'target-group']],
    ['rds:DeregisterDBProxyTargets', ['db', 'db-proxy', 'target-group']],
    ['sns:GetSubscriptionAttributes', ['login-matrix-*']],
    ['sns:Unsubscribe', ['login-matrix-*']],
  ])('allows %s for every type of resource that it needs', (action, types) => {
    const [statement] = checkedIn.Statement.filter(({ Action }) => Action.includes(action));
    const arns = statement?.Resource.filter((arn) => arn.split(':')[2] === action.split(':')[0]);
    expect(arns?.map((arn) => arn.split(':')[5])).toEqual(expect.arrayContaining(types));
  });

  it('allows creating the service-linked roles that a first deployment needs', () => {
    const [linked] = checkedIn.Statement.filter(({ Action }) => Action.includes('iam:CreateServiceLinkedRole'));
    expect(linked?.Condition).toEqual({
      StringEquals: {
        'iam:AWSServiceName': ['ops.apigateway.amazonaws.com', 'rds.amazonaws.com', 'wafv2.amazonaws.com'],
      },
    });
  });

  it('has, for each action that adds tags, the action that removes them, because Terraform does both', () => {
    const actions = checkedIn.Statement.flatMap(({ Action }) => Action);
    const tagging = actions.filter((action) => /:(Create|Add)?Tags?(?=[A-Z]|$)/.test(action));
    const opposite = (action: string): string =>
      action.replace(/:Tag/, ':Untag').replace(':CreateTags', ':DeleteTags').replace(':AddTagsTo', ':RemoveTagsFrom');
    expect(tagging).toEqual(
      expect.arrayContaining(['acm:AddTagsToCertificate', 'ec2:CreateTags', 'iam:TagRole', 'rds:AddTagsToResource']),
    );
    expect(tagging.map(opposite).filter((action) => !actions.includes(action))).toEqual([]);
  });

  it('allows passing only roles of the stacks, and only to listed services; allows attaching only listed managed policies', () => {
    const [passing] = checkedIn.Statement.filter(({ Action }) => Action.includes('iam:PassRole'));
    expect(passing).toMatchObject({
      Resource: ['arn:aws:iam::*:role/login-matrix-*'],
      Condition: { StringEquals: { 'iam:PassedToService': expect.any(Array) as string[] } },
    });
    const [attaching] = checkedIn.Statement.filter(({ Action }) => Action.includes('iam:AttachRolePolicy'));
    expect(attaching?.Condition).toMatchObject({ ArnEquals: { 'iam:PolicyARN': expect.any(Array) as string[] } });
  });

  it('fits into an inline policy of a role', () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    expect(JSON.stringify(checkedIn).length).toBeLessThan(10_240);
  });

  it('allows every action that npm run verify names in its help', () => {
    const source = readFileSync(join(__dirname, '../../../verify/main.ts'), 'utf8');
    const named = source.match(/\b[a-z0-9]+:[A-Z]\w+/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    for (const action of named) expect([action, sidsAllowing(action).length]).toEqual([action, 1]);
  });
});
