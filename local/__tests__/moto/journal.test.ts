import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callAws } from '../../aws-api/call-aws';
import { replay, ReplayFailed } from '../../moto/journal';
import type { AwsApiServer } from '../../aws-api/server';
import { MotoLink } from '../../moto/moto-link';
import { zipSync } from 'fflate';
import { openAwsApi } from '../support/aws-api';
import { startOpenMoto, type OpenMoto } from '../support/open-moto';

jest.setTimeout(300_000);

const ROLE = 'arn:aws:iam::123456789012:role/service';

/** Calls a local AWS in the protocols of its services. */
class Client {
  constructor(private readonly url: string) {}

  async query(service: string, Version: string, Action: string, parameters: Record<string, string> = {}) {
    const body = new URLSearchParams({ Action, Version, ...parameters });
    return (await callAws(this.api(service), '/', { method: 'POST', body })).text();
  }

  async json(target: string, parameters: object): Promise<any> {
    const headers = { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': target };
    const body = JSON.stringify(parameters);
    return (await callAws(this.api('secretsmanager'), '/', { method: 'POST', headers, body })).json();
  }

  async rest(service: string, path: string, parameters?: object): Promise<any> {
    const request = parameters && { method: 'POST' as const, body: JSON.stringify(parameters) };
    return (await callAws(this.api(service), path, request)).json();
  }

  private api = (service: string) => ({ url: this.url, service, region: 'eu-central-1' });
}

const ec2 = '2016-11-15';
const rds = '2014-10-31';

/** Creates one resource of each kind with random values in moto. */
async function makeEverything(aws: Client): Promise<void> {
  // The first request of the service also creates the default VPC.
  await aws.query('ec2', ec2, 'DescribeVpcs');
  const vpc =
    /vpc-[0-9a-f]{8,}/.exec(await aws.query('ec2', ec2, 'CreateVpc', { CidrBlock: '10.20.0.0/16' }))?.[0] ?? '';
  const subnets = await Promise.all(
    ['a', 'b'].map(async (zone, index) => {
      const place = { CidrBlock: `10.20.${index}.0/24`, AvailabilityZone: `eu-central-1${zone}` };
      const answer = await aws.query('ec2', ec2, 'CreateSubnet', { VpcId: vpc, ...place });
      return /subnet-[0-9a-f]{8,}/.exec(answer)?.[0] ?? '';
    }),
  );
  await aws.query('iam', '2010-05-08', 'CreateRole', { RoleName: 'service', AssumeRolePolicyDocument: '{}' });
  const { RandomPassword } = await aws.json('secretsmanager.GetRandomPassword', { PasswordLength: 32 });
  const SecretString = JSON.stringify({ username: 'timestamps', password: RandomPassword });
  const { ARN } = await aws.json('secretsmanager.CreateSecret', { Name: 'timestamps', SecretString });
  await inventory(aws);
  await aws.query('rds', rds, 'CreateDBInstance', {
    DBInstanceIdentifier: 'instance',
    DBInstanceClass: 'db.t4g.micro',
    Engine: 'mysql',
    AllocatedStorage: '20',
    MasterUsername: 'admin',
    ManageMasterUserPassword: 'true',
  });
  await aws.query('rds', rds, 'CreateDBProxy', {
    DBProxyName: 'proxy',
    EngineFamily: 'MYSQL',
    RoleArn: ROLE,
    'Auth.member.1.AuthScheme': 'SECRETS',
    'Auth.member.1.SecretArn': ARN,
    ...Object.fromEntries(subnets.map((subnet, index) => [`VpcSubnetIds.member.${index + 1}`, subnet])),
  });
  await aws.rest('apigateway', '/restapis', { name: 'api' });
  await aws.rest('apigateway', '/apikeys', { name: 'origin', enabled: true });
  await aws.rest('lambda', '/2015-03-31/functions', {
    FunctionName: 'function',
    Runtime: 'nodejs22.x',
    Role: ROLE,
    Handler: 'index.handler',
    Code: { ZipFile: Buffer.from(zipSync({ 'index.js': Buffer.from('') })).toString('base64') },
  });
}

/** Returns all resources, without times and request ids. */
async function inventory(aws: Client): Promise<unknown> {
  const { SecretList } = (await aws.json('secretsmanager.ListSecrets', {})) as { SecretList: { ARN: string }[] };
  const answers = [
    await aws.query('ec2', ec2, 'DescribeVpcs'),
    await aws.query('ec2', ec2, 'DescribeSubnets'),
    await aws.query('ec2', ec2, 'DescribeSecurityGroups'),
    await aws.query('ec2', ec2, 'DescribeRouteTables'),
    await aws.query('iam', '2010-05-08', 'GetRole', { RoleName: 'service' }),
    await aws.query('rds', rds, 'DescribeDBInstances'),
    await aws.query('rds', rds, 'DescribeDBProxies'),
    await aws.rest('apigateway', '/restapis'),
    await aws.rest('apigateway', '/apikeys?includeValues=true'),
    await aws.rest('lambda', '/2015-03-31/functions'),
    ...(await Promise.all(SecretList.map(({ ARN }) => aws.json('secretsmanager.GetSecretValue', { SecretId: ARN })))),
  ];
  const withoutTimes = (answer: unknown): string =>
    (typeof answer === 'string' ? answer : JSON.stringify(answer))
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
    await makeEverything(new Client(awsApi.url));
    const requests = linesOf(journal);
    await inventory(new Client(awsApi.url));
    readsKept = linesOf(journal) - requests;
    await awsApi.stop();
    made = await inventory(new Client(recorded.url));
  });

  afterAll(async () => {
    await recorded.stop();
    rmSync(folder, { recursive: true });
  });

  it('restores the same ids, endpoints, keys and passwords in a new moto', async () => {
    const moto = await startOpenMoto();
    try {
      await replay(journal, moto.socket);
      expect(await inventory(new Client(moto.url))).toEqual(made);
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
