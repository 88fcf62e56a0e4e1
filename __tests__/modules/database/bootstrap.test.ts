import { allUsers, databaseUsers } from '../../../modules/database/users';
import { parseSettings } from '../../../modules/settings/settings';
import { allFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);
const users = allUsers(databaseUsers(parseSettings(allFeatures)));

describe('the bootstrap', () => {
  const invocation = stack.one('aws_lambda_invocation', 'bootstrap');

  it('gets the users with the ARNs of their secrets', () => {
    const secretArn = expect.stringMatching(/^\$\{aws_secretsmanager_secret\..*\.arn\}$/) as string;
    expect(JSON.parse(invocation.input as string)).toMatchObject({
      database: 'app',
      users: users.map((user) => ({ ...user, ...(user.login === 'password' && { secretArn }) })),
    });
    expect(users).toEqual(
      expect.arrayContaining(
        ['timestamps', 'items', 'analyst'].map((name) => expect.objectContaining({ name }) as object),
      ),
    );
  });

  it('runs again if its code, the instance or a password changes', () => {
    expect(Object.keys(invocation.triggers as object)).toEqual(['code', 'instance', 'passwords']);
  });

  it('runs again when Terraform writes a new version of a secret, because the version has a new password', () => {
    const versions = Object.keys(stack.all('aws_secretsmanager_secret_version'));
    expect(versions).toHaveLength(users.filter(({ login }) => login === 'password').length);
    const { passwords } = invocation.triggers as { passwords: string };
    expect(passwords.split(' ').sort()).toEqual(
      versions.map((name) => `\${aws_secretsmanager_secret_version.${name}.version_id}`).sort(),
    );
  });

  it('gets no secret of a user that logs in by IAM', () => {
    const { users: usersInInput } = JSON.parse(invocation.input as string) as { users: Record<string, unknown>[] };
    const byIam = usersInInput.filter(({ login }) => login === 'iam');
    expect(byIam).not.toEqual([]);
    for (const user of byIam) expect(user).not.toHaveProperty('secretArn');
  });

  it('runs after its permissions, its secrets, its security group rules and the VPC endpoint exist', () => {
    expect(invocation.depends_on).toEqual(
      expect.arrayContaining([
        stack.addressOf('aws_iam_role_policy', 'bootstrap_function_role_ReadMasterSecret'),
        stack.addressOf('aws_iam_role_policy', 'bootstrap_function_role_ReadSecretOf-timestamps'),
        stack.addressOf('aws_secretsmanager_secret_version', 'timestamps'),
        stack.addressOf('aws_secretsmanager_secret_version', 'matrix'),
        stack.addressOf('aws_vpc_endpoint'),
        stack.addressOf('aws_vpc_security_group_egress_rule', 'bootstrap-to-database'),
        stack.addressOf('aws_vpc_security_group_ingress_rule', 'database-from-bootstrap'),
      ]),
    );
  });
});
