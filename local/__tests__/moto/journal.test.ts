import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { exchange } from '../../http/exchange';
import { Journal, replay, ReplayFailed } from '../../moto/journal';
import type { AwsApiServer } from '../../aws-api/server';
import { MotoLink } from '../../moto/moto-link';
import { openAwsApi } from '../support/aws-api';
import { AwsClient } from '../support/aws-client';
import { jsonRequest, queryRequest } from '../support/aws-requests';
import { trustPolicy } from '../support/functions';
import { startMotoOnPort, type MotoOnPort } from '../support/moto-on-port';
import { makeFunction, makeProxy, makeVpc } from './refusals/resources';

jest.setTimeout(300_000);

/** Creates resources whose ids, keys or passwords moto chooses at random. */
async function createResources(aws: AwsClient): Promise<void> {
  // The first request to EC2 also creates the default VPC.
  await aws.ec2('DescribeVpcs', {});
  const { subnets } = await makeVpc(aws);
  await aws.iam('CreateRole', { RoleName: 'service', AssumeRolePolicyDocument: trustPolicy('lambda.amazonaws.com') });
  const { RandomPassword } = await aws.json('secretsmanager', 'GetRandomPassword', { PasswordLength: 32 });
  const SecretString = JSON.stringify({ username: 'timestamps', password: RandomPassword });
  const { ARN } = await aws.json('secretsmanager', 'CreateSecret', { Name: 'timestamps', SecretString });
  // Reads between writes must not change the random values of later resources.
  await describeResources(aws);
  await aws.rds('CreateDBInstance', {
    DBInstanceIdentifier: 'instance',
    DBInstanceClass: 'db.t4g.micro',
    Engine: 'mysql',
    AllocatedStorage: '20',
    MasterUsername: 'admin',
    ManageMasterUserPassword: 'true',
  });
  await aws.rds('ModifyDBInstance', {
    DBInstanceIdentifier: 'instance',
    AllocatedStorage: '40',
    ApplyImmediately: 'true',
  });
  await makeProxy(aws, subnets[0], { 'VpcSubnetIds.member.2': subnets[1], 'Auth.member.1.SecretArn': ARN });
  await aws.apiGateway('/restapis', 'POST', { name: 'api' });
  await aws.apiGateway('/apikeys', 'POST', { name: 'origin', enabled: true });
  await makeFunction(aws);
}

