import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Applied } from '../../applied';
import type { AwsApiServer } from '../../aws-api/server';
import { startMoto, type Moto } from '../../moto/moto';
import {
  adaptToOlderProvider,
  toNewerProviderState,
  toNewerProviderRequest,
  isVersionMissing,
  needsNewerProvider,
} from '../../terraform/older-provider';
import { Terraform } from '../../terraform/terraform';
import { makeInstance } from '../moto/refusals/resources';
import { openAwsApi } from '../support/aws-api';
import { AwsClient } from '../support/aws-client';
import { queryRequest } from '../support/aws-requests';

jest.setTimeout(300_000);

const NETWORK = {
  aws_vpc: { vpc: { cidr_block: '10.0.0.0/16' } },
  aws_subnet: {
    one: { vpc_id: '${aws_vpc.vpc.id}', cidr_block: '10.0.1.0/24' },
    two: { vpc_id: '${aws_vpc.vpc.id}', cidr_block: '10.0.2.0/24' },
  },
};
/** A block `auth` of a proxy. */
const SECRET_AUTH = {
  auth_scheme: 'SECRETS',
  iam_auth: 'REQUIRED',
  secret_arn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:one',
};

/** Makes a configuration of one proxy. @param proxy arguments about its authentication */
const configurationOf = (proxy: object, version = '~> 6.15'): object => ({
  terraform: { required_providers: { aws: { source: 'hashicorp/aws', version } } },
  // On purpose, no version meets both this constraint and `~> 6.15`. So Terraform finds no provider, even on a machine with internet.
  // The class `Terraform` then uses the older provider.
  provider: { aws: [{ region: 'eu-central-1', version: '~> 5.100.0' }] },
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

function writeConfiguration(configuration: object): void {
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
  let aws: AwsClient;
  const progress: string[] = [];

  beforeAll(async () => {
    moto = await startMoto(folder);
    awsApi = await openAwsApi({ upstream: moto.socket, folder });
    aws = new AwsClient(awsApi.url);
    // RDS refuses proxies in an account that never had an instance.
    await makeInstance(aws);
  });
  afterAll(async () => {
    await awsApi.stop();
    await moto.stop();
  });

  /** Plans and applies a configuration, then plans it again. */
  async function deploy(configuration: object) {
    writeConfiguration(configuration);
    const terraform = await Terraform.open({
      stack: stack(),
      folder: join(folder, 'run'),
      endpoint: awsApi.url,
      progress: (line) => progress.push(line),
    });
    const planned = actionsOnProxy(await terraform.plan());
    await terraform.apply();
    const plannedAgain = actionsOnProxy(await terraform.plan());
    const [proxy] = new Applied(await terraform.showWhileApplying()).all('aws_db_proxy');
    return { planned, plannedAgain, proxy, terraform };
  }

  const actionsOnProxy = ({ resource_changes = [] }: Awaited<ReturnType<Terraform['plan']>>): readonly string[] =>
    resource_changes.filter(({ type }) => type === 'aws_db_proxy').flatMap(({ change }) => change.actions);

  async function schemeAtAws(): Promise<string | undefined> {
    const proxies = await aws.rds('DescribeDBProxies', { DBProxyName: 'proxy' });
    return /<DefaultAuthScheme>(.*?)</.exec(proxies)?.[1];
  }

  it('creates a proxy without a secret, and changes it in place to one with a secret', async () => {
    const created = await deploy(configurationOf({ default_auth_scheme: 'IAM_AUTH' }));
    expect(created).toMatchObject({ planned: ['create'], plannedAgain: ['no-op'] });
    expect(created.proxy).toMatchObject({ default_auth_scheme: 'IAM_AUTH', auth: [], require_tls: true });
    expect(await schemeAtAws()).toBe('IAM_AUTH');
    expect(progress.join('\n')).toContain('older than the configuration requires');

    const changed = await deploy(configurationOf({ default_auth_scheme: 'NONE', auth: [SECRET_AUTH] }));
    expect(changed).toMatchObject({ planned: ['update'], plannedAgain: ['no-op'] });
    expect(changed.proxy).toMatchObject({ default_auth_scheme: 'NONE', auth: [SECRET_AUTH] });
    expect(new Applied(await changed.terraform.show()).all('aws_db_proxy')).toMatchObject([
      { default_auth_scheme: 'NONE', auth: [SECRET_AUTH] },
    ]);
    expect(await schemeAtAws()).toBe('NONE');
  });
});

describe('a configuration', () => {
  it('needs the newer provider if it sets default_auth_scheme or requires version ~> 6.15', () => {
    writeConfiguration(configurationOf({ auth: [SECRET_AUTH] }, '~> 5.100.0'));
    expect(needsNewerProvider(stack())).toBe(false);
    writeConfiguration(configurationOf({ default_auth_scheme: 'NONE', auth: [SECRET_AUTH] }, '~> 5.100.0'));
    expect(needsNewerProvider(stack())).toBe(true);
    writeConfiguration(configurationOf({ auth: [SECRET_AUTH] }, '~> 6.15'));
    expect(needsNewerProvider(stack())).toBe(true);
  });

  it('stores default_auth_scheme in an auth block, and loses its required version, when it is adapted to the older provider', () => {
    writeConfiguration(configurationOf({ default_auth_scheme: 'NONE', auth: [SECRET_AUTH] }));
    adaptToOlderProvider(stack());
    const auth = [SECRET_AUTH, { description: 'default_auth_scheme = "NONE"' }];
    const expected = configurationOf({ auth }) as { terraform: { required_providers: { aws: { version?: string } } } };
    delete expected.terraform.required_providers.aws.version;
    expect(JSON.parse(readFileSync(join(stack(), 'cdk.tf.json'), 'utf8'))).toEqual(expected);
  });
});

describe('isVersionMissing', () => {
  it.each([
    [true, 'no available releases match the given constraints ~> 6.15'],
    [true, 'no available releases match the\ngiven constraints ~> 6.15'],
    [false, 'could not connect to registry.terraform.io'],
  ])('returns %s for %j', (isMissing, problem) => {
    expect(isVersionMissing(new Error(`Could not retrieve the list of available versions: ${problem}`))).toBe(
      isMissing,
    );
  });
});

describe('a call by the older provider', () => {
  const proxyRequest = (Action: string, service = 'rds', description = 'default_auth_scheme = "IAM_AUTH"') =>
    queryRequest(service, { Action, DBProxyName: 'one', 'Auth.member.1.Description': description });

  it.each(['CreateDBProxy', 'ModifyDBProxy'])(
    'gets the parameter DefaultAuthScheme from the description of an auth block if its action is %s',
    (action) => {
      const { body } = toNewerProviderRequest(proxyRequest(action));
      expect(new URLSearchParams(body.toString()).get('DefaultAuthScheme')).toBe('IAM_AUTH');
    },
  );

  it.each([
    ['another action', proxyRequest('CreateDBInstance')],
    ['another service', proxyRequest('CreateDBProxy', 'ec2')],
    ['another description', proxyRequest('CreateDBProxy', 'rds', 'of the default_auth_scheme = "IAM_AUTH" kind')],
  ])('stays unchanged if it has %s', (_what, request) => {
    expect(toNewerProviderRequest(request)).toBe(request);
  });
});

describe('a state of the older provider', () => {
  it('stays unchanged if no auth block stands for default_auth_scheme', () => {
    const values = { auth: [SECRET_AUTH] };
    const proxy = { address: 'a', mode: 'managed', type: 'aws_db_proxy', name: 'a', values } as const;
    const state = { values: { root_module: { resources: [proxy] } } };
    expect(toNewerProviderState(state)).toEqual(state);
    expect(toNewerProviderState({})).toEqual({});
  });
});
