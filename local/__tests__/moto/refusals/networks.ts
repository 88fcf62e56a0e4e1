import { idIn, type AwsClient, type Parameters } from '../../support/aws-client';
import {
  makeFunction,
  makeGroup,
  makeInstance,
  makeProxy,
  makeSubnetGroup,
  makeVpc,
  type Vpc,
  type Scenarios,
} from './resources';

/** Parameters of AuthorizeSecurityGroupIngress for the port of MySQL. @param more the allowed peers */
export const ingressRule = (GroupId: string, more: Parameters): Parameters => ({
  GroupId,
  'IpPermissions.1.IpProtocol': 'tcp',
  'IpPermissions.1.FromPort': '3306',
  'IpPermissions.1.ToPort': '3306',
  ...more,
});

const fromGroup = (GroupId: string): Parameters => ({ 'IpPermissions.1.Groups.1.GroupId': GroupId });

/** 61 CIDR blocks. Each becomes a rule, and a security group may have at most 60 rules. */
const blocksBeyondLimit: Parameters = Object.fromEntries(
  Array.from({ length: 61 }, (_, index) => [`IpPermissions.1.IpRanges.${index + 1}.CidrIp`, `198.51.100.${index}/32`]),
);

async function makeEndpoint(aws: AwsClient, { vpc, subnets, group }: Vpc): Promise<void> {
  await aws.ec2('CreateVpcEndpoint', {
    VpcId: vpc,
    ServiceName: 'com.amazonaws.eu-central-1.secretsmanager',
    VpcEndpointType: 'Interface',
    'SubnetId.1': subnets[0],
    'SecurityGroupId.1': group,
  });
}

async function runHost(aws: AwsClient, { subnets, group }: Vpc, more: Parameters = {}): Promise<void> {
  await aws.ec2('RunInstances', {
    ImageId: 'ami-12345678',
    MinCount: '1',
    MaxCount: '1',
    InstanceType: 't4g.micro',
    'NetworkInterface.1.DeviceIndex': '0',
    'NetworkInterface.1.SubnetId': subnets[0],
    'NetworkInterface.1.SecurityGroupId.1': group,
    ...more,
  });
}

/** Attaches a new internet gateway. @returns the parameters of DetachInternetGateway for this gateway */
async function attachGateway(aws: AwsClient, VpcId: string): Promise<Parameters> {
  const InternetGatewayId = idIn(await aws.ec2('CreateInternetGateway', {}), 'igw');
  await aws.ec2('AttachInternetGateway', { InternetGatewayId, VpcId });
  return { InternetGatewayId, VpcId };
}

/** Makes something that uses the first subnet of a VPC, the security group in {@link Vpc}, or both. */
type MakeIn = (aws: AwsClient, vpc: Vpc) => Promise<unknown>;

/** Makes a scenario that deletes a security group in use. */
const groupUsedBy = (makeIn: MakeIn) => async (aws: AwsClient) => {
  const vpc = await makeVpc(aws);
  await makeIn(aws, vpc);
  return aws.ec2('DeleteSecurityGroup', { GroupId: vpc.group });
};

/** Makes a scenario that deletes a subnet in use. */
const subnetUsedBy = (makeIn: MakeIn) => async (aws: AwsClient) => {
  const vpc = await makeVpc(aws);
  await makeIn(aws, vpc);
  return aws.ec2('DeleteSubnet', { SubnetId: vpc.subnets[0] });
};

const makeFunctionIn: MakeIn = (aws, { subnets, group }) =>
  makeFunction(aws, { VpcConfig: { SubnetIds: [subnets[0]], SecurityGroupIds: [group] } });
const makeProxyIn: MakeIn = (aws, { subnets, group }) =>
  makeProxy(aws, subnets[0], { 'VpcSecurityGroupIds.member.1': group });
const makeDatabaseIn: MakeIn = async (aws, { subnets, group }) =>
  makeInstance(aws, {
    DBSubnetGroupName: await makeSubnetGroup(aws, ...subnets),
    'VpcSecurityGroupIds.VpcSecurityGroupId.1': group,
  });

/** Makes a public database in a new VPC. @returns the parameters of DetachInternetGateway for its internet gateway */
async function makePublicDatabase(aws: AwsClient): Promise<Parameters> {
  const { vpc, subnets } = await makeVpc(aws);
  const gateway = await attachGateway(aws, vpc);
  const DBSubnetGroupName = await makeSubnetGroup(aws, ...subnets);
  await makeInstance(aws, { DBSubnetGroupName, PubliclyAccessible: 'true' });
  return gateway;
}

