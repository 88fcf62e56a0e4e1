import { CreateFunctionCommand, type CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { idIn, type Aws, type Parameters } from '../aws';

export interface Vpc {
  readonly vpc: string;
  readonly subnets: readonly [string, string];
  readonly group: string;
}

/** A VPC with two subnets and a security group. */
export async function makeVpc(aws: Aws): Promise<Vpc> {
  const vpc = idIn(await aws.ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' }), 'vpc');
  const subnet = async (CidrBlock: string, AvailabilityZone: string): Promise<string> =>
    idIn(await aws.ec2('CreateSubnet', { VpcId: vpc, CidrBlock, AvailabilityZone }), 'subnet');
  const subnets = [await subnet('10.0.1.0/24', 'eu-central-1a'), await subnet('10.0.2.0/24', 'eu-central-1b')] as const;
  return { vpc, subnets, group: await makeGroup(aws, vpc) };
}

/** @returns id of a security group */
export async function makeGroup(aws: Aws, VpcId: string): Promise<string> {
  return idIn(
    await aws.ec2('CreateSecurityGroup', { GroupName: aws.name(), GroupDescription: 'a group', VpcId }),
    'sg',
  );
}

export async function makeSubnetGroup(aws: Aws, ...subnets: readonly string[]): Promise<string> {
  const name = aws.name();
  const ids = subnets.map((id, index): [string, string] => [`SubnetIds.SubnetIdentifier.${index + 1}`, id]);
  const group = { DBSubnetGroupName: name, DBSubnetGroupDescription: 'subnets', ...Object.fromEntries(ids) };
  await aws.rds('CreateDBSubnetGroup', group);
  return name;
}

/** @returns its identifier */
export async function makeInstance(aws: Aws, more: Parameters = {}): Promise<string> {
  const name = aws.name();
  await aws.rds('CreateDBInstance', {
    DBInstanceIdentifier: name,
    DBInstanceClass: 'db.t4g.micro',
    AllocatedStorage: '20',
    Engine: 'mysql',
    EngineVersion: '8.4.7',
    MasterUsername: 'admin',
    MasterUserPassword: 'a password',
    ...more,
  });
  return name;
}

export async function makeProxy(aws: Aws, subnet: string, more: Parameters = {}): Promise<Parameters> {
  const proxy = {
    DBProxyName: aws.name(),
    EngineFamily: 'MYSQL',
    RoleArn: 'arn:aws:iam::123456789012:role/proxy',
    'VpcSubnetIds.member.1': subnet,
    'Auth.member.1.AuthScheme': 'SECRETS',
    ...more,
  };
  await aws.rds('CreateDBProxy', proxy);
  return proxy;
}

/** @returns its name */
export async function makeRole(aws: Aws): Promise<string> {
  const RoleName = aws.name();
  const Statement = [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await aws.iam('CreateRole', { RoleName, AssumeRolePolicyDocument });
  return RoleName;
}

/** @returns its name */
export async function makeFunction(aws: Aws, more: Partial<CreateFunctionCommandInput> = {}): Promise<string> {
  const FunctionName = aws.name();
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
