import { AwsApiError } from '../../aws-api/call-aws';
import { startMoto } from '../../moto/moto';
import { AwsClient, idIn, type Parameters } from '../support/aws-client';
import { startMotoOnPort, type MotoOnPort } from '../support/moto-on-port';
import { createRecordXml } from './refusals/edge';
import { ingressRule } from './refusals/networks';
import { makeGroup, makeHostedZone, makeInstance, makeProxy, makeSubnetGroup, makeVpc } from './refusals/resources';

jest.setTimeout(120_000);

let moto: MotoOnPort;
let aws: AwsClient;
let firstInstance: string;

beforeAll(async () => {
  moto = await startMotoOnPort();
  aws = new AwsClient(moto.url);
  // RDS refuses proxies in an account that never had an instance.
  firstInstance = await makeInstance(aws);
});
afterAll(() => moto.stop());

async function makeSubnet(): Promise<string> {
  const { subnets } = await makeVpc(aws);
  return subnets[0];
}

describe('moto with the patches of this package', () => {
  it('changes a proxy in place', async () => {
    const { DBProxyName = '' } = await makeProxy(aws, await makeSubnet(), { RequireTLS: 'false' });
    expect(await aws.rds('DescribeDBProxies', { DBProxyName })).toContain('<RequireTLS>false</RequireTLS>');
    await aws.rds('ModifyDBProxy', { DBProxyName, RequireTLS: 'true' });
    expect(await aws.rds('DescribeDBProxies', { DBProxyName })).toContain('<RequireTLS>true</RequireTLS>');
  });

  it('accepts a proxy after the only instance was deleted, because RDS keeps its service-linked role', async () => {
    await aws.rds('DeleteDBInstance', { DBInstanceIdentifier: firstInstance, SkipFinalSnapshot: 'true' });
    expect(await aws.rds('DescribeDBInstances', {})).not.toContain('<DBInstanceIdentifier>');
    const { DBProxyName = '' } = await makeProxy(aws, await makeSubnet());
    expect(await aws.rds('DescribeDBProxies', { DBProxyName })).toContain(`<DBProxyName>${DBProxyName}</DBProxyName>`);
  });

  it('requires Auth of a proxy unless its DefaultAuthScheme is IAM_AUTH, and keeps the scheme until it is changed', async () => {
    const proxy = {
      DBProxyName: 'end-to-end',
      EngineFamily: 'MYSQL',
      RoleArn: 'arn:aws:iam::123456789012:role/proxy',
      'VpcSubnetIds.member.1': await makeSubnet(),
    };
    await expect(aws.rds('CreateDBProxy', proxy)).rejects.toThrow('Auth must be specified');
    // AWS provider 6.15, the first with this scheme, sends an empty list.
    const created = await aws.rds('CreateDBProxy', { ...proxy, Auth: '', DefaultAuthScheme: 'IAM_AUTH' });
    expect(created).toContain('<DefaultAuthScheme>IAM_AUTH</DefaultAuthScheme>');
    const { DBProxyName } = proxy;
    const modify = (changes: Parameters): Promise<string> => aws.rds('ModifyDBProxy', { DBProxyName, ...changes });
    const describeProxy = (): Promise<string> => aws.rds('DescribeDBProxies', { DBProxyName });
    expect(await describeProxy()).not.toContain('<AuthScheme>');

    await expect(modify({ DefaultAuthScheme: 'NONE' })).rejects.toThrow('Auth must be');
    await modify({ 'Auth.member.1.AuthScheme': 'SECRETS' });
    expect(await describeProxy()).toContain('<DefaultAuthScheme>IAM_AUTH</DefaultAuthScheme>');
    await modify({ DefaultAuthScheme: 'NONE' });
    expect(await describeProxy()).toContain('<DefaultAuthScheme>NONE</DefaultAuthScheme>');
  });

  it('keeps changes of an instance pending until a later change is applied immediately', async () => {
    const DBInstanceIdentifier = await makeInstance(aws, { EnableIAMDatabaseAuthentication: 'false' });
    const modify = (changes: Parameters): Promise<string> =>
      aws.rds('ModifyDBInstance', { DBInstanceIdentifier, ...changes });
    const describeInstance = async (): Promise<{ current: string; pending: string }> => {
      const xml = await aws.rds('DescribeDBInstances', { DBInstanceIdentifier });
      const [element = '', pending = ''] = /<PendingModifiedValues>(.*)<[/]PendingModifiedValues>/s.exec(xml) ?? [];
      return { current: xml.replace(element, ''), pending };
    };
    const expectAll = (xml: string, values: readonly string[]): void => {
      for (const value of values) expect(xml).toContain(value);
    };

    await modify({ EnableIAMDatabaseAuthentication: 'true', AllocatedStorage: '40', DeletionProtection: 'true' });
    await modify({ MultiAZ: 'true', BackupRetentionPeriod: '7', ApplyImmediately: 'false' });
    const before = await describeInstance();
    expectAll(before.current, [
      '<AllocatedStorage>20<',
      '<MultiAZ>false<',
      '<IAMDatabaseAuthenticationEnabled>false<',
      // These two changes apply at once.
      '<DeletionProtection>true<',
      '<BackupRetentionPeriod>7<',
    ]);
    expectAll(before.pending, ['<AllocatedStorage>40<', '<MultiAZ>true<', '<IAMDatabaseAuthenticationEnabled>true<']);
    expect(before.pending).not.toContain('Backup');

    // Turning backups off interrupts the instance, so this change waits. The request sets MultiAZ to its current value, which
    // cancels the pending change.
    await modify({ BackupRetentionPeriod: '0', MultiAZ: 'false' });
    const { pending } = await describeInstance();
    expect(pending).toContain('<BackupRetentionPeriod>0<');
    expect(pending).not.toContain('MultiAZ');

    await modify({ DBInstanceClass: 'db.t4g.small', ApplyImmediately: 'true' });
    const after = await describeInstance();
    expectAll(after.current, [
      '<AllocatedStorage>40<',
      '<DBInstanceStatus>storage-optimization<',
      '<DBInstanceClass>db.t4g.small<',
      '<BackupRetentionPeriod>0<',
      '<IAMDatabaseAuthenticationEnabled>true<',
    ]);
    expect(after.pending).toBe('');
  });

  it('changes the subnets of a subnet group', async () => {
    const { subnets } = await makeVpc(aws);
    const DBSubnetGroupName = await makeSubnetGroup(aws, subnets[0]);
    await aws.rds('ModifyDBSubnetGroup', {
      DBSubnetGroupName,
      'SubnetIds.SubnetIdentifier.1': subnets[0],
      'SubnetIds.SubnetIdentifier.2': subnets[1],
    });
    const described = await aws.rds('DescribeDBSubnetGroups', { DBSubnetGroupName });
    for (const subnet of subnets) expect(described).toContain(subnet);
  });

  it('marks modified parameters of a parameter group as set by the user', async () => {
    const DBParameterGroupName = 'parameters';
    const family = { DBParameterGroupFamily: 'mysql8.4', Description: 'parameters' };
    await aws.rds('CreateDBParameterGroup', { DBParameterGroupName, ...family });
    await aws.rds('ModifyDBParameterGroup', {
      DBParameterGroupName,
      'Parameters.Parameter.1.ParameterName': 'long_query_time',
      'Parameters.Parameter.1.ParameterValue': '1',
      'Parameters.Parameter.1.ApplyMethod': 'immediate',
    });
    expect(await aws.rds('DescribeDBParameters', { DBParameterGroupName })).toContain('<Source>user</Source>');
  });

  it('keeps the description of a rule whose source is a security group', async () => {
    const { vpc, group: GroupId } = await makeVpc(aws);
    const source = await makeGroup(aws, vpc);
    const peer = { 'IpPermissions.1.Groups.1.GroupId': source };
    const description = { 'IpPermissions.1.Groups.1.Description': 'people log in' };
    await aws.ec2('AuthorizeSecurityGroupIngress', ingressRule(GroupId, { ...peer, ...description }));
    const filter = { 'Filter.1.Name': 'group-id', 'Filter.1.Value.1': GroupId };
    const rules = await aws.ec2('DescribeSecurityGroupRules', filter);
    expect(rules).toContain('<description>people log in</description>');
  });

  it('deletes a security group by its name, but not while a rule of another group refers to it', async () => {
    const make = async (GroupName: string): Promise<string> =>
      idIn(await aws.ec2('CreateSecurityGroup', { GroupName, GroupDescription: 'in the default VPC' }), 'sg');
    const [named, other] = [await make('named'), await make('other')];
    await aws.ec2('AuthorizeSecurityGroupIngress', ingressRule(other, { 'IpPermissions.1.Groups.1.GroupId': named }));
    await expect(aws.ec2('DeleteSecurityGroup', { GroupName: 'named' })).rejects.toThrow(
      `resource ${named} has a dependent object: ${other}`,
    );
    await aws.ec2('DeleteSecurityGroup', { GroupName: 'other' });
    await aws.ec2('DeleteSecurityGroup', { GroupName: 'named' });
    const groups = await aws.ec2('DescribeSecurityGroups', {});
    for (const group of [named, other]) expect(groups).not.toContain(group);
  });

  it('returns the IPv6 blocks of an IP set without abbreviation, as AWS WAF does', async () => {
    const set = { Scope: 'CLOUDFRONT', Name: 'offices' };
    const blocks = { IPAddressVersion: 'IPV6', Addresses: ['2001:DB8:1::/48', '2a00::7/128'] };
    const { Summary } = (await aws.json('wafv2', 'CreateIPSet', { ...set, ...blocks })) as { Summary: { Id: string } };
    expect(await aws.json('wafv2', 'GetIPSet', { ...set, Id: Summary.Id })).toMatchObject({
      IPSet: {
        Addresses: ['2001:0db8:0001:0000:0000:0000:0000:0000/48', '2a00:0000:0000:0000:0000:0000:0000:0007/128'],
      },
    });
  });

  it('gives each hosted zone an id that begins with a Z, as AWS does', async () => {
    expect(await makeHostedZone(aws)).toMatch(/^Z\w+$/);
  });

  it('accepts several records of one name and type if their set identifiers differ', async () => {
    const id = await makeHostedZone(aws);
    for (const identifier of ['one', 'two']) {
      const answer = await aws.route53(`hostedzone/${id}/rrset`, createRecordXml('198.51.100.1', identifier));
      expect(answer).toContain('<Status>INSYNC</Status>');
    }
  });

  it('returns the quota and the throttle of a changed usage plan as numbers', async () => {
    const limits = { quota: { limit: 10, offset: 0, period: 'DAY' }, throttle: { burstLimit: 1, rateLimit: 2 } };
    const { id } = await aws.apiGateway('/usageplans', 'POST', { name: 'plan', ...limits });
    const replace = (path: string, value: string) => ({ op: 'replace', path, value });
    const patchOperations = [
      replace('/quota/limit', '20'),
      replace('/quota/offset', '1'),
      replace('/quota/period', 'WEEK'),
      replace('/throttle/burstLimit', '3'),
      replace('/throttle/rateLimit', '4'),
    ];
    expect(await aws.apiGateway(`/usageplans/${id}`, 'PATCH', { patchOperations })).toMatchObject({
      quota: { limit: 20, offset: 1, period: 'WEEK' },
      throttle: { burstLimit: 3, rateLimit: 4 },
    });
  });

  it('tags and untags a resource of API Gateway', async () => {
    const { id } = await aws.apiGateway('/apikeys', 'POST', { name: 'key', tags: { a: '1' } });
    const path = `/tags/${encodeURIComponent(`arn:aws:apigateway:eu-central-1::/apikeys/${id}`)}`;
    await aws.apiGateway(path, 'PUT', { tags: { b: '2' } });
    expect((await aws.apiGateway(`/apikeys/${id}`)).tags).toEqual({ a: '1', b: '2' });
    await aws.apiGateway(`${path}?tagKeys=a`, 'DELETE');
    expect((await aws.apiGateway(`/apikeys/${id}`)).tags).toEqual({ b: '2' });
  });

  it('answers 400 to an action that it does not implement, because clients do not retry a 400', async () => {
    const refused = aws.rds('RestoreDBInstanceFromS3', { DBInstanceIdentifier: 'none' });
    await expect(refused).rejects.toBeInstanceOf(AwsApiError);
    await expect(refused).rejects.toMatchObject({
      status: 400,
      type: 'NotImplemented',
      body: expect.stringContaining('The restore_db_instance_from_s3 action has not been implemented'),
    });
  });

  it('rejects a folder whose path is too long for a socket', async () => {
    await expect(startMoto(`/tmp/${'x'.repeat(100)}`)).rejects.toThrow(
      / \/tmp\/x+\/moto must have at most 103 bytes, got 110\. Use a folder with a shorter path\.$/,
    );
  });
});
