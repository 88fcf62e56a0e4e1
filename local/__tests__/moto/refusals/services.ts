import type { AwsClient } from '../../support/aws-client';
import { trustPolicy } from '../../support/functions';
import { makeRole, makeStage, type Scenarios } from './resources';

const MANAGED_POLICY = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';

/** Makes a policy document. @param characters its length */
const policyOfLength = (characters: number): string => {
  const policy = (Resource: string): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource }] });
  const beginning = 'arn:aws:s3:::';
  return policy(beginning + 'x'.repeat(characters - policy(beginning).length));
};

async function makeProfile(aws: AwsClient): Promise<{ InstanceProfileName: string; RoleName: string }> {
  const profile = { InstanceProfileName: aws.newName(), RoleName: await makeRole(aws) };
  await aws.iam('CreateInstanceProfile', { InstanceProfileName: profile.InstanceProfileName });
  await aws.iam('AddRoleToInstanceProfile', profile);
  return profile;
}

/** Scenarios by their row in `local/moto/refusals/table.json`. Each scenario ends with the request that AWS refuses. */
export const services: Scenarios = {
  'secretsmanager:CreateSecret, the name exists': async (aws) => {
    const secret = {
      Name: aws.newName(),
      SecretString: 'a',
      ClientRequestToken: '00000000-0000-0000-0000-000000000001',
    };
    await aws.json('secretsmanager', 'CreateSecret', secret);
    // With the same token, this request would be a retry of the first and succeed.
    const secondSecret = { ...secret, ClientRequestToken: '00000000-0000-0000-0000-000000000002' };
    return aws.json('secretsmanager', 'CreateSecret', secondSecret);
  },
  'secretsmanager:CreateSecret, a deleted secret still has the name': async (aws) => {
    const Name = aws.newName();
    await aws.json('secretsmanager', 'CreateSecret', { Name, SecretString: 'a' });
    await aws.json('secretsmanager', 'DeleteSecret', { SecretId: Name, RecoveryWindowInDays: 7 });
    return aws.json('secretsmanager', 'CreateSecret', { Name, SecretString: 'b' });
  },
  'iam:CreateRole, the name exists': async (aws) =>
    aws.iam('CreateRole', {
      RoleName: await makeRole(aws),
      AssumeRolePolicyDocument: trustPolicy('lambda.amazonaws.com'),
    }),
  'iam:CreateInstanceProfile, the name exists': async (aws) => {
    const { InstanceProfileName } = await makeProfile(aws);
    return aws.iam('CreateInstanceProfile', { InstanceProfileName });
  },
  'iam:PutRolePolicy, the inline policies of the role have more than 10,240 characters': async (aws) => {
    const RoleName = await makeRole(aws);
    await aws.iam('PutRolePolicy', { RoleName, PolicyName: 'one', PolicyDocument: policyOfLength(10_000) });
    await aws.iam('PutRolePolicy', { RoleName, PolicyName: 'two', PolicyDocument: policyOfLength(240) });
    return aws.iam('PutRolePolicy', { RoleName, PolicyName: 'two', PolicyDocument: policyOfLength(241) });
  },
  'iam:DeleteRole, the role has an inline policy': async (aws) => {
    const RoleName = await makeRole(aws);
    await aws.iam('PutRolePolicy', { RoleName, PolicyName: 'one', PolicyDocument: policyOfLength(200) });
    return aws.iam('DeleteRole', { RoleName });
  },
  'iam:DeleteRole, the role has a managed policy': async (aws) => {
    const RoleName = await makeRole(aws);
    await aws.iam('AttachRolePolicy', { RoleName, PolicyArn: MANAGED_POLICY });
    return aws.iam('DeleteRole', { RoleName });
  },
  'iam:DeleteRole, the role is in an instance profile': async (aws) => {
    const { RoleName } = await makeProfile(aws);
    return aws.iam('DeleteRole', { RoleName });
  },
  'iam:DeleteInstanceProfile, the profile has a role': async (aws) => {
    const { InstanceProfileName } = await makeProfile(aws);
    return aws.iam('DeleteInstanceProfile', { InstanceProfileName });
  },
  'logs:CreateLogGroup, the name exists': async (aws) => {
    const group = { logGroupName: aws.newName() };
    await aws.json('logs', 'CreateLogGroup', group);
    return aws.json('logs', 'CreateLogGroup', group);
  },
  'apigateway:CreateStage, the name exists': async (aws) => {
    const { api, deployment, stage } = await makeStage(aws);
    return aws.apiGateway(`/restapis/${api}/stages`, 'POST', { stageName: stage, deploymentId: deployment });
  },
  'apigateway:DeleteDeployment, a stage uses it': async (aws) => {
    const { api, deployment } = await makeStage(aws);
    return aws.apiGateway(`/restapis/${api}/deployments/${deployment}`, 'DELETE');
  },
  'apigateway:CreateUsagePlanKey, the plan has the key': async (aws) => {
    const { id: keyId } = await aws.apiGateway('/apikeys', 'POST', { name: aws.newName() });
    const { id: plan } = await aws.apiGateway('/usageplans', 'POST', { name: aws.newName() });
    await aws.apiGateway(`/usageplans/${plan}/keys`, 'POST', { keyId, keyType: 'API_KEY' });
    return aws.apiGateway(`/usageplans/${plan}/keys`, 'POST', { keyId, keyType: 'API_KEY' });
  },
  'apigateway:DeleteUsagePlan, the plan has a stage': async (aws) => {
    const { api: apiId, stage } = await makeStage(aws);
    const plan = { name: aws.newName(), apiStages: [{ apiId, stage }] };
    const { id } = await aws.apiGateway('/usageplans', 'POST', plan);
    return aws.apiGateway(`/usageplans/${id}`, 'DELETE');
  },
};
