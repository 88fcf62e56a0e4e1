import { ACCOUNT, resolveExpressions } from '../../support/iam';
import { allFeatures, production, noFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);

describe('the endpoint of Secrets Manager', () => {
  it('answers to the public DNS name of Secrets Manager inside the VPC', () => {
    expect(stack.one('aws_vpc_endpoint')).toMatchObject({
      service_name: 'com.amazonaws.eu-central-1.secretsmanager',
      vpc_endpoint_type: 'Interface',
      private_dns_enabled: true,
    });
  });

  it('is in every zone for a Multi-AZ database, otherwise only in the first', () => {
    const privateSubnetsOf = (synthesised: typeof stack): string[] =>
      Object.keys(synthesised.all('aws_subnet'))
        .filter((name) => name.includes('private'))
        .map((name) => `\${aws_subnet.${name}.id}`);
    const multiAz = synthesise(production);
    expect(multiAz.one('aws_vpc_endpoint').subnet_ids).toEqual(privateSubnetsOf(multiAz));
    expect(stack.one('aws_vpc_endpoint').subnet_ids).toEqual(privateSubnetsOf(stack).slice(0, 1));
  });

  it.each([
    ['with rotation', allFeatures],
    ['without passwords and rotation', noFeatures],
  ])('allows only the secrets of the environment and of master users, in an environment %s', (_what, environment) => {
    const policy = JSON.parse(resolveExpressions(synthesise(environment).one('aws_vpc_endpoint').policy as string)) as {
      Statement: { Action: string[]; Resource: string[] }[];
    };
    const statements = policy.Statement.map(({ Action, Resource }) => [
      Action.map((action) => action.replace('secretsmanager:', '')),
      Resource,
    ]);
    const secret = (name: string): string => `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:${name}`;
    expect(statements).toEqual([
      [
        ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'],
        [secret(`login-matrix-${environment.name}/*`)],
      ],
      [['GetSecretValue'], [secret('rds!db-*')]],
      // GetRandomPassword reads no secret, so IAM checks it against the resource `*`.
      [['GetRandomPassword'], ['*']],
    ]);
  });
});
