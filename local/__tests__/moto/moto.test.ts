import { AwsApiError, callAws, GLOBAL_REGION } from '../../aws-api/call-aws';
import { startOpenMoto, type OpenMoto } from '../support/open-moto';

jest.setTimeout(120_000);

let moto: OpenMoto;

const INSTANCE = { DBInstanceIdentifier: 'instance' };
const PROXY = { EngineFamily: 'MYSQL', RoleArn: 'arn:aws:iam::123456789012:role/proxy' };

beforeAll(async () => {
  moto = await startOpenMoto();
  // RDS refuses proxies in an account that never had an instance.
  await rds('CreateDBInstance', {
    ...INSTANCE,
    DBInstanceClass: 'db.t4g.micro',
    AllocatedStorage: '20',
    Engine: 'mysql',
    MasterUsername: 'admin',
    MasterUserPassword: 'a password',
  });
});
afterAll(() => moto.stop());

async function query(service: string, Version: string, Action: string, parameters: Record<string, string> = {}) {
  const body = new URLSearchParams({ Action, Version, ...parameters });
  const api = { url: moto.url, service, region: 'eu-central-1' };
  return (await callAws(api, '/', { method: 'POST', body })).text();
}

const rds = (action: string, parameters: Record<string, string>) => query('rds', '2014-10-31', action, parameters);
const ec2 = (action: string, parameters: Record<string, string>) => query('ec2', '2016-11-15', action, parameters);

const idIn = (xml: string, prefix: string): string => new RegExp(`${prefix}-[0-9a-f]{8,}`).exec(xml)?.[0] ?? '';

