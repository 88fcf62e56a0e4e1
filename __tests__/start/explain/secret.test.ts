import { Permissions } from '../../../local/decisions';
import { appliedOf, trustPolicy } from '../../../local/__tests__/support';
import type { ConditionInputs } from '../../../start/explain/condition-inputs';
import { secretFindings } from '../../../start/explain/secret';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:timestamps-AbCdEf';
const MASTER_SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1-AbCdEf';
const ROLE = 'arn:aws:iam::123456789012:role/func1';
const READ = 'secretsmanager:GetSecretValue';

const CLIENT = { name: 'the function func1', role: ROLE, vpc: { subnet_ids: ['subnet-1'] }, source: { id: 'func1' } };
const LOGIN = { client: CLIENT, secretArn: SECRET, user: { name: 'timestamps' } };

const policyToRead = (secret: string, further: object = {}): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Action: READ, Resource: secret, ...further }] });

/** What a test changes in the deployment and in the login of func1. */
interface Overrides {
  /** The secret that the policy of the role allows. */
  readonly allowed?: string;
  /** Further elements of the policy statement that allows this secret. */
  readonly further?: object;
  /** Policy of the VPC endpoint. */
  readonly endpoint?: string | null;
  readonly login?: object;
}

/** Returns the findings for a login of func1 by password. The network lets it reach Secrets Manager. */
function findings({ allowed = SECRET, further = {}, endpoint = null, login = {} }: Overrides = {}) {
  const applied = appliedOf({
    aws_secretsmanager_secret: [{ arn: SECRET }],
    aws_db_instance: [{ master_user_secret: [{ secret_arn: MASTER_SECRET }] }],
    aws_iam_role: [{ arn: ROLE, name: 'func1', assume_role_policy: trustPolicy('lambda.amazonaws.com') }],
    aws_iam_role_policy: [{ name: 'read', role: 'func1', policy: policyToRead(allowed, further) }],
    aws_subnet: [{ id: 'subnet-1', vpc_id: 'vpc-1' }],
    aws_vpc_endpoint: [
      { service_name: 'com.amazonaws.eu-central-1.secretsmanager', vpc_id: 'vpc-1', policy: endpoint },
    ],
  });
  return secretFindings({
    applied,
    permissions: Permissions.of(applied),
    network: { traceSecretsManager: () => [{ needs: 'a route', found: 'local', resources: [] }] },
    login: { ...LOGIN, ...login },
  } as unknown as ConditionInputs);
}

describe('the conditions of reading a secret', () => {
  it('are that it belongs to a user, that Secrets Manager is reachable, and that the role may read it', () => {
    const conditions = findings();
    expect(conditions.map(({ needs }) => needs)).toEqual([
      `the secret ${SECRET} belongs to a database user`,
      'a route',
      `the function func1 may read the secret ${SECRET}`,
    ]);
    expect(conditions.filter(({ fix }) => fix !== undefined)).toEqual([]);
  });

  it.each([
    ['logs in without a secret', { secretArn: undefined }],
    ['has no role, for example a person outside AWS', { client: { ...CLIENT, role: undefined } }],
  ])('do not apply to a client that %s', (_what, login) => {
    expect(findings({ login })).toEqual([]);
  });
});

describe('the condition that the secret belongs to a database user', () => {
  it('is unmet, with a fix, if the secret is not part of the deployment', () => {
    expect(findings({ login: { secretArn: 'arn:of:another', user: undefined } })[0]).toEqual({
      needs: 'the secret arn:of:another belongs to a database user',
      found: 'it is not a secret of this deployment',
      resources: [CLIENT.source, undefined],
      fix: 'Set DB_SECRET_ARN to the ARN of the secret of the user that the function logs in as.',
    });
  });

  it('is unmet if the secret belongs to no declared user', () => {
    expect(findings({ login: { user: undefined } })[0]).toMatchObject({ found: 'no declared database user has it' });
  });

  it('is met by the secret of the master user', () => {
    const [finding] = findings({ login: { secretArn: MASTER_SECRET, user: { name: 'admin' } } });
    expect(finding).toMatchObject({ found: "it belongs to 'admin'" });
    expect(finding).not.toHaveProperty('fix');
  });
});

describe('the fix for a secret that the role may not read', () => {
  it('suggests first a secret that the role may read, then a change of the role’s policy', () => {
    expect(findings({ allowed: MASTER_SECRET }).at(-1)).toMatchObject({
      needs: `the function func1 may read the secret ${SECRET}`,
      fix: `Set DB_SECRET_ARN to ${MASTER_SECRET}, which ${ROLE} may read; or else: Allow ${READ} on ${SECRET} in a policy of ${ROLE}.`,
    });
  });

  it('does not suggest a pattern as the secret', () => {
    const pattern = SECRET.replace(/secret:.*/, 'secret:other-*');
    expect(findings({ allowed: pattern }).at(-1)).toMatchObject({
      fix: `Allow ${READ} on ${SECRET} in a policy of ${ROLE}.`,
    });
  });

  it('does not suggest the current secret if the policy allows it only under a Condition that is not met', () => {
    const further = { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } };
    expect(findings({ further }).at(-1)).toMatchObject({ fix: `Allow ${READ} on ${SECRET} in a policy of ${ROLE}.` });
  });

  it('does not suggest another secret if the policy allows it only under a Condition that is not met', () => {
    const further = { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } };
    expect(findings({ allowed: MASTER_SECRET, further }).at(-1)).toMatchObject({
      found: `the policies of ${ROLE} allow ${READ} only on ${MASTER_SECRET} (under a condition)`,
      fix: `Allow ${READ} on ${SECRET} in a policy of ${ROLE}.`,
    });
  });
});

describe('the policy of the VPC endpoint', () => {
  const needs = 'the policy of the VPC endpoint of Secrets Manager allows the function func1 to read the secret';

  it('can name the role as its principal', () => {
    const finding = findings({ endpoint: policyToRead(SECRET, { Principal: { AWS: ROLE } }) }).at(-1);
    expect(finding).toMatchObject({ needs, found: expect.stringContaining(`allows ${READ}`) as string });
    expect(finding?.fix).toBeUndefined();
  });

  it('must allow access to the secret that func1 reads', () => {
    expect(findings({ endpoint: policyToRead(MASTER_SECRET, { Principal: '*' }) }).at(-1)).toMatchObject({
      needs,
      found: `no VPC endpoint policy allows ${READ}`,
      fix: `Allow ${READ} on ${SECRET} in the policy of the VPC endpoint.`,
    });
  });

  it('must not deny access to the secret; the fix is to remove the Deny, because another Allow would not help', () => {
    const deny = { Effect: 'Deny', Action: READ, Resource: SECRET, Principal: '*' };
    expect(findings({ endpoint: JSON.stringify({ Statement: [deny] }) }).at(-1)).toMatchObject({
      needs,
      fix: `Remove the Deny of ${READ}, or narrow it.`,
    });
  });

  it('is no condition for a function outside the VPC', () => {
    const outside = { client: { ...CLIENT, vpc: undefined } };
    const endpoint = policyToRead(MASTER_SECRET, { Principal: '*' });
    expect(findings({ login: outside, endpoint }).map((finding) => finding.needs)).not.toContain(needs);
  });
});
