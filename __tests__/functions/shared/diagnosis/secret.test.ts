import { secretFailure } from '../../../../functions/shared/diagnosis/secret';

const question = { action: 'GetSecretValue', secret: 'arn:of:it' };
const error = (fields: object): Error => Object.assign(new Error('of the AWS SDK'), fields);

describe('a failure of Secrets Manager', () => {
  it.each([
    ['silence', { name: 'TimeoutError' }],
    ['a closed port', { code: 'ECONNREFUSED' }],
    ['a name that is not known', { code: 'ENOTFOUND' }],
  ])('tells to come back later, and what may be closed: %s', (_what, fields) => {
    expect(secretFailure(error(fields), question)).toMatchObject({
      name: 'DatabaseAway',
      message: 'Secrets Manager does not answer',
      checks: [expect.stringMatching(/^Secrets Manager is out of reach: .* must let port 443 out /)],
      cause: fields,
    });
  });

  it.each([
    ['it fails', { name: 'InternalServiceError', $fault: 'server' }],
    ['it is asked too often', { name: 'ThrottlingException', $fault: 'client' }],
  ])('tells only to come back later: %s', (_what, fields) => {
    const failure = secretFailure(error(fields), question);
    expect(failure).toMatchObject({ name: 'DatabaseAway', message: 'Secrets Manager does not answer', checks: [] });
  });

  it.each([
    [
      'that IAM knows of',
      { name: 'AccessDeniedException' },
      /^IAM does not let the role of this function use the secret arn:of:it: it needs secretsmanager:GetSecretValue on it/,
    ],
    [
      'of a secret that is gone',
      { name: 'ResourceNotFoundException' },
      /^the secret arn:of:it does not exist or has no/,
    ],
    [
      'of a secret that somebody deleted',
      {
        name: 'InvalidRequestException',
        message: "You can't perform this operation on the secret because it was marked for deletion.",
      },
      /^the secret arn:of:it is about to be deleted: aws secretsmanager restore-secret keeps it$/,
    ],
  ])('is a refusal that waiting does not change: one %s', (_what, fields, check) => {
    expect(secretFailure(error(fields), question)).toMatchObject({
      name: 'LoginRefused',
      message: 'Secrets Manager refused GetSecretValue',
      checks: [expect.stringMatching(check)],
      cause: fields,
    });
  });

  it('is left as it is where nothing is known of it', () => {
    const unknown = error({ name: 'InvalidParameterException', $fault: 'client' });
    expect(secretFailure(unknown, question)).toBe(unknown);
    expect(secretFailure(undefined, question)).toBeUndefined();
  });
});
