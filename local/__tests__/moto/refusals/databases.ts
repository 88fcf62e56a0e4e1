import { startMotoOnPort } from '../../support/moto-on-port';
import { AwsClient, type Parameters } from '../../support/aws-client';
import { makeInstance, makeProxy, makeSubnetGroup, makeVpc, type Scenarios } from './resources';

async function makeParameterGroup(aws: AwsClient): Promise<Parameters> {
  const family = { DBParameterGroupFamily: 'mysql8.4', Description: 'parameters' };
  const group = { DBParameterGroupName: aws.newName(), ...family };
  await aws.rds('CreateDBParameterGroup', group);
  return group;
}

/** Refusals of RDS. Each scenario ends with a refused request. Each key names a row of `local/moto/refusals/table.json`. */
export const databases: Scenarios = {
  'rds:CreateDBInstance, the identifier exists': async (aws) =>
    makeInstance(aws, { DBInstanceIdentifier: await makeInstance(aws) }),
  'rds:CreateDBProxy, the name exists': async (aws) => {
    const { subnets } = await makeVpc(aws);
    return aws.rds('CreateDBProxy', await makeProxy(aws, subnets[0]));
  },
  'rds:CreateDBProxy, the account never had an instance': async () => {
    const moto = await startMotoOnPort();
    try {
      const aws = new AwsClient(moto.url);
      const { subnets } = await makeVpc(aws);
      // A subnet group does not count as an instance.
      await makeSubnetGroup(aws, ...subnets);
      await makeProxy(aws, subnets[0]);
    } finally {
      await moto.stop();
    }
  },
  'rds:CreateDBProxy, the account has 20 proxies': async (aws) => {
    const { subnets } = await makeVpc(aws);
    const proxies: Parameters[] = [];
    try {
      while (proxies.length <= 20) proxies.push(await makeProxy(aws, subnets[0]));
    } finally {
      for (const { DBProxyName = '' } of proxies) await aws.rds('DeleteDBProxy', { DBProxyName });
    }
  },
  'rds:CreateDBParameterGroup, the name exists': async (aws) =>
    aws.rds('CreateDBParameterGroup', await makeParameterGroup(aws)),
  'rds:CreateDBSubnetGroup, the name exists': async (aws) => {
    const { subnets } = await makeVpc(aws);
    const DBSubnetGroupName = await makeSubnetGroup(aws, subnets[0]);
    const secondGroup = { DBSubnetGroupDescription: 'subnets', 'SubnetIds.SubnetIdentifier.1': subnets[1] };
    return aws.rds('CreateDBSubnetGroup', { DBSubnetGroupName, ...secondGroup });
  },
  'rds:CreateDBSubnetGroup, the subnets are in two VPCs': async (aws) => {
    const [vpc, otherVpc] = [await makeVpc(aws), await makeVpc(aws)];
    return makeSubnetGroup(aws, vpc.subnets[0], otherVpc.subnets[0]);
  },
  'rds:ModifyDBSubnetGroup, the subnets are in another VPC': async (aws) => {
    const [vpc, otherVpc] = [await makeVpc(aws), await makeVpc(aws)];
    const DBSubnetGroupName = await makeSubnetGroup(aws, vpc.subnets[0]);
    return aws.rds('ModifyDBSubnetGroup', { DBSubnetGroupName, 'SubnetIds.SubnetIdentifier.1': otherVpc.subnets[0] });
  },
  'rds:DeleteDBSubnetGroup, an instance uses it': async (aws) => {
    const DBSubnetGroupName = await makeSubnetGroup(aws, ...(await makeVpc(aws)).subnets);
    await makeInstance(aws, { DBSubnetGroupName });
    return aws.rds('DeleteDBSubnetGroup', { DBSubnetGroupName });
  },
  'rds:DeleteDBParameterGroup, an instance uses it': async (aws) => {
    const { DBParameterGroupName = '' } = await makeParameterGroup(aws);
    await makeInstance(aws, { DBParameterGroupName });
    return aws.rds('DeleteDBParameterGroup', { DBParameterGroupName });
  },
  'rds:RegisterDBProxyTargets, RDS optimizes the storage of the instance': async (aws) => {
    const DBInstanceIdentifier = await makeInstance(aws);
    const { DBProxyName = '' } = await makeProxy(aws, (await makeVpc(aws)).subnets[0]);
    await aws.rds('ModifyDBInstance', { DBInstanceIdentifier, ApplyImmediately: 'true', AllocatedStorage: '22' });
    const targets = { DBProxyName, 'DBInstanceIdentifiers.member.1': DBInstanceIdentifier };
    return aws.rds('RegisterDBProxyTargets', targets);
  },
  // `makeInstance` allocates 20 GiB.
  'rds:ModifyDBInstance, the new storage is smaller': async (aws) =>
    aws.rds('ModifyDBInstance', { DBInstanceIdentifier: await makeInstance(aws), AllocatedStorage: '10' }),
  'rds:ModifyDBInstance, the storage grows by less than a tenth': async (aws) =>
    aws.rds('ModifyDBInstance', { DBInstanceIdentifier: await makeInstance(aws), AllocatedStorage: '21' }),
  'rds:ModifyDBInstance, the storage changed less than six hours ago': async (aws) => {
    const instance = { DBInstanceIdentifier: await makeInstance(aws), ApplyImmediately: 'true' };
    await aws.rds('ModifyDBInstance', { ...instance, AllocatedStorage: '22' });
    return aws.rds('ModifyDBInstance', { ...instance, AllocatedStorage: '40' });
  },
  'rds:CreateDBInstance, the IOPS do not fit the size of gp3 storage': async (aws) =>
    makeInstance(aws, { StorageType: 'gp3', AllocatedStorage: '399', Iops: '3000' }),
  'rds:ModifyDBInstance, the IOPS do not fit the size of gp3 storage': async (aws) => {
    const DBInstanceIdentifier = await makeInstance(aws, { StorageType: 'gp3' });
    return aws.rds('ModifyDBInstance', { DBInstanceIdentifier, AllocatedStorage: '400', Iops: '3000' });
  },
  'rds:ModifyDBInstance, the version is older': async (aws) =>
    aws.rds('ModifyDBInstance', { DBInstanceIdentifier: await makeInstance(aws), EngineVersion: '8.4.6' }),
  'rds:DeleteDBInstance, the instance is protected': async (aws) => {
    const DBInstanceIdentifier = await makeInstance(aws, { DeletionProtection: 'true' });
    return aws.rds('DeleteDBInstance', { DBInstanceIdentifier, SkipFinalSnapshot: 'true' });
  },
  'rds:DeleteDBInstance, the final snapshot exists': async (aws) => {
    const DBInstanceIdentifier = await makeInstance(aws);
    await aws.rds('CreateDBSnapshot', { DBInstanceIdentifier, DBSnapshotIdentifier: 'final' });
    const final = { SkipFinalSnapshot: 'false', FinalDBSnapshotIdentifier: 'final' };
    return aws.rds('DeleteDBInstance', { DBInstanceIdentifier, ...final });
  },
};
