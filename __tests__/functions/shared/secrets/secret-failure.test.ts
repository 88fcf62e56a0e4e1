import { secretFailure } from '../../../../functions/shared/secrets/secret-failure';

const request = { action: 'GetSecretValue', secret: 'arn:of:secret' };
const error = (fields: object): Error => Object.assign(new Error('of the AWS SDK'), fields);

describe('a failure of Secrets Manager', () => {
  it.each([
    ['no answer', { name: 'TimeoutError' }],
    ['no answer before the deadline of the call', { name: 'AbortError' }],
    ['a closed port', { code: 'ECONNREFUSED' }],
    ['a host name that DNS does not know', { code: 'ENOTFOUND' }],
  ])('is transient and lists what may block the connection: %s', (_what, fields) => {
    expect(secretFailure(error(fields), request)).toMatchObject({
      name: 'DatabaseUnavailable',
      message: 'Secrets Manager does not answer',
      checks: [expect.stringMatching(/^Secrets Manager is unreachable: .* must allow TCP 443 to the endpoint, /)],
      cause: fields,
    });
  });

  it.each([
    ['an internal error', { name: 'InternalServiceError', $fault: 'server' }],
    ['throttling', { name: 'ThrottlingException', $fault: 'client' }],
  ])('is transient and lists no checks: %s', (_what, fields) => {
    expect(secretFailure(error(fields), request)).toMatchObject({
      name: 'DatabaseUnavailable',
      message: 'Secrets Manager reported a temporary error',
      checks: [],
    });
  });

  it.each([
    [
      'a denial by IAM',
      { name: 'AccessDeniedException' },
      /^IAM does not allow the role of this function to use the secret arn:of:secret: the role needs secretsmanager:GetSecretValue on it/,
    ],
    [
      'a secret that does not exist',
      { name: 'ResourceNotFoundException' },
      /^the secret arn:of:secret does not exist or has no value yet: deploy again$/,
    ],
    [
      'a deleted secret',
      {
        name: 'InvalidRequestException',
        message: "You can't perform this operation on the secret because it was marked for deletion.",
      },
      /^the secret arn:of:secret is scheduled for deletion: restore it with aws secretsmanager restore-secret$/,
    ],
  ])('is a permanent refusal that names the remedy: %s', (_what, fields, check) => {
    expect(secretFailure(error(fields), request)).toMatchObject({
      name: 'LoginRefused',
      message: 'Secrets Manager refused GetSecretValue',
      checks: [expect.stringMatching(check)],
      cause: fields,
    });
  });

  it('is returned unchanged if its cause is unknown', () => {
    const unknown = error({ name: 'InvalidParameterException', $fault: 'client' });
    expect(secretFailure(unknown, request)).toBe(unknown);
    expect(secretFailure(undefined, request)).toBeUndefined();
  });
});
