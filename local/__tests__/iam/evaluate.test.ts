import { evaluate, reasonOf, type AccessRequest, type ApplicablePolicies } from '../../iam/evaluate';
import { readPolicy, type PolicyKind } from '../../iam/policy';

const ROLE = 'arn:aws:iam::123456789012:role/reader';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:app/timestamps-AbCdEf';
const DB_USER = 'arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-0a1b/timestamps';
const READ_SECRET = 'secretsmanager:GetSecretValue';

const policy = (kind: PolicyKind, ...statements: object[]) =>
  readPolicy(kind, `of ${kind}`, JSON.stringify({ Version: '2012-10-17', Statement: statements }));

const statement = (Effect: 'Allow' | 'Deny', change: object = {}) => ({
  Sid: Effect,
  Effect,
  Action: READ_SECRET,
  Resource: SECRET,
  ...change,
});

const allow = statement('Allow');
const deny = statement('Deny');
const allowOtherAction = statement('Allow', { Resource: '*', Action: 'secretsmanager:ListSecrets' });

const request = (change: Partial<AccessRequest> = {}): AccessRequest => ({
  principal: ROLE,
  action: READ_SECRET,
  resource: SECRET,
  ...change,
});

/** A statement for any principal. */
const anyone = (change: object) => ({ ...change, Principal: '*' });

