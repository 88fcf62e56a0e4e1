import { CreateFunctionCommand, type CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { idIn, type AwsClient, type Parameters } from '../../support/aws-client';
import { trustPolicy } from '../../support/functions';

/**
 * Scenarios, each ending with the request that AWS refuses. A key consists of `action` and `when` of a row in
 * `local/moto/refusals/table.json`, such as `rds:CreateDBProxy, the name exists`.
 */
export type Scenarios = Readonly<Record<string, (aws: AwsClient) => Promise<unknown>>>;

/** Ids of a VPC and of what is in it. */
export interface Vpc {
  readonly vpc: string;
  readonly subnets: readonly [string, string];
  /** A security group. */
  readonly group: string;
}

/** Makes a VPC with a security group and with two subnets in different zones. */
export async function makeVpc(aws: AwsClient): Promise<Vpc> {
  const vpc = idIn(await aws.ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' }), 'vpc');
  const subnet = async (CidrBlock: string, AvailabilityZone: string): Promise<string> =>
    idIn(await aws.ec2('CreateSubnet', { VpcId: vpc, CidrBlock, AvailabilityZone }), 'subnet');
  const subnets = [await subnet('10.0.1.0/24', 'eu-central-1a'), await subnet('10.0.2.0/24', 'eu-central-1b')] as const;
  return { vpc, subnets, group: await makeGroup(aws, vpc) };
}

/** Makes a security group. @returns its id */
export async function makeGroup(aws: AwsClient, VpcId: string): Promise<string> {
  return idIn(
    await aws.ec2('CreateSecurityGroup', { GroupName: aws.newName(), GroupDescription: 'a group', VpcId }),
    'sg',
  );
}

/** Makes a subnet group for databases. @returns its name */
export async function makeSubnetGroup(aws: AwsClient, ...subnets: readonly string[]): Promise<string> {
  const name = aws.newName();
  const ids = subnets.map((id, index): [string, string] => [`SubnetIds.SubnetIdentifier.${index + 1}`, id]);
  const group = { DBSubnetGroupName: name, DBSubnetGroupDescription: 'subnets', ...Object.fromEntries(ids) };
  await aws.rds('CreateDBSubnetGroup', group);
  return name;
}

/** Makes a database instance. @returns its identifier */
export async function makeInstance(aws: AwsClient, more: Parameters = {}): Promise<string> {
  const { DBInstanceIdentifier = aws.newName() } = more;
  await aws.rds('CreateDBInstance', {
    DBInstanceIdentifier,
    DBInstanceClass: 'db.t4g.micro',
    AllocatedStorage: '20',
    Engine: 'mysql',
    EngineVersion: '8.4.7',
    MasterUsername: 'admin',
    MasterUserPassword: 'a password',
    ...more,
  });
  return DBInstanceIdentifier;
}

/** Makes a proxy. @returns the parameters of CreateDBProxy */
export async function makeProxy(aws: AwsClient, subnet: string, more: Parameters = {}): Promise<Parameters> {
  const proxy = {
    DBProxyName: aws.newName(),
    EngineFamily: 'MYSQL',
    RoleArn: 'arn:aws:iam::123456789012:role/proxy',
    'VpcSubnetIds.member.1': subnet,
    'Auth.member.1.AuthScheme': 'SECRETS',
    ...more,
  };
  await aws.rds('CreateDBProxy', proxy);
  return proxy;
}

/** Makes a role that Lambda may assume. @returns its name */
export async function makeRole(aws: AwsClient): Promise<string> {
  const RoleName = aws.newName();
  await aws.iam('CreateRole', { RoleName, AssumeRolePolicyDocument: trustPolicy('lambda.amazonaws.com') });
  return RoleName;
}

/** Makes a stage of a REST API with one method. @returns its name, and the ids of its API and its deployment */
export async function makeStage(aws: AwsClient): Promise<{ api: string; deployment: string; stage: string }> {
  const { id: api, rootResourceId } = await aws.apiGateway('/restapis', 'POST', { name: aws.newName() });
  const method = `/restapis/${api}/resources/${rootResourceId}/methods/GET`;
  await aws.apiGateway(method, 'PUT', { authorizationType: 'NONE' });
  await aws.apiGateway(`${method}/integration`, 'PUT', { type: 'MOCK' });
  const { id: deployment } = await aws.apiGateway(`/restapis/${api}/deployments`, 'POST', {});
  const stage = aws.newName();
  await aws.apiGateway(`/restapis/${api}/stages`, 'POST', { stageName: stage, deploymentId: deployment });
  return { api, deployment, stage };
}

/** Makes a hosted zone of Route 53 for example.com. @returns its id */
export async function makeHostedZone(aws: AwsClient): Promise<string> {
  const namespace = 'https://route53.amazonaws.com/doc/2013-04-01/';
  const zone = `<CreateHostedZoneRequest xmlns="${namespace}"><Name>example.com</Name><CallerReference>one</CallerReference></CreateHostedZoneRequest>`;
  return /<Id>\/hostedzone\/(\w+)<\/Id>/.exec(await aws.route53('hostedzone', zone))?.[1] ?? '';
}

/** Makes a function. @returns its name */
export async function makeFunction(aws: AwsClient, more: Partial<CreateFunctionCommandInput> = {}): Promise<string> {
  const { FunctionName = aws.newName() } = more;
  await aws.lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: `arn:aws:iam::123456789012:role/${await makeRole(aws)}`,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipSync({ 'index.js': new Uint8Array() }) },
      ...more,
    }),
  );
  return FunctionName;
}
