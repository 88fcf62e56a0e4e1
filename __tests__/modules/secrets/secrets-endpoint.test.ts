import { ACCOUNT, evaluate } from '../../support/iam';
import { everything, guarded, nothing, synthesise } from '../../support/stack';

const stack = synthesise(everything);

describe('the endpoint of Secrets Manager', () => {
  it('has the name of the service in the VPC', () => {
    const endpoint = stack.one('aws_vpc_endpoint');
    expect(endpoint).toMatchObject({
      service_name: 'com.amazonaws.eu-central-1.secretsmanager',
      vpc_endpoint_type: 'Interface',
      private_dns_enabled: true,
    });
  });

  it('is in every zone for a Multi-AZ database, otherwise in the first', () => {
    const subnetIds = (of: typeof stack): unknown => of.one('aws_vpc_endpoint').subnet_ids;
    const privateSubnets = (of: typeof stack): string[] =>
      Object.keys(of.all('aws_subnet'))
        .filter((name) => name.includes('private'))
        .map((name) => `\${aws_subnet.${name}.id}`);
    const [kept, single] = [synthesise(guarded), stack];
    expect(subnetIds(kept)).toEqual(privateSubnets(kept));
    expect(subnetIds(single)).toEqual(privateSubnets(single).slice(0, 1));
  });

  it('allows writing rotated secrets and reading the deployment’s others, but no secret of another account', () => {
    const statements = (of: typeof stack): unknown[] =>
      (
        JSON.parse(evaluate(of.one('aws_vpc_endpoint').policy as string)) as {
          Statement: { Action: string[]; Resource: string[] }[];
        }
      ).Statement.map(({ Action, Resource }) => [
        Action.map((action) => action.replace('secretsmanager:', '')),
        Resource,
      ]);
    const secrets = (...names: string[]): string[] =>
      names.map((name) => `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:${name}`);
    expect(statements(stack)).toEqual([
      [['GetSecretValue'], secrets('login-matrix-test/*', 'rds!db-*')],
      [
        ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'],
        secrets('timestamps', 'matrix'),
      ],
      [['GetRandomPassword'], ['*']],
    ]);
    expect(statements(synthesise(nothing))).toEqual([
      [['GetSecretValue'], secrets(`login-matrix-${nothing.name}/*`, 'rds!db-*')],
    ]);
  });
});