/** Describes the resources of {@link createResources}, without times. */
async function describeResources(aws: AwsClient): Promise<unknown> {
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

/** Returns the recorded requests: all lines of a journal except the first, which holds the seed. */
const entriesIn = (file: string): { headers: Record<string, string>; body: string }[] => {
  const [, ...entries] = readFileSync(file, 'utf8').trimEnd().split('\n');
  return entries.map((line) => JSON.parse(line) as never);
};
const targetsIn = (file: string): string[] => entriesIn(file).flatMap(({ headers }) => headers['x-amz-target'] ?? []);
const actionsIn = (file: string): string[] =>
  entriesIn(file).flatMap(
    ({ body }) => new URLSearchParams(Buffer.from(body, 'base64').toString()).get('Action') ?? [],
  );

/** Motos to stop after each test. */
const motos: MotoOnPort[] = [];

async function startMoto(): Promise<MotoOnPort> {
  const moto = await startMotoOnPort();
  motos.push(moto);
  return moto;
}

afterEach(() => Promise.all(motos.splice(0).map((moto) => moto.stop())));

describe('a journal', () => {
  let folder: string;
  let journal: string;
  let recordedMoto: MotoOnPort;
  let awsApi: AwsApiServer;
  let recordedResources: unknown;
  let recordedReads: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'journal-'));
    journal = join(folder, 'journal');
    recordedMoto = await startMotoOnPort();
    awsApi = await openAwsApi({ upstream: recordedMoto.socket, folder, journal: { path: journal, replayed: false } });
    const aws = new AwsClient(awsApi.url);
    await createResources(aws);
    const recordedWrites = entriesIn(journal).length;
    await describeResources(aws);
    recordedReads = entriesIn(journal).length - recordedWrites;
    await awsApi.stop();
    recordedResources = await describeResources(new AwsClient(recordedMoto.url));
  });

  afterAll(async () => {
    await recordedMoto.stop();
    rmSync(folder, { recursive: true });
  });

  it('restores the same ids, endpoints, keys and passwords in a new moto', async () => {
    const moto = await startMoto();
    await replay(journal, moto.socket);
    expect(await describeResources(new AwsClient(moto.url))).toEqual(recordedResources);
  });

  it('records a read only if it created random values', () => {
    expect(recordedReads).toBe(0);
    expect(targetsIn(journal)).toEqual(['secretsmanager.GetRandomPassword', 'secretsmanager.CreateSecret']);
    expect(actionsIn(journal).filter((action) => action.startsWith('Describe'))).toEqual(['DescribeVpcs']);
  });

  it('is readable only by its owner, because requests contain passwords', () => {
    expect(statSync(journal).mode & 0o777).toBe(0o600);
  });

  it('drops an incomplete last line on replay, and then records further requests', async () => {
    const file = join(folder, 'longer');
    writeFileSync(file, `${readFileSync(journal, 'utf8')}{"method":"PO`);
    const { socket } = await startMoto();
    const replayed = await replay(file, socket);
    const link = await MotoLink.open(socket, { path: file, replayed: true });
    await link.pass(queryRequest('iam', { Action: 'CreateUser', UserName: 'ann', Version: '2010-05-08' }));
    await link.close();
    expect(await replay(file, (await startMoto()).socket)).toBe(replayed + 1);
  });

  it('is replayed even if an older version of the local AWS accepted a request that this version refuses', async () => {
    const file = join(folder, 'older');
    const [older, newer] = [await startMoto(), await startMoto()];
    const olderJournal = await Journal.open(file, older.socket);
    // More blocks than an IP set may have.
    const Addresses = Array.from({ length: 10_001 }, (_, index) => `10.0.${index >> 8}.${index & 255}/32`);
    const ipSet = { Scope: 'REGIONAL', IPAddressVersion: 'IPV4', Addresses };
    const createIpSet = (Name: string) => jsonRequest('wafv2', 'AWSWAF_20190729.CreateIPSet', { ...ipSet, Name });
    const request = createIpSet('offices');
    // The header says that an older version accepted the request at time 0, so moto does not refuse it.
    const headers = { ...request.headers, 'x-accepted-at': '0' };
    olderJournal.append(request, await exchange(older.socket, { ...request, headers }));
    olderJournal.close();
    expect(await replay(file, newer.socket)).toBe(1);
    expect(await exchange(newer.socket, createIpSet('partners'))).toMatchObject({ status: 400 });
  });

  it('keeps the times of its requests on replay, so the optimization of storage does not begin again', async () => {
    const file = join(folder, 'long-ago');
    writeFileSync(file, readFileSync(journal, 'utf8').replace(/"answeredAt":[\d.]+/g, '"answeredAt":0'));
    const moto = await startMoto();
    await replay(file, moto.socket);
    const statusIn = async ({ url }: MotoOnPort): Promise<string | undefined> =>
      /<DBInstanceStatus>(.*?)</.exec(await new AwsClient(url).rds('DescribeDBInstances', {}))?.[1];
    expect(await statusIn(recordedMoto)).toBe('storage-optimization');
    expect(await statusIn(moto)).toBe('available');
  });

  it('cannot be replayed if moto answers differently, for example because a request bypassed the journal', async () => {
    const file = join(folder, 'without-first-request');
    const [seed = '', , ...others] = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(file, [seed, ...others].join('\n'));
    await expect(replay(file, (await startMoto()).socket)).rejects.toThrow(
      /^Request 1 of \S+, POST \/, was answered \d+ \(request id \w+\) instead of \d+ \(request id \w+\)\. .* the whole deployment is applied again\.$/,
    );
  });

  it.each([
    ['is gone', undefined, /cannot be read, so the whole deployment is applied again\.$/],
    [
      'has an incomplete line before others',
      '{"seed":\n{}\n',
      /has a line that is not JSON, so the whole deployment is applied again\.$/,
    ],
  ])('that %s cannot be replayed, so the whole deployment must be applied again', async (_flaw, content, message) => {
    const file = join(folder, 'broken');
    if (content !== undefined) writeFileSync(file, content);
    const failedReplay = replay(file, recordedMoto.socket);
    await expect(failedReplay).rejects.toThrow(message);
    await expect(failedReplay).rejects.toBeInstanceOf(ReplayFailed);
  });
});
