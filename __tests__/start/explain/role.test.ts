import type { Decision } from '../../../local/decisions';
import { appliedOf } from '../../../local/__tests__/support';
import { permissionFinding, roleFindings, describeDecision } from '../../../start/explain/role';
import type { ConditionInputs } from '../../../start/explain/condition-inputs';

const ROLE = 'arn:aws:iam::123456789012:role/items';
const ACTION = 'rds-db:connect';
const USER = 'arn:of:user';
const OTHER = 'arn:of:other';

const statement = { sid: 'Connect', effect: 'Allow', actions: [ACTION], resources: [USER], conditions: [] };
const policy = { kind: 'identity-based', name: 'items-connect', source: { id: 'policy' }, statements: [statement] };
const IMPLICIT = { outcome: 'implicitly denied', kind: 'identity-based' };

/** Returns inputs for a client, with this decision of IAM and these statements in the policy of the role. */
function inputsWith(decision: object, statements: object[] = [], client: object = {}): ConditionInputs {
  const permissions = {
    decide: () => decision,
    trusts: () => decision,
    policiesOf: () => [{ ...policy, statements }],
  };
  return { applied: appliedOf({}), permissions, login: { client } } as unknown as ConditionInputs;
}

const REQUEST = { role: ROLE, action: ACTION, resource: USER };
const finding = (decision: object, statements?: object[]) =>
  permissionFinding(inputsWith(decision, statements), 'items may log in', REQUEST);

describe('a permission', () => {
  it('that is allowed is shown with the allowing statement and the Terraform resource of the policy', () => {
    expect(finding({ outcome: 'allowed', policy, statement })).toEqual({
      needs: 'items may log in',
      found: `the identity-based policy items-connect, statement Connect, allows ${ACTION} on ${USER}`,
      resources: [policy.source],
    });
  });

  it('that is denied explicitly needs a change of the Deny', () => {
    expect(finding({ outcome: 'explicitly denied', policy, statement })).toMatchObject({
      found: `the identity-based policy items-connect, statement Connect, denies ${ACTION}`,
      fix: `Remove the Deny of ${ACTION}, or narrow it.`,
    });
  });

  it('that no statement allows needs an Allow', () => {
    expect(finding(IMPLICIT)).toMatchObject({
      found: `no policy of ${ROLE} allows ${ACTION}`,
      fix: `Allow ${ACTION} on ${USER} in a policy of ${ROLE}.`,
    });
  });

  it('that is allowed only on other ARNs is shown with these ARNs, and with a note if a condition applies', () => {
    const elsewhere = { ...statement, resources: [OTHER], conditions: [{}] };
    const denied = { ...elsewhere, effect: 'Deny', resources: ['arn:of:denied'] };
    expect(finding(IMPLICIT, [elsewhere, denied])).toMatchObject({
      found: `the policies of ${ROLE} allow ${ACTION} only on ${OTHER} (under a condition)`,
      resources: [policy.source],
    });
  });
});

describe('the role of a client', () => {
  const client = { kind: 'host', name: 'the host', role: ROLE };

  it('is not checked if the client is a person', () => {
    expect(roleFindings(inputsWith(IMPLICIT, [], { ...client, kind: 'person' }))).toEqual([]);
  });

  it('must trust EC2 if the client is a host', () => {
    expect(roleFindings(inputsWith({ ...IMPLICIT, kind: 'trust' }, [], client))).toMatchObject([
      {
        needs: 'the host has a role that ec2.amazonaws.com may assume',
        found: 'no trust policy allows sts:AssumeRole',
        fix: `Allow sts:AssumeRole for the service ec2.amazonaws.com in the trust policy of ${ROLE}.`,
      },
    ]);
  });

  it('with a Deny in its trust policy needs a change of the Deny, because no Allow overrides it', () => {
    const trust = { ...policy, kind: 'trust' };
    expect(
      roleFindings(inputsWith({ outcome: 'explicitly denied', policy: trust, statement }, [], client)),
    ).toMatchObject([{ fix: 'Remove the Deny of sts:AssumeRole, or narrow it.' }]);
  });
});

it('a statement without a Sid is named by its policy', () => {
  const decision = { outcome: 'allowed', policy, statement: { ...statement, sid: undefined } } as unknown as Decision;
  expect(describeDecision(decision, ACTION)).toBe(`the identity-based policy items-connect allows ${ACTION}`);
});