export const networks: Scenarios = {
  'ec2:CreateSecurityGroup, the VPC has a group with this name': async (aws) => {
    const group = { GroupName: 'twice', GroupDescription: 'a group', VpcId: (await makeVpc(aws)).vpc };
    await aws.ec2('CreateSecurityGroup', group);
    return aws.ec2('CreateSecurityGroup', group);
  },
  'ec2:AuthorizeSecurityGroupIngress, the group has the rule': async (aws) => {
    const { group } = await makeVpc(aws);
    const allowed = ingressRule(group, { 'IpPermissions.1.IpRanges.1.CidrIp': '198.51.100.0/24' });
    await aws.ec2('AuthorizeSecurityGroupIngress', allowed);
    return aws.ec2('AuthorizeSecurityGroupIngress', allowed);
  },
  'ec2:AuthorizeSecurityGroupIngress, the group would have more than 60 rules': async (aws) =>
    aws.ec2('AuthorizeSecurityGroupIngress', ingressRule((await makeVpc(aws)).group, blocksBeyondLimit)),
  'ec2:CreateSubnet, another subnet has the block': async (aws) =>
    aws.ec2('CreateSubnet', { VpcId: (await makeVpc(aws)).vpc, CidrBlock: '10.0.1.0/24' }),
  'ec2:CreateRoute, the table has a route to the block': async (aws) => {
    const { vpc } = await makeVpc(aws);
    const { InternetGatewayId: GatewayId = '' } = await attachGateway(aws, vpc);
    const RouteTableId = idIn(await aws.ec2('CreateRouteTable', { VpcId: vpc }), 'rtb');
    const route = { RouteTableId, GatewayId, DestinationCidrBlock: '0.0.0.0/0' };
    await aws.ec2('CreateRoute', route);
    return aws.ec2('CreateRoute', route);
  },
  'ec2:RunInstances, the user data has more than 16 KB': async (aws) =>
    runHost(aws, await makeVpc(aws), { UserData: Buffer.alloc(16_385, 'x').toString('base64') }),
  'ec2:DeleteSecurityGroup, a rule of another group names it': groupUsedBy(async (aws, { vpc, group }) =>
    aws.ec2('AuthorizeSecurityGroupIngress', ingressRule(await makeGroup(aws, vpc), fromGroup(group))),
  ),
  'ec2:DeleteSecurityGroup, an EC2 instance uses it': groupUsedBy(runHost),
  'ec2:DeleteSecurityGroup, a database uses it': groupUsedBy(makeDatabaseIn),
  'ec2:DeleteSecurityGroup, a proxy uses it': groupUsedBy(makeProxyIn),
  'ec2:DeleteSecurityGroup, a function uses it': groupUsedBy(makeFunctionIn),
  'ec2:DeleteSecurityGroup, an endpoint uses it': groupUsedBy(makeEndpoint),
  'ec2:DeleteSubnet, a proxy is in it': subnetUsedBy(makeProxyIn),
  'ec2:DeleteSubnet, a function is in it': subnetUsedBy(makeFunctionIn),
  'ec2:DeleteSubnet, an endpoint is in it': subnetUsedBy(makeEndpoint),
  'ec2:DeleteSubnet, an EC2 instance is in it': subnetUsedBy(runHost),
  'ec2:DeleteSubnet, a database is in it': subnetUsedBy(makeDatabaseIn),
  'ec2:DeleteRouteTable, a subnet uses it': async (aws) => {
    const { vpc, subnets } = await makeVpc(aws);
    const RouteTableId = idIn(await aws.ec2('CreateRouteTable', { VpcId: vpc }), 'rtb');
    await aws.ec2('AssociateRouteTable', { RouteTableId, SubnetId: subnets[0] });
    return aws.ec2('DeleteRouteTable', { RouteTableId });
  },
  'ec2:DetachInternetGateway, a host has a public address': async (aws) => {
    const vpc = await makeVpc(aws);
    const gateway = await attachGateway(aws, vpc.vpc);
    await runHost(aws, vpc, { 'NetworkInterface.1.AssociatePublicIpAddress': 'true' });
    return aws.ec2('DetachInternetGateway', gateway);
  },
  'ec2:DetachInternetGateway, a database has a public address': async (aws) =>
    aws.ec2('DetachInternetGateway', await makePublicDatabase(aws)),
  'ec2:DeleteInternetGateway, the gateway is attached': async (aws) => {
    const { InternetGatewayId = '' } = await attachGateway(aws, (await makeVpc(aws)).vpc);
    return aws.ec2('DeleteInternetGateway', { InternetGatewayId });
  },
  'ec2:DeleteVpc, the VPC has a subnet': async (aws) => aws.ec2('DeleteVpc', { VpcId: (await makeVpc(aws)).vpc }),
  'ec2:DeleteVpc, the VPC has a security group other than the default one': async (aws) => {
    const VpcId = idIn(await aws.ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' }), 'vpc');
    await makeGroup(aws, VpcId);
    return aws.ec2('DeleteVpc', { VpcId });
  },
  'ec2:DeleteVpc, the VPC has an internet gateway': async (aws) => {
    const VpcId = idIn(await aws.ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' }), 'vpc');
    await attachGateway(aws, VpcId);
    return aws.ec2('DeleteVpc', { VpcId });
  },
};
