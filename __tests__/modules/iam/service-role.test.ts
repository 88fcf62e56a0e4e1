import type { ITerraformDependable } from 'cdktf';
import { policyDocument, ServiceRole } from '../../../modules/iam/service-role';
import { synthesiseAlone, type SynthesisedStack } from '../../support/synthesised-stack';

const withRole = (use: (role: ServiceRole) => void = () => undefined): SynthesisedStack =>
  synthesiseAlone((scope) => {
    use(new ServiceRole(scope, 'role', { name: 'test-role', service: 'lambda.amazonaws.com' }));
  });

const typesIn = (resources: readonly ITerraformDependable[]): string[] =>
  resources.map((resource) => (resource as unknown as { terraformResourceType: string }).terraformResourceType);

describe('a role', () => {
  it('has no permission until one is granted', () => {
    const stack = withRole();
    expect([stack.all('aws_iam_role_policy'), stack.all('aws_iam_role_policy_attachment')]).toEqual([{}, {}]);
  });

  it('has a property `permissions` that lists the resource of the role and the policies added so far', () => {
    withRole((role) => {
      expect(typesIn(role.permissions)).toEqual(['aws_iam_role']);
      role.grant('Read', { actions: ['s3:GetObject'], resources: ['*'] });
      role.attach('managed', 'arn:aws:iam::aws:policy/ReadOnlyAccess');
      expect(typesIn(role.permissions)).toEqual([
        'aws_iam_role',
        'aws_iam_role_policy',
        'aws_iam_role_policy_attachment',
      ]);
    });
    expect.assertions(2);
  });
});

describe('a policy', () => {
  const read = { actions: ['s3:GetObject'], resources: ['*'] };

  it('numbers the Sids of several statements; by default a statement has the effect Allow, no principal and no condition', () => {
    const deny = {
      ...read,
      effect: 'Deny',
      principals: '*',
      condition: { Bool: { 'aws:SecureTransport': 'false' } },
    } as const;
    expect(JSON.parse(policyDocument('Read', [read, deny]))).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Read1', Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['*'] },
        {
          Sid: 'Read2',
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:GetObject'],
          Resource: ['*'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  });

  it('has a Sid of letters and digits, as IAM requires', () => {
    expect(JSON.parse(policyDocument('ConnectAs-users_reader', [read]))).toMatchObject({
      Statement: [{ Sid: 'ConnectAsusersreader' }],
    });
  });
});