/** Two subnets of one VPC. */
async function subnets(): Promise<[string, string]> {
  const vpc = idIn(await ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' }), 'vpc');
  const subnet = async (CidrBlock: string): Promise<string> =>
    idIn(await ec2('CreateSubnet', { VpcId: vpc, CidrBlock }), 'subnet');
  return [await subnet('10.0.1.0/24'), await subnet('10.0.2.0/24')];
}

describe('moto, as it is started here', () => {
  it('changes a proxy in place', async () => {
    const [subnet] = await subnets();
    const proxy = {
      DBProxyName: 'proxy',
      ...PROXY,
      'VpcSubnetIds.member.1': subnet,
      'Auth.member.1.AuthScheme': 'SECRETS',
      RequireTLS: 'false',
    };
    expect(await rds('CreateDBProxy', proxy)).toContain('<RequireTLS>false</RequireTLS>');
    await rds('ModifyDBProxy', { DBProxyName: 'proxy', RequireTLS: 'true' });
    expect(await rds('DescribeDBProxies', { DBProxyName: 'proxy' })).toContain('<RequireTLS>true</RequireTLS>');
  });

  it('accepts a proxy after the only instance was deleted, because the role of RDS stays', async () => {
    await rds('DeleteDBInstance', { ...INSTANCE, SkipFinalSnapshot: 'true' });
    expect(await rds('DescribeDBInstances', {})).not.toContain('<DBInstanceIdentifier>');
    const [subnet] = await subnets();
    const proxy = {
      DBProxyName: 'without-instance',
      ...PROXY,
      'VpcSubnetIds.member.1': subnet,
      'Auth.member.1.AuthScheme': 'SECRETS',
    };
    expect(await rds('CreateDBProxy', proxy)).toContain('<DBProxyName>without-instance</DBProxyName>');
  });

  it('keeps the scheme of a proxy, which needs no secret with IAM_AUTH, until it is changed', async () => {
    const [subnet] = await subnets();
    const proxy = {
      DBProxyName: 'end-to-end',
      ...PROXY,
      'VpcSubnetIds.member.1': subnet,
    };
    await expect(rds('CreateDBProxy', proxy)).rejects.toThrow('Auth must be specified');
    // An empty list, as the newer provider sends it.
    const created = await rds('CreateDBProxy', { ...proxy, Auth: '', DefaultAuthScheme: 'IAM_AUTH' });
    expect(created).toContain('<DefaultAuthScheme>IAM_AUTH</DefaultAuthScheme>');
    const { DBProxyName } = proxy;
    const describe = (): Promise<string> => rds('DescribeDBProxies', { DBProxyName });
    expect(await describe()).not.toContain('<AuthScheme>');

    await expect(rds('ModifyDBProxy', { DBProxyName, DefaultAuthScheme: 'NONE' })).rejects.toThrow('Auth must be');
    await rds('ModifyDBProxy', { DBProxyName, 'Auth.member.1.AuthScheme': 'SECRETS' });
    expect(await describe()).toContain('<DefaultAuthScheme>IAM_AUTH</DefaultAuthScheme>');
    await rds('ModifyDBProxy', { DBProxyName, DefaultAuthScheme: 'NONE' });
    expect(await describe()).toContain('<DefaultAuthScheme>NONE</DefaultAuthScheme>');
  });

  it('keeps changes of an instance pending until one is applied immediately', async () => {
    const DBInstanceIdentifier = 'pending';
    const created = {
      Engine: 'mysql',
      EngineVersion: '8.4.7',
      DBInstanceClass: 'db.t4g.micro',
      AllocatedStorage: '20',
    };
    await rds('CreateDBInstance', { DBInstanceIdentifier, ...created, EnableIAMDatabaseAuthentication: 'false' });
    const modify = (changes: Record<string, string>) => rds('ModifyDBInstance', { DBInstanceIdentifier, ...changes });
    /** Returns the current and the pending values. */
    const described = async (): Promise<[string, string]> => {
      const xml = await rds('DescribeDBInstances', { DBInstanceIdentifier });
      const [, pending = ''] = /<PendingModifiedValues>(.*)<[/]PendingModifiedValues>/s.exec(xml) ?? [];
      return [xml.replace(`<PendingModifiedValues>${pending}</PendingModifiedValues>`, ''), pending];
    };

    await modify({ EnableIAMDatabaseAuthentication: 'true', AllocatedStorage: '40', DeletionProtection: 'true' });
    await modify({ MultiAZ: 'true', BackupRetentionPeriod: '7', ApplyImmediately: 'false' });
    const [before, pending] = await described();
    for (const value of ['<AllocatedStorage>20<', '<MultiAZ>false<', '<IAMDatabaseAuthenticationEnabled>false<']) {
      expect(before).toContain(value);
    }
    // These never wait.
    for (const value of ['<DeletionProtection>true<', '<BackupRetentionPeriod>7<']) expect(before).toContain(value);
    for (const value of ['<AllocatedStorage>40<', '<MultiAZ>true<', '<IAMDatabaseAuthenticationEnabled>true<']) {
      expect(pending).toContain(value);
    }
    expect(pending).not.toContain('Backup');

    // Turning backups off interrupts the instance. The value that is already in use leaves nothing to apply.
    await modify({ BackupRetentionPeriod: '0', MultiAZ: 'false' });
    expect((await described())[1]).toMatch(/<BackupRetentionPeriod>0</);
    expect((await described())[1]).not.toContain('MultiAZ');

    await modify({ DBInstanceClass: 'db.t4g.small', ApplyImmediately: 'true' });
    const [after, none] = await described();
    for (const value of ['<AllocatedStorage>40<', '<DBInstanceClass>db.t4g.small<', '<BackupRetentionPeriod>0<']) {
      expect(after).toContain(value);
    }
    expect(after).toContain('<IAMDatabaseAuthenticationEnabled>true<');
    expect(none).toBe('');
  });

  it('keeps a subnet group that is changed', async () => {
    const [one, two] = await subnets();
    const group = { DBSubnetGroupName: 'group', DBSubnetGroupDescription: 'subnets' };
    await rds('CreateDBSubnetGroup', { ...group, 'SubnetIds.SubnetIdentifier.1': one });
    await rds('ModifyDBSubnetGroup', {
      DBSubnetGroupName: 'group',
      'SubnetIds.SubnetIdentifier.1': one,
      'SubnetIds.SubnetIdentifier.2': two,
    });
    const described = await rds('DescribeDBSubnetGroups', { DBSubnetGroupName: 'group' });
    expect([described.includes(one), described.includes(two)]).toEqual([true, true]);
  });

  it('marks modified parameters as set by the user', async () => {
    const DBParameterGroupName = 'parameters';
    const family = { DBParameterGroupFamily: 'mysql8.4', Description: 'parameters' };
    await rds('CreateDBParameterGroup', { DBParameterGroupName, ...family });
    await rds('ModifyDBParameterGroup', {
      DBParameterGroupName,
      'Parameters.Parameter.1.ParameterName': 'long_query_time',
      'Parameters.Parameter.1.ParameterValue': '1',
      'Parameters.Parameter.1.ApplyMethod': 'immediate',
    });
    expect(await rds('DescribeDBParameters', { DBParameterGroupName })).toContain('<Source>user</Source>');
  });

  it('keeps the description of a rule that names a group', async () => {
    const group = async (GroupName: string): Promise<string> =>
      idIn(await ec2('CreateSecurityGroup', { GroupName, GroupDescription: 'a group' }), 'sg');
    const [from, to] = [await group('from'), await group('to')];
    await ec2('AuthorizeSecurityGroupIngress', {
      GroupId: to,
      'IpPermissions.1.IpProtocol': 'tcp',
      'IpPermissions.1.FromPort': '3306',
      'IpPermissions.1.ToPort': '3306',
      'IpPermissions.1.Groups.1.GroupId': from,
      'IpPermissions.1.Groups.1.Description': 'people log in',
    });
    const rules = await ec2('DescribeSecurityGroupRules', { 'Filter.1.Name': 'group-id', 'Filter.1.Value.1': to });
    expect(rules).toContain('<description>people log in</description>');
  });

  it('gives hosted zones ids that begin with a Z, as AWS does', async () => {
    const namespace = 'https://route53.amazonaws.com/doc/2013-04-01/';
    const body = `<CreateHostedZoneRequest xmlns="${namespace}"><Name>example.com</Name><CallerReference>one</CallerReference></CreateHostedZoneRequest>`;
    const api = { url: moto.url, service: 'route53', region: GLOBAL_REGION };
    const response = await callAws(api, '/2013-04-01/hostedzone', { method: 'POST', body });
    expect(await response.text()).toMatch(/<Id>\/hostedzone\/Z\w+<\/Id>/);
  });

  it('keeps the numbers of a usage plan that is changed', async () => {
    const api = { url: moto.url, service: 'apigateway', region: 'eu-central-1' };
    const call = async (path: string, method: 'POST' | 'PATCH', parameters: object): Promise<any> =>
      (await callAws(api, path, { method, body: JSON.stringify(parameters) })).json();
    const limits = { quota: { limit: 10, offset: 0, period: 'DAY' }, throttle: { burstLimit: 1, rateLimit: 2 } };
    const { id } = await call('/usageplans', 'POST', { name: 'plan', ...limits });
    const replace = (path: string, value: string) => ({ op: 'replace', path, value });
    const patchOperations = [
      replace('/quota/limit', '20'),
      replace('/quota/offset', '1'),
      replace('/quota/period', 'WEEK'),
      replace('/throttle/burstLimit', '3'),
      replace('/throttle/rateLimit', '4'),
    ];
    expect(await call(`/usageplans/${id}`, 'PATCH', { patchOperations })).toMatchObject({
      quota: { limit: 20, offset: 1, period: 'WEEK' },
      throttle: { burstLimit: 3, rateLimit: 4 },
    });
  });

  it('tags and untags a resource of API Gateway', async () => {
    const api = { url: moto.url, service: 'apigateway', region: 'eu-central-1' };
    const headers = { 'Content-Type': 'application/json' };
    const created = { method: 'POST' as const, headers, body: JSON.stringify({ name: 'key', tags: { a: '1' } }) };
    const { id } = (await (await callAws(api, '/apikeys', created)).json()) as { id: string };
    const arn = encodeURIComponent(`arn:aws:apigateway:eu-central-1::/apikeys/${id}`);
    const tagged = { method: 'PUT' as const, headers, body: JSON.stringify({ tags: { b: '2' } }) };
    await callAws(api, `/tags/${arn}`, tagged);
    await callAws(api, `/tags/${arn}?tagKeys=a`, { method: 'DELETE' });
    expect(await (await callAws(api, `/apikeys/${id}`)).json()).toMatchObject({ tags: { b: '2' } });
  });

  it('refuses an action that it lacks at once, by its name', async () => {
    const refused = rds('RestoreDBInstanceFromS3', { DBInstanceIdentifier: 'none' });
    await expect(refused).rejects.toBeInstanceOf(AwsApiError);
    await expect(refused).rejects.toMatchObject({
      status: 400,
      type: 'NotImplemented',
      body: expect.stringContaining('The restore_db_instance_from_s3 action has not been implemented'),
    });
  });
});
