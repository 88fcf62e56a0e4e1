import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Applied } from '../../applied';
import { callAws } from '../../aws-api/call-aws';
import type { AwsApiServer } from '../../aws-api/server';
import { startMoto, type Moto } from '../../moto/moto';
import {
  adaptToOlderProvider,
  asNewerProviderReads,
  asNewerProviderSends,
  isVersionMissing,
  needsNewerProvider,
} from '../../terraform/older-provider';
import { Terraform } from '../../terraform/terraform';
import { Aws } from '../moto/aws';
import { makeInstance } from '../moto/refusals/resources';
import { openAwsApi } from '../support/aws-api';

jest.setTimeout(300_000);

const NETWORK = {
  aws_vpc: { vpc: { cidr_block: '10.0.0.0/16' } },
  aws_subnet: {
    one: { vpc_id: '${aws_vpc.vpc.id}', cidr_block: '10.0.1.0/24' },
    two: { vpc_id: '${aws_vpc.vpc.id}', cidr_block: '10.0.2.0/24' },
  },
};
const SECRET = {
  auth_scheme: 'SECRETS',
  iam_auth: 'REQUIRED',
  secret_arn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:one',
};

/** A configuration with one proxy that has these arguments in addition to the required ones. */
const configurationOf = (proxy: object, version = '~> 6.15'): object => ({
  terraform: { required_providers: { aws: { source: 'hashicorp/aws', version } } },
  provider: { aws: [{ region: 'eu-central-1' }] },
  resource: {
    ...NETWORK,
    aws_db_proxy: {
      proxy: {
        name: 'proxy',
        engine_family: 'MYSQL',
        require_tls: true,
        role_arn: 'arn:aws:iam::123456789012:role/proxy',
        vpc_subnet_ids: ['${aws_subnet.one.id}', '${aws_subnet.two.id}'],
        ...proxy,
      },
    },
  },
});

let folder: string;
const stack = (): string => join(folder, 'stack');

function write(configuration: object): void {
  mkdirSync(stack(), { recursive: true });
  writeFileSync(join(stack(), 'cdk.tf.json'), JSON.stringify(configuration));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'older-provider-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('an older provider', () => {
  let moto: Moto;
  let awsApi: AwsApiServer;
  const lines: string[] = [];

  beforeAll(async () => {
    moto = await startMoto(folder);
    awsApi = await openAwsApi({ upstream: moto.socket, folder });
    // RDS refuses proxies in an account that never had an instance.
    await makeInstance(new Aws(awsApi.url));
  });
  afterAll(async () => {
    await awsApi.stop();
    await moto.stop();
  });

  /** Applies a configuration and plans it again. */
  async function deploy(configuration: object) {
    write(configuration);
    const terraform = await Terraform.open({
      stack: stack(),
      folder: join(folder, 'run'),
      endpoint: awsApi.url,
      progress: (line) => lines.push(line),
    });
    const planned = actionsOn(await terraform.plan());
    await terraform.apply();
    const again = actionsOn(await terraform.plan());
    const [proxy] = new Applied(await terraform.showMeanwhile()).all('aws_db_proxy');
    return { planned, again, proxy, terraform };
  }

  const actionsOn = ({ resource_changes = [] }: Awaited<ReturnType<Terraform['plan']>>): readonly string[] =>
    resource_changes.filter(({ type }) => type === 'aws_db_proxy').flatMap(({ change }) => change.actions);

  async function schemeAtAws(): Promise<string | undefined> {
    const body = new URLSearchParams({ Action: 'DescribeDBProxies', Version: '2014-10-31', DBProxyName: 'proxy' });
    const api = { url: awsApi.url, service: 'rds', region: 'eu-central-1' };
    const response = await (await callAws(api, '/', { method: 'POST', body })).text();
    return /<DefaultAuthScheme>(.*?)</.exec(response)?.[1];
  }

  it('creates a proxy without a secret, and changes it in place to one with a secret', async () => {
    const created = await deploy(configurationOf({ default_auth_scheme: 'IAM_AUTH' }));
    expect(created).toMatchObject({ planned: ['create'], again: ['no-op'] });
    expect(created.proxy).toMatchObject({ default_auth_scheme: 'IAM_AUTH', auth: [], require_tls: true });
    expect(await schemeAtAws()).toBe('IAM_AUTH');
    expect(lines.join('\n')).toContain('older than the configuration requires');

    const back = await deploy(configurationOf({ default_auth_scheme: 'NONE', auth: [SECRET] }));
    expect(back).toMatchObject({ planned: ['update'], again: ['no-op'] });
    expect(back.proxy).toMatchObject({ default_auth_scheme: 'NONE', auth: [SECRET] });
    expect(new Applied(await back.terraform.show()).all('aws_db_proxy')).toMatchObject([
      { default_auth_scheme: 'NONE', auth: [SECRET] },
    ]);
    expect(await schemeAtAws()).toBe('NONE');
  });
});

