import { evaluate, reasonOf, type AccessRequest } from '../../../local/iam/evaluate';
import { readPolicy, type PolicyKind } from '../../../local/iam/policy';

const ROLE = 'arn:aws:iam::123456789012:role/reader';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:app/timestamps-AbCdEf';
const DB_USER = 'arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-0a1b/timestamps';
const READ = 'secretsmanager:GetSecretValue';

const policy = (kind: PolicyKind, ...statements: object[]) =>
  readPolicy(kind, `of ${kind}`, JSON.stringify({ Version: '2012-10-17', Statement: statements }));

const statement = (Effect: 'Allow' | 'Deny', change: object = {}) => ({
  Sid: Effect,
  Effect,
  Action: READ,
  Resource: SECRET,
  ...change,
});

const anyone = { Principal: '*' };
const allow = statement('Allow');
const deny = statement('Deny');
const other = statement('Allow', { Resource: '*', Action: 'secretsmanager:ListSecrets' });

const request = (change: Partial<AccessRequest> = {}): AccessRequest => ({
  principal: ROLE,
  action: READ,
  resource: SECRET,
  ...change,
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html */
describe('the decision', () => {
  type Case = [
    what: string,
    policies: Partial<Record<'identity' | 'resource' | 'endpoints', object[]>>,
    outcome: string,
  ];
  const cases: Case[] = [
    ['denies by default', {}, 'implicitly denied'],
    ['denies what no statement allows', { identity: [other] }, 'implicitly denied'],
    ['allows what an identity-based policy allows', { identity: [allow] }, 'allowed'],
    ['lets a Deny win over an Allow before it', { identity: [allow, deny] }, 'explicitly denied'],
    ['lets a Deny win over an Allow after it', { identity: [deny, allow] }, 'explicitly denied'],
    ['tells a Deny from a missing Allow', { identity: [deny] }, 'explicitly denied'],
    ['takes the Allow of a resource-based policy alone', { resource: [{ ...allow, ...anyone }] }, 'allowed'],
    [
      'takes the Allow of the identity where the resource has none',
      { identity: [allow], resource: [{ ...other, ...anyone }] },
      'allowed',
    ],
    [
      'lets a Deny of the resource win over an Allow of the identity',
      { identity: [allow], resource: [{ ...deny, ...anyone }] },
      'explicitly denied',
    ],
    [
      'needs the Allow of an endpoint, too',
      { identity: [allow], endpoints: [{ ...other, ...anyone }] },
      'implicitly denied',
    ],
    ['takes no Allow from an endpoint alone', { endpoints: [{ ...allow, ...anyone }] }, 'implicitly denied'],
    ['allows what identity and endpoint allow', { identity: [allow], endpoints: [{ ...allow, ...anyone }] }, 'allowed'],
    [
      'lets a Deny of an endpoint win',
      {
        identity: [allow],
        endpoints: [
          { ...allow, ...anyone },
          { ...deny, ...anyone },
        ],
      },
      'explicitly denied',
    ],
  ];

  it.each(cases)('%s', (_what, { identity, resource, endpoints }, outcome) => {
    const policies = {
      ...(identity && { identity: [policy('identity-based', ...identity)] }),
      ...(resource && { resource: [policy('resource-based', ...resource)] }),
      ...(endpoints && { endpoints: [policy('VPC endpoint', ...endpoints)] }),
    };
    expect(evaluate(request(), policies).outcome).toBe(outcome);
  });

  it('needs the Allow of each endpoint on the way', () => {
    const open = policy('VPC endpoint', { ...allow, ...anyone });
    const closed = policy('VPC endpoint', { ...other, ...anyone });
    const decide = (...endpoints: (typeof open)[]) =>
      evaluate(request(), { identity: [policy('identity-based', allow)], endpoints });
    expect(decide(open, open).outcome).toBe('allowed');
    expect(decide(open, closed)).toEqual({ outcome: 'implicitly denied', kind: 'VPC endpoint' });
  });

  it('names the statement that decided, and its policy', () => {
    const identity = [policy('identity-based', other), policy('identity-based', allow, deny)];
    expect(evaluate(request(), { identity })).toMatchObject({
      outcome: 'explicitly denied',
      policy: { kind: 'identity-based', name: 'of identity-based' },
      statement: { sid: 'Deny', resources: [SECRET] },
    });
  });

  it.each([
    ['identity-based', [deny], 'with an explicit deny in an identity-based policy'],
    ['identity-based', [], `because no identity-based policy allows the ${READ} action`],
    ['VPC endpoint', [{ ...deny, ...anyone }], 'with an explicit deny in a VPC endpoint policy'],
    ['VPC endpoint', [{ ...other, ...anyone }], `because no VPC endpoint policy allows the ${READ} action`],
  ] as const)('says of a refusal by %s what IAM says of it', (kind, statements, words) => {
    const own = statements.length > 0 ? [policy(kind, ...statements)] : [];
    const decision =
      kind === 'VPC endpoint'
        ? evaluate(request(), { identity: [policy('identity-based', allow)], endpoints: own })
        : evaluate(request(), { identity: own });
    if (decision.outcome === 'allowed') throw new Error('It was allowed');
    expect(reasonOf(decision, READ)).toBe(words);
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
describe('a statement', () => {
  const allows = (change: object, asked: Partial<AccessRequest> = {}): boolean =>
    evaluate(request(asked), { identity: [policy('identity-based', { ...allow, ...change })] }).outcome === 'allowed';

  it.each([
    ['*', true],
    ['secretsmanager:*', true],
    ['secretsmanager:Get*', true],
    ['secretsmanager:Get?ecretValue', true],
    ['secretsmanager:*Value', true],
    ['SecretsManager:getsecretvalue', true],
    ['secretsmanager:Get', false],
    ['secretsmanager:GetSecretValue?', false],
    ['rds:*', false],
  ])('with the action %s applies: %s', (Action, expected) => {
    expect(allows({ Action })).toBe(expected);
  });

  it.each([
    ['*', true],
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-0a1b/timestamps', true],
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:*/timestamps', true],
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-????/timestamps', true],
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-???/timestamps', false],
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-0a1b/time*', true],
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-*s', true],
    ['arn:aws:rds-db:*:123456789012:dbuser:prx-0a1b/*', true],
    ['arn:aws:rds-db:eu-*-1:123456789012:dbuser:prx-0a1b/timestamps', true],
    ['arn:aws:rds-db:??-central-1:*:dbuser:*', true],
    // A `*` at the end of a segment reaches beyond its colon; anywhere else it does not.
    ['arn:aws:rds-db:*', true],
    ['arn:aws:rds-db:eu*:dbuser:prx-0a1b/timestamps', true],
    ['arn:aws:rds-db:e*012:dbuser:prx-0a1b/timestamps', false],
    ['arn:aws:rds-db:eu-central-1?123456789012:dbuser:prx-0a1b/timestamps', false],
    // Case counts, and a pattern is the whole ARN.
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-0a1b/Timestamps', false],
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-0a1b/time', false],
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:db-ABC/timestamps', false],
    ['arn:aws-cn:rds-db:eu-central-1:123456789012:dbuser:prx-0a1b/timestamps', false],
    // What regular expressions would take for their own.
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-0a1b/t.mestamps', false],
  ])('with the resource %s applies: %s', (Resource, expected) => {
    expect(allows({ Action: 'rds-db:connect', Resource }, { action: 'rds-db:connect', resource: DB_USER })).toBe(
      expected,
    );
  });

  it('applies to one of several actions and resources', () => {
    const change = { Action: ['rds-db:connect', READ], Resource: [DB_USER, SECRET] };
    expect(allows(change)).toBe(true);
    expect(allows(change, { resource: `${SECRET}0` })).toBe(false);
  });

  it('is the only one where the policy has no list', () => {
    const single = readPolicy('identity-based', 'single', JSON.stringify({ Statement: allow }));
    expect(evaluate(request(), { identity: [single] }).outcome).toBe('allowed');
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html */
describe('a condition', () => {
  const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:rotation';
  const holds = (Condition: object, context: Record<string, string>): boolean =>
    evaluate(request({ context }), { identity: [policy('identity-based', { ...allow, Condition })] }).outcome ===
    'allowed';
  const equals = (values: unknown) => ({ StringEquals: { 'aws:SourceVpc': values } });
  const like = (values: unknown) => ({ ArnLike: { 'lambda:SourceFunctionArn': values } });

  type Case = [what: string, condition: object, context: Record<string, string>, expected: boolean];
  const cases: Case[] = [
    ['holds without a key', {}, {}, true],
    ['holds where the value is the one', equals('vpc-1'), { 'aws:SourceVpc': 'vpc-1' }, true],
    ['does not hold for another value', equals('vpc-1'), { 'aws:SourceVpc': 'vpc-2' }, false],
    ['does not hold for another case of the value', equals('vpc-1'), { 'aws:SourceVpc': 'VPC-1' }, false],
    ['ignores the case of the key', equals('vpc-1'), { 'AWS:sourcevpc': 'vpc-1' }, true],
    ['does not hold where the request has no such key', equals('vpc-1'), {}, false],
    ['takes any of several values', equals(['vpc-1', 'vpc-2']), { 'aws:SourceVpc': 'vpc-2' }, true],
    ['knows no wildcards in StringEquals', equals('vpc-*'), { 'aws:SourceVpc': 'vpc-1' }, false],
    ['compares all keys of an operator', { StringEquals: { a: '1', b: '2' } }, { a: '1', b: '2' }, true],
    ['needs all keys of an operator', { StringEquals: { a: '1', b: '2' } }, { a: '1', b: '3' }, false],
    ['needs all operators', { ...equals('vpc-1'), ...like(FUNCTION) }, { 'aws:SourceVpc': 'vpc-1' }, false],
    ['compares ARNs', like(FUNCTION), { 'lambda:SourceFunctionArn': FUNCTION }, true],
    [
      'knows wildcards in ArnLike',
      like('arn:aws:lambda:*:*:function:rot?tion'),
      { 'lambda:SourceFunctionArn': FUNCTION },
      true,
    ],
    [
      'compares each of the six parts of an ARN by itself',
      like('arn:aws:lambda:eu*:dbuser:x:function:rotation'),
      { 'lambda:SourceFunctionArn': FUNCTION },
      false,
    ],
    [
      'takes the rest of an ARN for one part',
      like('arn:aws:lambda:*:*:*'),
      { 'lambda:SourceFunctionArn': FUNCTION },
      true,
    ],
    [
      'does not hold for what is no ARN',
      like('arn:aws:lambda:*:*:*'),
      { 'lambda:SourceFunctionArn': 'rotation' },
      false,
    ],
  ];

  it.each(cases)('%s', (_what, condition, context, expected) => {
    expect(holds(condition, context)).toBe(expected);
  });

  it('applies a Deny only where its condition holds', () => {
    const identity = [policy('identity-based', allow, { ...deny, Condition: equals('vpc-1') })];
    const decide = (context: Record<string, string>) => evaluate(request({ context }), { identity }).outcome;
    expect(decide({ 'aws:SourceVpc': 'vpc-1' })).toBe('explicitly denied');
    expect(decide({})).toBe('allowed');
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
describe('a principal', () => {
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
  ])('%j lets %s take the role: %s', (principal, who, expected) => {
    expect(trusts(principal, who)).toBe(expected);
  });
});
