import { Permissions } from '../../iam/permissions';
import { deployed, REGION, ROLES, SECRETS, set } from '../support/applied';
import { trustPolicy } from '../support/functions';
import { ACCOUNT } from '../support/http-state';

type Change = Parameters<typeof deployed>[0];

const READ = 'secretsmanager:GetSecretValue';
const permissions = (change?: Change) => Permissions.of(deployed(change));

describe('a role', () => {
  it('may do what its own policies allow, and nothing else', () => {
    expect(permissions().allows(ROLES.proxy, READ, SECRETS.timestamps)).toBe(true);
    expect(permissions().allows(ROLES.proxy, READ, SECRETS.master)).toBe(false);
    expect(permissions().allows(ROLES.functions, READ, SECRETS.timestamps)).toBe(false);
  });

  it('may do nothing if it is not applied', () => {
    expect(permissions().decide(`${ROLES.proxy}-2`, READ, SECRETS.timestamps).outcome).toBe('implicitly denied');
    expect(permissions().policiesOf(`${ROLES.proxy}-2`)).toEqual([]);
  });

  it('has policies that name their applied resource', () => {
    const applied = deployed();
    const decision = Permissions.of(applied).decide(ROLES.proxy, READ, SECRETS.timestamps);
    const read = applied.find<{ name: string }>('aws_iam_role_policy', ({ name }) => name === 'read');
    expect(decision).toMatchObject({ outcome: 'allowed', policy: { name: 'read', source: read } });
  });

  it('is rejected with a permissions boundary, which is not evaluated', () => {
    const bounded = set('aws_iam_role', { permissions_boundary: `arn:aws:iam::${ACCOUNT}:policy/most` });
    expect(() => permissions(bounded)).toThrow(/a boundary/);
  });
});

describe('a trust policy', () => {
  const trust = (service: string, condition?: object): Change =>
    set('aws_iam_role', { assume_role_policy: trustPolicy(service, condition) });
  const ofAccount = (account: string) => ({ StringEquals: { 'aws:SourceAccount': account } });

  it.each([
    ['lambda.amazonaws.com', undefined, 'allowed'],
    ['rds.amazonaws.com', undefined, 'implicitly denied'],
    ['lambda.amazonaws.com', ofAccount(ACCOUNT), 'allowed'],
    ['lambda.amazonaws.com', ofAccount('999999999999'), 'implicitly denied'],
  ])('for %s with the condition %j: Lambda is %s', (service, condition, outcome) => {
    expect(permissions(trust(service, condition)).trusts(ROLES.functions, 'lambda.amazonaws.com').outcome).toBe(
      outcome,
    );
  });

  it('with a condition on the account fails for services other than Lambda', () => {
    const change = trust('rds.amazonaws.com', ofAccount(ACCOUNT));
    expect(permissions(change).trusts(ROLES.proxy, 'rds.amazonaws.com').outcome).toBe('implicitly denied');
  });

  it('of a role that is not applied trusts no service', () => {
    expect(permissions().trusts(`${ROLES.proxy}-2`, 'rds.amazonaws.com')).toEqual({
      outcome: 'implicitly denied',
      kind: 'trust',
    });
  });
});

describe('the policies of VPC endpoints', () => {
  const policy = JSON.stringify({
    Statement: { Effect: 'Allow', Principal: '*', Action: READ, Resource: SECRETS.timestamps },
  });

  it('are those of the VPC and the service', () => {
    const own = permissions(set('aws_vpc_endpoint', { policy }));
    expect(own.endpointPolicies('vpc-1', 'secretsmanager')).toMatchObject([
      { kind: 'VPC endpoint', name: `com.amazonaws.${REGION}.secretsmanager` },
    ]);
    expect(own.endpointPolicies('vpc-2', 'secretsmanager')).toEqual([]);
    expect(own.endpointPolicies('vpc-1', 's3')).toEqual([]);
  });

  it('are absent if the endpoint has none: AWS then allows everything', () => {
    expect(permissions().endpointPolicies('vpc-1', 'secretsmanager')).toEqual([]);
  });

  it('must also allow what the role may do', () => {
    const own = permissions(set('aws_vpc_endpoint', { policy: policy.replace(READ, 'secretsmanager:ListSecrets') }));
    const endpoints = own.endpointPolicies('vpc-1', 'secretsmanager');
    expect(own.decide(ROLES.proxy, READ, SECRETS.timestamps, {}, endpoints)).toEqual({
      outcome: 'implicitly denied',
      kind: 'VPC endpoint',
    });
  });
});
