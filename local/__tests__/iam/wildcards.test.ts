import { isArnLike, matchesAction, matchesResource } from '../../iam/wildcards';

const DB_USER = 'arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-0a1b/timestamps';
const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:rotation';

describe('the pattern of an action', () => {
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
  ])('%s matches secretsmanager:GetSecretValue: %s', (pattern, expected) => {
    expect(matchesAction('secretsmanager:GetSecretValue', pattern)).toBe(expected);
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
describe('the pattern of a resource', () => {
  it.each([
    ['*', true],
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-0a1b/timestamps', true],
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-????/timestamps', true],
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-???/timestamps', false],
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-*s', true],
    ['arn:aws:rds-db:*:123456789012:dbuser:prx-0a1b/*', true],
    ['arn:aws:rds-db:??-central-1:*:dbuser:*', true],
    // A `*` at the end of a segment also matches colons; any other wildcard does not.
    ['arn:aws:rds-db:*', true],
    ['arn:aws:rds-db:eu*:dbuser:prx-0a1b/timestamps', true],
    ['arn:aws:rds-db:e*012:dbuser:prx-0a1b/timestamps', false],
    ['arn:aws:rds-db:eu-central-1?123456789012:dbuser:prx-0a1b/timestamps', false],
    // Case counts, and a pattern must match the whole ARN.
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-0a1b/Timestamps', false],
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-0a1b/time', false],
    // Special characters of regular expressions are literal.
    ['arn:aws:rds-db:eu-central-1:123456789012:dbuser:prx-0a1b/t.mestamps', false],
  ])('%s matches the ARN of a database user: %s', (pattern, expected) => {
    expect(matchesResource(DB_USER, pattern)).toBe(expected);
  });
});

describe('an ArnLike condition', () => {
  it.each([
    ['compares each of the six parts of an ARN separately', FUNCTION, 'arn:aws:lambda:eu*:function:rotation', false],
    ['compares all that follows the fifth colon as one part', FUNCTION, 'arn:aws:lambda:*:*:*', true],
    ['does not match a value that is not an ARN', 'rotation', 'arn:aws:lambda:*:*:*', false],
  ])('%s', (_what, value, pattern, expected) => {
    expect(isArnLike(value, pattern)).toBe(expected);
  });
});
