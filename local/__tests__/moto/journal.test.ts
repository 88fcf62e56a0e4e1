import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateFunctionCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { AWS_JSON } from '../../http/aws-call';
import { exchange } from '../../http/exchange';
import { Journal, replay, ReplayFailed } from '../../moto/journal';
import type { AwsApiServer } from '../../aws-api/server';
import { MotoLink } from '../../moto/moto-link';
import { zipSync } from 'fflate';
import { openAwsApi } from '../support/aws-api';
import { startOpenMoto, type OpenMoto } from '../support/open-moto';
import { Aws, idIn } from './aws';

jest.setTimeout(300_000);

const ROLE = 'arn:aws:iam::123456789012:role/service';

/** Creates one resource of each kind with random values in moto. */
async function makeEverything(aws: Aws): Promise<void> {
  // The first request of the service also creates the default VPC.
  await aws.ec2('DescribeVpcs', {});
  const vpc = idIn(await aws.ec2('CreateVpc', { CidrBlock: '10.20.0.0/16' }), 'vpc');
  const subnets = await Promise.all(
    ['a', 'b'].map(async (zone, index) => {
      const place = { CidrBlock: `10.20.${index}.0/24`, AvailabilityZone: `eu-central-1${zone}` };
      return idIn(await aws.ec2('CreateSubnet', { VpcId: vpc, ...place }), 'subnet');
    }),
  );
  await aws.iam('CreateRole', { RoleName: 'service', AssumeRolePolicyDocument: '{}' });
  const { RandomPassword } = await aws.json('secretsmanager', 'GetRandomPassword', { PasswordLength: 32 });
  const SecretString = JSON.stringify({ username: 'timestamps', password: RandomPassword });
  const { ARN } = await aws.json('secretsmanager', 'CreateSecret', { Name: 'timestamps', SecretString });
  await inventory(aws);
  await aws.rds('CreateDBInstance', {
    DBInstanceIdentifier: 'instance',
    DBInstanceClass: 'db.t4g.micro',
    Engine: 'mysql',
    AllocatedStorage: '20',
    MasterUsername: 'admin',
    ManageMasterUserPassword: 'true',
  });
  await aws.rds('CreateDBProxy', {
    DBProxyName: 'proxy',
    EngineFamily: 'MYSQL',
    RoleArn: ROLE,
    'Auth.member.1.AuthScheme': 'SECRETS',
    'Auth.member.1.SecretArn': ARN,
    ...Object.fromEntries(subnets.map((subnet, index) => [`VpcSubnetIds.member.${index + 1}`, subnet])),
  });
  await aws.apiGateway('/restapis', 'POST', { name: 'api' });
  await aws.apiGateway('/apikeys', 'POST', { name: 'origin', enabled: true });
  const code = { ZipFile: zipSync({ 'index.js': Buffer.from('') }) };
  const described = { FunctionName: 'function', Runtime: 'nodejs22.x', Role: ROLE, Handler: 'index.handler' } as const;
  await aws.lambda.send(new CreateFunctionCommand({ ...described, Code: code }));
}

/** Returns all resources, without times and request ids. */
async function inventory(aws: Aws): Promise<unknown> {
  const { SecretList } = (await aws.json('secretsmanager', 'ListSecrets', {})) as { SecretList: { ARN: string }[] };
  const answers = [
    await aws.ec2('DescribeVpcs', {}),
    await aws.ec2('DescribeSubnets', {}),
    await aws.ec2('DescribeSecurityGroups', {}),
    await aws.ec2('DescribeRouteTables', {}),
    await aws.iam('GetRole', { RoleName: 'service' }),
    await aws.rds('DescribeDBInstances', {}),
    await aws.rds('DescribeDBProxies', {}),
    await aws.apiGateway('/restapis'),
    await aws.apiGateway('/apikeys?includeValues=true'),
    (await aws.lambda.send(new ListFunctionsCommand({}))).Functions,
    ...(await Promise.all(
      SecretList.map(({ ARN }) => aws.json('secretsmanager', 'GetSecretValue', { SecretId: ARN })),
    )),
  ];
  const withoutTimes = (response: unknown): string =>
    (typeof response === 'string' ? response : JSON.stringify(response))
      .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+\+?\d*Z?/g, 'a time')
      .replace(/"(\w*[dD]ate)":[\d.]+/g, '"$1":0');
  return answers.map(withoutTimes);
}

const entriesIn = (file: string): { headers: Record<string, string>; body: string }[] => {
  const [, ...entries] = readFileSync(file, 'utf8').trimEnd().split('\n');
  return entries.map((line) => JSON.parse(line) as never);
};
const targetsIn = (file: string): string[] => entriesIn(file).flatMap(({ headers }) => headers['x-amz-target'] ?? []);
const actionsIn = (file: string): string[] =>
  entriesIn(file).flatMap(
    ({ body }) => new URLSearchParams(Buffer.from(body, 'base64').toString()).get('Action') ?? [],
  );
