import { UserSecret } from '../../../modules/secrets/user-secret';
import { synthesiseAlone } from '../../support/synthesised-stack';

const stack = synthesiseAlone((scope) => {
  for (const user of ['timestamps', 'matrix']) {
    new UserSecret(scope, `${user}-secret`, { name: `login-matrix-test/database/${user}`, user });
  }
});

describe('the secret of a user', () => {
  it('gets a value that Terraform generates and never stores', () => {
    expect(stack.json['ephemeral']).toEqual({
      aws_secretsmanager_random_password: {
        'timestamps-secret': { password_length: 32, exclude_punctuation: true },
        'matrix-secret': { password_length: 32, exclude_punctuation: true },
      },
    });
    const version = stack.one('aws_secretsmanager_secret_version', 'timestamps');
    expect(version).toMatchObject({
      secret_string_wo_version: 1,
      secret_string_wo:
        '${jsonencode({ username = "timestamps", password = ephemeral.aws_secretsmanager_random_password.timestamps-secret.random_password })}',
    });
    expect(version).not.toHaveProperty('secret_string');
  });

  // Rotations leave the label FIRST on the version that Terraform wrote. Without a label, Secrets Manager may delete that version,
  // and Terraform would write a new one.
  it('is written by Terraform only once, even after rotations', () => {
    expect(stack.one('aws_secretsmanager_secret_version', 'timestamps')).toMatchObject({
      version_stages: ['AWSCURRENT', 'FIRST'],
      lifecycle: { ignore_changes: ['version_stages'] },
    });
  });

  it('releases its name immediately when it is deleted', () => {
    expect(stack.one('aws_secretsmanager_secret', 'timestamps')).toMatchObject({
      name: 'login-matrix-test/database/timestamps',
      recovery_window_in_days: 0,
    });
  });
});
