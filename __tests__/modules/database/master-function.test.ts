import { allFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);
const instance = stack.addressOf('aws_db_instance');

describe.each(['bootstrap', 'rotation'])('the function %s', (name) => {
  const lambda = stack.one('aws_lambda_function', `${name}_function`);

  it('logs in directly to the instance, over TLS, with the secret of the master user', () => {
    expect(lambda.environment.variables).toMatchObject({
      DB_HOST: `\${${instance}.address}`,
      DB_PORT: '3306',
      DB_CA_FILE: '/opt/certs/rds.pem',
      DB_SECRET_ARN: `\${${instance}.master_user_secret[0].secret_arn}`,
    });
  });

  it('is created without waiting for an invocation, a VPC endpoint or a security group rule', () => {
    expect(String(lambda.depends_on)).not.toMatch(
      /aws_lambda_invocation|aws_vpc_endpoint|security_group_(in|e)gress_rule/,
    );
  });
});
