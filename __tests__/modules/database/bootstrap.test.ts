import { everything, synthesise } from '../../support/stack';

const stack = synthesise(everything);

describe('the bootstrap', () => {
  const invocation = stack.one('aws_lambda_invocation', 'bootstrap');

  it('gets the users and the ARNs of their secrets, and runs again when these, its code or the instance change', () => {
    const input = (invocation.input as string).replace(/\$\{(.*?)\}/g, '$1');
    expect(JSON.parse(input)).toMatchObject({
      database: 'app',
      users: [
        { name: 'timestamps', secretArn: expect.stringMatching(/^aws_secretsmanager_secret\..*\.arn$/) as string },
        { name: 'items' },
        { name: 'users_reader' },
        {
          name: 'matrix_password',
          grants: [],
          secretArn: expect.stringMatching(/^aws_secretsmanager_secret\..*\.arn$/) as string,
        },
        { name: 'matrix_iam', grants: [] },
        { name: 'analyst' },
      ],
    });
    expect(Object.keys(invocation.triggers as object)).toEqual(['code', 'instance']);
  });

  it('runs after its permissions, its secrets, the endpoint and all security group rules exist', () => {
    const waitsFor = invocation.depends_on as string[];
    expect(waitsFor).toEqual(
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