describe('a configuration', () => {
  it('needs the newer provider only for the argument', () => {
    write(configurationOf({ auth: [SECRET] }, '~> 5.100.0'));
    expect(needsNewerProvider(stack())).toBe(false);
    write(configurationOf({ default_auth_scheme: 'NONE', auth: [SECRET] }));
    expect(needsNewerProvider(stack())).toBe(true);
  });

  it('loses only the argument and the version', () => {
    write(configurationOf({ default_auth_scheme: 'NONE', auth: [SECRET] }));
    adaptToOlderProvider(stack());
    const auth = [SECRET, { description: 'default_auth_scheme = "NONE"' }];
    const adapted = configurationOf({ auth }) as { terraform: { required_providers: { aws: { version?: string } } } };
    delete adapted.terraform.required_providers.aws.version;
    expect(JSON.parse(readFileSync(join(stack(), 'cdk.tf.json'), 'utf8'))).toEqual(adapted);
  });
});

describe('isVersionMissing', () => {
  it.each([
    [true, 'no available releases match the given constraints ~> 6.15'],
    [true, 'no available releases match the\ngiven constraints ~> 6.15'],
    [false, 'could not connect to registry.terraform.io'],
  ])('returns %s for %j', (missing, words) => {
    expect(isVersionMissing(new Error(`Could not retrieve the list of available versions: ${words}`))).toBe(missing);
  });
});

describe('a call of AWS', () => {
  const requestOf = (action: string, service = 'rds', description = 'default_auth_scheme = "IAM_AUTH"') => ({
    method: 'POST',
    path: '/',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/${service}/aws4_request, Signature=none`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: Buffer.from(
      new URLSearchParams({ Action: action, DBProxyName: 'one', 'Auth.member.1.Description': description }).toString(),
    ),
  });
  const schemeIn = (request: ReturnType<typeof requestOf>): string | null =>
    new URLSearchParams(asNewerProviderSends(request).body.toString()).get('DefaultAuthScheme');

  it.each(['CreateDBProxy', 'ModifyDBProxy'])('gets the argument: %s', (action) => {
    expect(schemeIn(requestOf(action))).toBe('IAM_AUTH');
  });

  it.each([
    ['another action', requestOf('CreateDBInstance')],
    ['another service', requestOf('CreateDBProxy', 'ec2')],
    ['another description', requestOf('CreateDBProxy', 'rds', 'of the default_auth_scheme = "IAM_AUTH" kind')],
  ])('stays unchanged: %s', (_what, request) => {
    expect(asNewerProviderSends(request)).toBe(request);
  });
});

describe('a state', () => {
  it('stays unchanged without the block', () => {
    const proxy = {
      address: 'a',
      mode: 'managed',
      type: 'aws_db_proxy',
      name: 'a',
      values: { auth: [SECRET] },
    } as const;
    const state = { values: { root_module: { resources: [proxy] } } };
    expect(asNewerProviderReads(state)).toEqual(state);
    expect(asNewerProviderReads({})).toEqual({});
  });
});
