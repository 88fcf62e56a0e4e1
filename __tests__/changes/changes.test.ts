import type { TerraformPlan } from '../../local/control-plane/terraform-json';
import type { Environment } from '../../modules/settings/settings';
import { expectNoHarm } from '../support/expect-no-harm';
import { Load } from '../support/load';
import { measureInTime } from '../support/measure-in-time';
import { withNewCode } from '../support/new-code';
import { RunningDeployment, type EditStack } from '../support/running-deployment';
import { everything } from '../support/stack';
import { differencesIn } from '../support/terraform-plan';

const MINUTE_MS = 60_000;

jest.setTimeout(5 * MINUTE_MS);

interface Changed {
  readonly what: string;
  readonly environment: Environment;
  /**
   * No request fails while it is planned and applied. What was changed before is reverted in the same step, so that must not
   * interrupt either.
   */
  readonly uninterrupted?: true;
  /** Changes the synthesised stack. */
  readonly edit?: EditStack;
  /** Types of the resources that are replaced; what is invoked again, and the API's deployments, left out. */
  readonly replaces?: readonly string[];
}

const { database, edge, api } = everything;
const without = (proxy: 'password' | 'iam'): Environment => ({
  ...everything,
  proxies: { [proxy]: { enabled: false } },
});

/** Each change is deployed over the one before, which is reverted in the same step. */
const CHANGES: readonly Changed[] = [
  {
    what: 'another office',
    uninterrupted: true,
    environment: { ...everything, edge: { ...edge, allowlist: { ipv4: ['203.0.113.0/24', '198.51.100.0/24'] } } },
  },
  {
    what: 'one more person',
    uninterrupted: true,
    environment: {
      ...everything,
      database: { ...database, users: { clients: [{ name: 'analyst' }, { name: 'newcomer' }] } },
    },
  },
  {
    what: 'smaller pools',
    environment: {
      ...everything,
      proxies: { password: { maxConnectionsPercent: 18 }, iam: { maxConnectionsPercent: 18 } },
    },
  },
  {
    what: 'more memory for a function',
    uninterrupted: true,
    environment: { ...everything, functions: { func1: { memoryMib: 640 } } },
  },
  {
    what: 'new code of a function',
    uninterrupted: true,
    environment: { ...everything, functions: { func1: { memoryMib: 640 } } },
    edit: withNewCode('func1'),
  },
  {
    what: 'a larger class',
    environment: { ...everything, database: { ...database, instanceClass: 'db.t4g.small' } },
  },
  {
    what: 'no rotation of passwords',
    environment: { ...everything, database: { ...database, passwordRotation: { enabled: false } } },
  },
  { what: 'other tags', uninterrupted: true, environment: { ...everything, tags: { team: 'platform' } } },
  {
    what: 'alarms',
    uninterrupted: true,
    environment: { ...everything, alarms: { enabled: true, email: 'platform@acme.org' } },
  },
  {
    what: 'a second API key',
    uninterrupted: true,
    environment: { ...everything, api: { ...api, keyGenerations: [1, 2] } },
  },
  {
    what: 'the first API key gone',
    uninterrupted: true,
    environment: { ...everything, api: { ...api, keyGenerations: [2] } },
  },
  { what: 'TLS at the password proxy', environment: { ...everything, proxies: { password: { requireTls: true } } } },
  { what: 'no password proxy', environment: without('password') },
  { what: 'no IAM proxy', environment: without('iam') },
  { what: 'no matrix', environment: { ...everything, authMatrix: { enabled: false } } },
  { what: 'no client host', environment: { ...everything, client: { enabled: false } } },
  {
    what: 'nothing public',
    environment: {
      ...everything,
      publicApi: { enabled: false },
      database: { ...database, publicAccess: { enabled: false } },
    },
  },
  { what: 'everything again', environment: everything },
  {
    what: 'a third zone, and more storage, which both stay',
    environment: {
      ...everything,
      network: { ...everything.network, zones: ['euc1-az1', 'euc1-az2', 'euc1-az3'] },
      database: { ...database, allocatedStorageGib: 40 },
    },
    replaces: ['aws_db_proxy', 'aws_db_proxy_default_target_group', 'aws_db_proxy_target'],
  },
];

/** Replaced whenever their content changes; callers do not notice. */
const EXPECTED_ANYWAY = new Set(['aws_api_gateway_deployment', 'aws_lambda_invocation', 'aws_lambda_layer_version']);

function replacedIn({ resource_changes: changes = [] }: TerraformPlan): string[] {
  const replaced = changes
    .filter(({ change: { actions } }) => actions.includes('create') && actions.includes('delete'))
    .map(({ type }) => type);
  return [...new Set(replaced)].filter((type) => !EXPECTED_ANYWAY.has(type)).sort();
}

const running = new RunningDeployment();

beforeAll(() => running.start(), 15 * MINUTE_MS);
afterAll(() => running.stop(), MINUTE_MS);

describe.each(CHANGES)('a change: $what', ({ what, environment, edit, replaces = [], uninterrupted = false }) => {
  it('replaces only what has to be replaced, and loses no data', async () => {
    const load = uninterrupted ? await Load.start(running) : undefined;
    const { plan, summary } = await running.change(environment, edit);
    await load?.more(15);
    if (load) expectNoHarm(await load.end(what));
    expect(replacedIn(plan)).toEqual(replaces);
    expect(summary.losses).toEqual([]);
  });

  it('leaves nothing to be changed', async () => {
    expect(differencesIn(await (await running.openTerraform()).plan())).toEqual([]);
  });

  it('answers on every route that is deployed, and on no other', async () => {
    for (const path of ['/', '/func1', '/func2', '/items', '/auth-matrix']) {
      const { status, text } = await running.get(path);
      const body = status === 502 ? text : '';
      expect([path, status, body]).toEqual([path, running.paths.includes(path) ? 200 : 404, '']);
    }
  });

  it('lets every login through that it must, and no other', async () => {
    if (environment.authMatrix?.enabled === false) return;
    const { probes } = await measureInTime(running);
    expect(probes.filter(({ agrees }) => !agrees)).toEqual([]);
  });
});
