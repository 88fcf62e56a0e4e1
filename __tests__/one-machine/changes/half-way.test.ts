import { Terraform, type TerraformOptions } from '../../../local/__tests__/support';
import type { Environment } from '../../../modules/settings/settings';
import { measureInTime } from '../support/measure-in-time';
import { withNewCode } from '../support/new-code';
import { RefusingAws } from '../support/refusing-aws';
import { RunningDeployment } from '../support/running-deployment';
import { everything } from '../../support/stack';
import { differencesIn } from '../support/terraform-plan';

const MINUTE_MS = 60_000;

jest.setTimeout(10 * MINUTE_MS);

const { database, api } = everything;

/** A large change. In one of its two directions it makes every kind of call. */
const CHANGED: Environment = {
  ...everything,
  database: { ...database, users: { clients: [{ name: 'newcomer' }], timestamps: { name: 'times' } } },
  proxies: { password: { requireTls: true }, iam: { enabled: false } },
  api: { ...api, keyGenerations: [1, 2] },
  publicApi: { enabled: false },
};

interface Failure {
  /** The refused calls, with their names in the service's API reference. */
  readonly call: string;
  readonly pattern: RegExp;
  readonly environment: Environment;
}

/** The directions alternate, so that each change has something to apply. */
const FAILURES: readonly Failure[] = [
  { call: 'ModifyDBProxy', pattern: /^rds ModifyDBProxy$/, environment: CHANGED },
  { call: 'RegisterDBProxyTargets', pattern: /^rds RegisterDBProxyTargets$/, environment: everything },
  { call: 'the invocation of the bootstrap', pattern: /^lambda POST .*-bootstrap\/invocations/, environment: CHANGED },
  { call: 'AuthorizeSecurityGroupIngress', pattern: /^ec2 AuthorizeSecurityGroupIngress$/, environment: everything },
  { call: 'DeleteFunction', pattern: /^lambda DELETE .*\/functions\/[^/]+$/, environment: CHANGED },
  { call: 'UpdateDistribution', pattern: /^cloudfront PUT .*\/distribution\//, environment: everything },
  { call: 'PutSecretValue', pattern: /^secretsmanager PutSecretValue$/, environment: CHANGED },
  { call: 'CreateDeployment', pattern: /^apigateway POST .*\/deployments$/, environment: everything },
  { call: 'PutRestApi', pattern: /^apigateway PUT \/restapis\/[^/]+\?/, environment: CHANGED },
  { call: 'UpdateFunctionCode', pattern: /^lambda PUT .*\/code$/, environment: everything },
];

const running = new RunningDeployment();
const aws = new RefusingAws(() => running.deployment.aws.url);
let ctrlC: AbortController | undefined;

beforeAll(async () => {
  await aws.start();
  const open = Terraform.open.bind(Terraform);
  jest
    .spyOn(Terraform, 'open')
    .mockImplementation((options: TerraformOptions) =>
      open({ ...options, endpoint: aws.url, ...(ctrlC && { signal: ctrlC.signal }) }),
    );
  await running.start();
}, 20 * MINUTE_MS);

afterAll(async () => {
  await running.stop();
  aws.stop();
}, MINUTE_MS);

/** Applies the same settings again after a failure. */
async function expectRepaired(environment: Environment): Promise<void> {
  await running.change(environment);
  expect(differencesIn(await (await running.openTerraform()).plan())).toEqual([]);
  for (const path of ['/', '/func1', '/func2', '/items', '/auth-matrix']) {
    const { status, text } = await running.get(path);
    expect([path, status, status === 502 ? text : '']).toEqual([path, running.paths.includes(path) ? 200 : 404, '']);
  }
  const { probes } = await measureInTime(running);
  expect(probes.filter(({ agrees }) => !agrees)).toEqual([]);
}

describe.each(FAILURES)('a change whose call $call is refused', ({ call, pattern, environment }) => {
  it('fails, and the next apply repairs it', async () => {
    aws.refuse((name) => pattern.test(name));
    const edit = call === 'UpdateFunctionCode' ? withNewCode('items') : undefined;
    await expect(running.change(environment, edit)).rejects.toThrow(/terraform apply failed/);
    expect(aws.matched).not.toEqual([]);
    aws.allowAll();
    await expectRepaired(environment);
  });
});

describe('a change that Ctrl-C interrupts', () => {
  it('is completed by the next apply', async () => {
    ctrlC = new AbortController();
    aws.at(
      (name) => name === 'rds ModifyDBProxy',
      () => ctrlC?.abort(new Error('Ctrl-C')),
    );
    await expect(running.change(CHANGED)).rejects.toThrow('Ctrl-C');
    ctrlC = undefined;
    aws.allowAll();
    await expectRepaired(CHANGED);
  });
});

describe('IAM at the instance that would wait for the maintenance window', () => {
  const withDatabase = (change: Environment['database']): Environment => ({
    ...everything,
    database: { ...database, ...change },
  });
  const withoutIam: Environment = {
    ...withDatabase({ iamAuthentication: false, users: {} }),
    publicApi: { enabled: false },
    client: { enabled: false },
  };

  it('fails the plan, and is applied without waiting', async () => {
    await running.change(withoutIam);
    const waiting = withDatabase({ applyImmediately: false });
    await expect(running.change(waiting)).rejects.toThrow(
      /database\.iamAuthentication\s+cannot\s+be\s+turned\s+on\s+with\s+database\.applyImmediately\s+false/,
    );
    await expectRepaired(everything);
  });
});

describe('a complete change', () => {
  it('removes the users and secrets that are no longer declared', async () => {
    await expectRepaired(everything);
    const names = await running.deployment.aws.database.query<{ name: string }>(
      "SELECT User AS name FROM mysql.user WHERE User IN ('timestamps', 'times', 'analyst', 'newcomer') ORDER BY 1",
    );
    expect(names.map(({ name }) => name)).toEqual(['analyst', 'timestamps']);
  });
});