/** An identity policy that allows the request, and the policy of a VPC endpoint with only this statement. */
const throughEndpoint = (endpointStatement: object): ApplicablePolicies => ({
  identity: [policy('identity-based', allow)],
  endpoints: [policy('VPC endpoint', endpointStatement)],
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
describe('the decision about a request', () => {
  type Statements = Partial<Record<'identity' | 'resource' | 'endpoints', object[]>>;

  it.each<[what: string, statements: Statements, outcome: string]>([
    ['denies by default', {}, 'implicitly denied'],
    ['denies by default if no statement matches', { identity: [allowOtherAction] }, 'implicitly denied'],
    ['allows what an identity-based policy allows', { identity: [allow] }, 'allowed'],
    ['lets a Deny win over an Allow before it', { identity: [allow, deny] }, 'explicitly denied'],
    ['distinguishes a Deny from a missing Allow', { identity: [deny] }, 'explicitly denied'],
    ['allows what a resource-based policy alone allows', { resource: [anyone(allow)] }, 'allowed'],
    [
      'allows what the identity allows if the resource allows only another action',
      { identity: [allow], resource: [anyone(allowOtherAction)] },
      'allowed',
    ],
    [
      'lets a Deny of the resource win over an Allow of the identity',
      { identity: [allow], resource: [anyone(deny)] },
      'explicitly denied',
    ],
    ['denies what only an endpoint allows', { endpoints: [anyone(allow)] }, 'implicitly denied'],
    [
      'lets a Deny of an endpoint win',
      { identity: [allow], endpoints: [anyone(allow), anyone(deny)] },
      'explicitly denied',
    ],
  ])('%s', (_what, { identity, resource, endpoints }, outcome) => {
    const policies = {
      ...(identity && { identity: [policy('identity-based', ...identity)] }),
      ...(resource && { resource: [policy('resource-based', ...resource)] }),
      ...(endpoints && { endpoints: [policy('VPC endpoint', ...endpoints)] }),
    };
    expect(evaluate(request(), policies).outcome).toBe(outcome);
  });

  it('requires the Allow of each endpoint on the way', () => {
    const open = policy('VPC endpoint', anyone(allow));
    const closed = policy('VPC endpoint', anyone(allowOtherAction));
    const decide = (...endpoints: (typeof open)[]) =>
      evaluate(request(), { identity: [policy('identity-based', allow)], endpoints });
    expect(decide(open, open).outcome).toBe('allowed');
    expect(decide(open, closed)).toEqual({ outcome: 'implicitly denied', kind: 'VPC endpoint' });
  });

  it('names the deciding statement and its policy', () => {
    const identity = [policy('identity-based', allowOtherAction), policy('identity-based', allow, deny)];
    expect(evaluate(request(), { identity })).toMatchObject({
      outcome: 'explicitly denied',
      policy: identity[1],
      statement: { sid: 'Deny', resources: [SECRET] },
    });
  });

  it.each<[reason: string, policies: ApplicablePolicies]>([
    ['with an explicit deny in an identity-based policy', { identity: [policy('identity-based', deny)] }],
    [`because no identity-based policy allows the ${READ_SECRET} action`, {}],
    ['with an explicit deny in a VPC endpoint policy', throughEndpoint(anyone(deny))],
    [`because no VPC endpoint policy allows the ${READ_SECRET} action`, throughEndpoint(anyone(allowOtherAction))],
  ])('explains a denial in IAM’s words: %s', (reason, policies) => {
    const decision = evaluate(request(), policies);
    expect(decision.outcome !== 'allowed' && reasonOf(decision, READ_SECRET)).toBe(reason);
  });
});

describe('a statement', () => {
  const allows = (change: object, requestChange: Partial<AccessRequest> = {}): boolean =>
    evaluate(request(requestChange), { identity: [policy('identity-based', { ...allow, ...change })] }).outcome ===
    'allowed';

  it('applies to a request that matches one of its actions and one of its resources', () => {
    const change = {
      Action: ['rds-db:connect', 'secretsmanager:Get*'],
      Resource: [DB_USER, `${SECRET.slice(0, -6)}*`],
    };
    expect(allows(change)).toBe(true);
    expect(allows(change, { resource: ROLE })).toBe(false);
    expect(allows(change, { action: 'secretsmanager:ListSecrets' })).toBe(false);
  });

  it('may stand alone in its policy, without a list around it', () => {
    const single = readPolicy('identity-based', 'single', JSON.stringify({ Statement: allow }));
    expect(evaluate(request(), { identity: [single] }).outcome).toBe('allowed');
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html */
describe('a condition', () => {
  const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:rotation';
  const SOURCE = 'lambda:SourceFunctionArn';
  const holds = (Condition: object, context: Record<string, string>): boolean =>
    evaluate(request({ context }), { identity: [policy('identity-based', { ...allow, Condition })] }).outcome ===
    'allowed';
  const equals = (values: unknown) => ({ StringEquals: { 'aws:SourceVpc': values } });
  const like = (values: unknown) => ({ ArnLike: { [SOURCE]: values } });

  it.each<[what: string, condition: object, context: Record<string, string>, expected: boolean]>([
    ['holds if it is empty', {}, {}, true],
    ['holds for the same value', equals('vpc-1'), { 'aws:SourceVpc': 'vpc-1' }, true],
    ['does not hold for another value', equals('vpc-1'), { 'aws:SourceVpc': 'vpc-2' }, false],
    ['distinguishes upper and lower case in the value', equals('vpc-1'), { 'aws:SourceVpc': 'VPC-1' }, false],
    ['ignores upper and lower case in the key', equals('vpc-1'), { 'AWS:sourcevpc': 'vpc-1' }, true],
    ['does not hold if the request lacks the key', equals('vpc-1'), {}, false],
    ['holds for any of several values', equals(['vpc-1', 'vpc-2']), { 'aws:SourceVpc': 'vpc-2' }, true],
    ['has no wildcards in StringEquals', equals('vpc-*'), { 'aws:SourceVpc': 'vpc-1' }, false],
    ['holds if all keys of an operator match', { StringEquals: { a: '1', b: '2' } }, { a: '1', b: '2' }, true],
    [
      'does not hold if one key of an operator differs',
      { StringEquals: { a: '1', b: '2' } },
      { a: '1', b: '3' },
      false,
    ],
    [
      'does not hold if only one of two operators matches',
      { ...equals('vpc-1'), ...like(FUNCTION) },
      { 'aws:SourceVpc': 'vpc-1' },
      false,
    ],
    ['has wildcards in ArnLike', like('arn:aws:lambda:*:*:function:rot?tion'), { [SOURCE]: FUNCTION }, true],
  ])('%s', (_what, condition, context, expected) => {
    expect(holds(condition, context)).toBe(expected);
  });

  it('of a Deny statement must hold, or the statement does not apply', () => {
    const identity = [policy('identity-based', allow, { ...deny, Condition: equals('vpc-1') })];
    const decide = (context: Record<string, string>) => evaluate(request({ context }), { identity }).outcome;
    expect(decide({ 'aws:SourceVpc': 'vpc-1' })).toBe('explicitly denied');
    expect(decide({})).toBe('allowed');
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
describe('the element Principal', () => {
  const trusts = (Principal: unknown, principal: string): boolean => {
    const trust = policy('trust', { Effect: 'Allow', Action: 'sts:AssumeRole', Principal });
    return (
      evaluate({ principal, action: 'sts:AssumeRole', resource: ROLE }, { resource: [trust] }).outcome === 'allowed'
    );
  };

  it.each([
    [{ Service: 'lambda.amazonaws.com' }, 'lambda.amazonaws.com', true],
    [{ Service: ['rds.amazonaws.com', 'lambda.amazonaws.com'] }, 'lambda.amazonaws.com', true],
    [{ Service: 'rds.amazonaws.com' }, 'lambda.amazonaws.com', false],
    [{ AWS: ROLE }, ROLE, true],
    [{ AWS: ROLE }, `${ROLE}s`, false],
    ['*', ROLE, true],
    [{ AWS: '*' }, ROLE, true],
  ])('%j lets %s assume the role: %s', (principal, caller, expected) => {
    expect(trusts(principal, caller)).toBe(expected);
  });
});
