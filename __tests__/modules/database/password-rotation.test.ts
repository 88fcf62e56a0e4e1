import { allFeatures, noFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);

describe('the rotation of passwords', () => {
  const rotation = stack.one('aws_secretsmanager_secret_rotation', 'timestamps');
  const secret = `\${${stack.addressOf('aws_secretsmanager_secret', 'timestamps')}.arn}`;

  it('invokes the rotation function immediately, and then at the interval of the settings', () => {
    expect(rotation).toMatchObject({
      secret_id: secret,
      rotation_lambda_arn: `\${${stack.addressOf('aws_lambda_function', 'rotation')}.arn}`,
      rotation_rules: { automatically_after_days: 30 },
      rotate_immediately: true,
    });
  });

  it('depends on the users, the policies of the function, and the permission to invoke the function', () => {
    expect(rotation.depends_on).toEqual(
      expect.arrayContaining([
        stack.addressOf('aws_lambda_invocation', 'bootstrap'),
        stack.addressOf('aws_lambda_permission', 'timestamps-secret-invoked'),
        stack.addressOf('aws_iam_role_policy', 'rotation_function_role_ReadMasterSecret'),
        stack.addressOf('aws_iam_role_policy', 'rotation_function_role_GeneratePassword'),
        stack.addressOf('aws_iam_role_policy', 'rotation_function_role_RotateSecretOf-timestamps'),
      ]),
    );
  });

  it('lets Secrets Manager invoke the function for the rotated secret', () => {
    expect(stack.one('aws_lambda_permission', 'timestamps-secret-invoked')).toMatchObject({
      action: 'lambda:InvokeFunction',
      function_name: `\${${stack.addressOf('aws_lambda_function', 'rotation')}.function_name}`,
      principal: 'secretsmanager.amazonaws.com',
      source_arn: secret,
    });
  });

  it.each([
    ['by default', { ...allFeatures, database: { ...allFeatures.database, passwordRotation: undefined } }],
    [
      'if only the master user has a password',
      { ...noFeatures, database: { iamAuthentication: false, passwordRotation: { enabled: true, days: 1 } } },
    ],
  ] as const)('does not exist %s', (_when, environment) => {
    expect(synthesise(environment).addresses.filter((address) => address.includes('rotation'))).toEqual([]);
  });
});