const linesOf = (file: string): number => entriesIn(file).length;

describe('a journal', () => {
  let folder: string;
  let journal: string;
  let recorded: OpenMoto;
  let awsApi: AwsApiServer;
  let made: unknown;
  let readsKept: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'));
    journal = join(folder, 'journal');
    recorded = await startOpenMoto();
    awsApi = await openAwsApi({ upstream: recorded.socket, folder, journal: { path: journal, replayed: false } });
    await makeEverything(new Aws(awsApi.url));
    const requests = linesOf(journal);
    await inventory(new Aws(awsApi.url));
    readsKept = linesOf(journal) - requests;
    await awsApi.stop();
    made = await inventory(new Aws(recorded.url));
  });

  afterAll(async () => {
    await recorded.stop();
    rmSync(folder, { recursive: true });
  });

  it('restores the same ids, endpoints, keys and passwords in a new moto', async () => {
    const moto = await startOpenMoto();
    try {
      await replay(journal, moto.socket);
      expect(await inventory(new Aws(moto.url))).toEqual(made);
    } finally {
      await moto.stop();
    }
  });

  it('records no read, except one that created random values', () => {
    expect(readsKept).toBe(0);
    expect(targetsIn(journal)).toEqual(['secretsmanager.GetRandomPassword', 'secretsmanager.CreateSecret']);
    expect(actionsIn(journal).filter((action) => action.startsWith('Describe'))).toEqual(['DescribeVpcs']);
  });

  it('is readable only by its owner, because requests contain passwords', () => {
    expect(statSync(journal).mode & 0o777).toBe(0o600);
  });

  it('is appended to after a replay, which drops an incomplete last line', async () => {
    const file = join(folder, 'longer');
    writeFileSync(file, `${readFileSync(journal, 'utf8')}{"method":"PO`);
    const moto = await startOpenMoto();
    try {
      const before = await replay(file, moto.socket);
      const link = await MotoLink.open(moto.socket, { path: file, replayed: true });
      await link.pass({ method: 'GET', path: '/moto-api/', headers: {}, body: Buffer.alloc(0) });
      await link.close();
      const another = await startOpenMoto();
      expect(await replay(file, another.socket).finally(() => another.stop())).toBe(before + 1);
    } finally {
      await moto.stop();
    }
  });

  it('is replayed if an older version accepted a request that this one refuses', async () => {
    const file = join(folder, 'older');
    const [older, newer] = [await startOpenMoto(), await startOpenMoto()];
    try {
      const opened = await Journal.open(file, older.socket);
      // More blocks than an IP set may have.
      const Addresses = Array.from({ length: 10_001 }, (_, index) => `10.0.${index >> 8}.${index & 255}/32`);
      const set = { Name: 'offices', Scope: 'REGIONAL', IPAddressVersion: 'IPV4', Addresses };
      const headers = {
        authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/wafv2/aws4_request',
        'content-type': AWS_JSON,
        'x-amz-target': 'AWSWAF_20190729.CreateIPSet',
      };
      const request = { method: 'POST', path: '/', headers, body: Buffer.from(JSON.stringify(set)) };
      const accepted = await exchange(older.socket, { ...request, headers: { ...headers, 'x-accepted': 'true' } });
      opened.append(request, accepted);
      opened.close();
      expect(await replay(file, newer.socket)).toBe(1);
      const another = Buffer.from(JSON.stringify({ ...set, Name: 'partners' }));
      expect(await exchange(newer.socket, { ...request, body: another })).toMatchObject({ status: 400 });
    } finally {
      await Promise.all([older.stop(), newer.stop()]);
    }
  });

  it('fails if moto answers differently, as after a request that bypassed the journal', async () => {
    const past = join(folder, 'past');
    const [opening = '', , ...others] = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(past, [opening, ...others].join('\n').trimEnd());
    await expect(replay(past, recorded.socket)).rejects.toThrow(
      /^Request 1 of \S+, POST \/, was answered \d+ with the id \w* instead of \d+ with \w*\. .* everything is applied again\.$/,
    );
  });

  it.each([
    ['is gone', undefined, /cannot be read/],
    ['has half a line', '{"seed":\n{}\n', /has a line that is not JSON/],
  ])('that %s asks for everything to be applied again', async (_what, content, message) => {
    const file = join(folder, 'broken');
    if (content !== undefined) writeFileSync(file, content);
    const failed = replay(file, recorded.socket);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toBeInstanceOf(ReplayFailed);
  });
});
