import { PolicyNotEvaluated, readPolicy } from '../../iam/policy';

const STATEMENT = { Effect: 'Allow', Action: 'rds-db:connect', Resource: '*' };

/** Reads a policy with this statement. `elements` are added to the document, or replace its own. */
const read = (statement: object, elements: object = {}) =>
  readPolicy(
    'identity-based',
    'Connect',
    JSON.stringify({ Version: '2012-10-17', Statement: [statement], ...elements }),
  );

describe('a policy', () => {
  it.each([
    ['NotAction', { NotAction: 'iam:*' }, 'NotAction'],
    ['an Effect other than Allow and Deny', { Effect: 'allow' }, 'Statement.0.Effect'],
    ['an empty list of actions', { Action: [] }, 'Statement.0.Action'],
    ['an action without its service', { Action: 'connect' }, 'an action must be *, or have the form service:name'],
    ['a wildcard for the service of an action', { Action: 'rds*:connect' }, 'an action must be'],
    ['an unsupported operator', { Condition: { Bool: { a: 'true' } } }, 'Bool'],
    ['ForAnyValue', { Condition: { 'ForAnyValue:ArnLike': { a: 'b' } } }, 'ForAnyValue:ArnLike'],
    ['a variable in a resource', { Resource: 'arn:aws:s3:::b/${aws:username}' }, 'a policy variable'],
    ['a variable in a condition', { Condition: { StringEquals: { a: '${b}' } } }, 'a policy variable'],
    ['a value that is not a string', { Condition: { StringEquals: { a: true } } }, 'expected string'],
    ['ArnLike without an ARN', { Condition: { ArnLike: { a: '*' } } }, 'a value of ArnLike must be an ARN'],
    ['a resource that is not an ARN', { Resource: 'items' }, 'a resource must be *, or an ARN'],
    ['a wildcard for the service of a resource', { Resource: 'arn:aws:*:::x' }, 'a resource must be'],
    ['a wildcard in the type of a resource', { Resource: 'arn:aws:rds-db:r:1:db*:x' }, 'a resource must be'],
    ['a principal in an identity-based policy', { Principal: '*' }, 'Principal is not allowed'],
    ['a missing Resource in an identity-based policy', { Resource: undefined }, 'Resource is required'],
  ])('is rejected for %s', (_what, change, message) => {
    const statement = { ...STATEMENT, ...change };
    expect(() => read(statement)).toThrow(PolicyNotEvaluated);
    expect(() => read(statement)).toThrow(message);
  });

  it.each([
    ['an unknown version', { Version: '2020-01-01' }, 'Version'],
    ['an unknown element', { Statements: [] }, 'Statements'],
    ['an empty list of statements', { Statement: [] }, 'Statement'],
  ])('is rejected for %s', (_what, elements, message) => {
    expect(() => read(STATEMENT, elements)).toThrow(message);
  });

  it.each(['', 'null', '[]', '{', '"*"'])('is rejected if its document is %j', (json) => {
    const readDocument = () => readPolicy('identity-based', 'Connect', json);
    expect(readDocument).toThrow(PolicyNotEvaluated);
    expect(readDocument).toThrow('cannot be evaluated here: Invalid input: expected object');
  });

  it.each([
    ['an account', { AWS: '123456789012' }],
    ['the root of an account', { AWS: 'arn:aws:iam::123456789012:root' }],
    ['a federated user', { Federated: 'cognito-identity.amazonaws.com' }],
    ['a wildcard for a service', { Service: '*' }],
  ])('of a VPC endpoint is rejected if it names %s', (_what, Principal) => {
    const json = JSON.stringify({ Statement: [{ ...STATEMENT, Principal }] });
    expect(() => readPolicy('VPC endpoint', 'secretsmanager', json)).toThrow(PolicyNotEvaluated);
  });

  it('of a VPC endpoint is rejected if it names no principal', () => {
    const json = JSON.stringify({ Statement: [STATEMENT] });
    expect(() => readPolicy('VPC endpoint', 'secretsmanager', json)).toThrow('Principal is required');
  });

  it('is rejected with an error that gives its name, the problem and the supported elements', () => {
    expect(() => read({ ...STATEMENT, NotAction: '*' })).toThrow(
      'The identity-based policy Connect cannot be evaluated here: Statement.0: Unrecognized key: "NotAction". Supported: ' +
        'Effect, Principal (*, ARNs of roles, names of services), Action, Resource, and Condition with StringEquals and ArnLike, without policy variables.',
    );
  });
});
