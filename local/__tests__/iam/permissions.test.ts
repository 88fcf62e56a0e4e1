import { Permissions } from '../../iam/permissions';
import { deployed, REGION, ROLES, SECRETS, set } from '../support/applied';
import { trustPolicy } from '../support/functions';
import { ACCOUNT } from '../support/http-state';

type Change = Parameters<typeof deployed>[0];

const READ_SECRET = 'secretsmanager:GetSecretValue';
/** Permissions of a deployment, with a change to it. */
const permissions = (change?: Change) => Permissions.of(deployed(change));

describe('a role', () => {
  it('may do what its own policies allow, and nothing else', () => {
    expect(permissions().allows(ROLES.proxy, READ_SECRET, SECRETS.timestamps)).toBe(true);
    expect(permissions().allows(ROLES.proxy, READ_SECRET, SECRETS.master)).toBe(false);
    expect(permissions().allows(ROLES.functions, READ_SECRET, SECRETS.timestamps)).toBe(false);
  });

  it('has no permissions if it is not among the applied resources', () => {
    expect(permissions().decide(`${ROLES.proxy}-2`, READ_SECRET, SECRETS.timestamps).outcome).toBe('implicitly denied');
    expect(permissions().policiesOf(`${ROLES.proxy}-2`)).toEqual([]);
  });

  it('trusts no service if it is not among the applied resources', () => {
    expect(permissions().trusts(`${ROLES.proxy}-2`, 'rds.amazonaws.com')).toEqual({
      outcome: 'implicitly denied',
      kind: 'trust',
    });
  });

  it('is rejected if it has a permissions boundary, because boundaries are not evaluated', () => {
    const boundary = `arn:aws:iam::${ACCOUNT}:policy/most`;
    expect(() => permissions(set('aws_iam_role', { permissions_boundary: boundary }))).toThrow(
      `The permissions boundary ${boundary} cannot be evaluated here: boundaries are not supported. `,
    );
  });
});

describe('a decision that allows an action', () => {
  it('names the allowing policy and its Terraform resource', () => {
    const applied = deployed();
    const decision = Permissions.of(applied).decide(ROLES.proxy, READ_SECRET, SECRETS.timestamps);
    const source = applied.find<{ name: string }>('aws_iam_role_policy', ({ name }) => name === 'read');
    expect(decision).toMatchObject({ outcome: 'allowed', policy: { name: 'read', source } });
  });
});

describe('Lambda’s request to assume a role', () => {
  const trust = (service: string, condition?: object): Change =>
    set('aws_iam_role', { assume_role_policy: trustPolicy(service, condition) });

  it.each([
    ['allowed', 'names Lambda', trust('lambda.amazonaws.com')],
    ['implicitly denied', 'names only RDS', trust('rds.amazonaws.com')],
    [
      'implicitly denied',
      'has a condition on aws:SourceAccount, which Lambda does not always send',
      trust('lambda.amazonaws.com', { StringEquals: { 'aws:SourceAccount': ACCOUNT } }),
    ],
  ])('is %s if the trust policy %s', (outcome, _policy, change) => {
    const decision = permissions(change).trusts(ROLES.functions, 'lambda.amazonaws.com');
    expect(decision.outcome).toBe(outcome);
  });
});

describe('the policies of VPC endpoints', () => {
  const policy = JSON.stringify({
    Statement: { Effect: 'Allow', Principal: '*', Action: READ_SECRET, Resource: SECRETS.timestamps },
  });

  it('come only from endpoints of the given VPC for the given service', () => {
    const withPolicy = permissions(set('aws_vpc_endpoint', { policy }));
    expect(withPolicy.endpointPolicies('vpc-1', 'secretsmanager')).toMatchObject([
      { kind: 'VPC endpoint', name: `com.amazonaws.${REGION}.secretsmanager` },
    ]);
    expect(withPolicy.endpointPolicies('vpc-2', 'secretsmanager')).toEqual([]);
    expect(withPolicy.endpointPolicies('vpc-1', 's3')).toEqual([]);
  });

  it('are an empty list for an endpoint without a policy of its own, because AWS then allows everything', () => {
    expect(permissions().endpointPolicies('vpc-1', 'secretsmanager')).toEqual([]);
  });

  it('deny a request that they do not allow, even if the policies of the role allow it', () => {
    const otherPolicy = policy.replace(READ_SECRET, 'secretsmanager:ListSecrets');
    const withPolicy = permissions(set('aws_vpc_endpoint', { policy: otherPolicy }));
    const endpoints = withPolicy.endpointPolicies('vpc-1', 'secretsmanager');
    expect(withPolicy.decide(ROLES.proxy, READ_SECRET, SECRETS.timestamps, {}, endpoints)).toEqual({
      outcome: 'implicitly denied',
      kind: 'VPC endpoint',
    });
  });
});
