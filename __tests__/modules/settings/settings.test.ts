import { ROUTE_NAMES, routeOf } from '../../../contract/routes';
import { parseSettings, type Environment } from '../../../modules/settings/settings';
import { problemsOf, problemsWith, requiredSettings } from '../../support/settings';

describe('parseSettings', () => {
  it('adds the defaults for missing settings', () => {
    const settings = parseSettings(requiredSettings);
    expect(settings.database).toMatchObject({
      engineVersion: '8.4',
      iamAuthentication: true,
      publicAccess: { enabled: false },
      users: { timestamps: { name: 'timestamps' }, items: { name: 'items' }, usersReader: { name: 'users_reader' } },
    });
    // By default, a proxy may hold 22 % of the instance's connections for each of its routes.
    const routes = ROUTE_NAMES.filter((name) => routeOf(name).login?.at === 'iam-proxy').length;
    expect(settings.proxies.iam).toEqual({ enabled: true, requireTls: true, maxConnectionsPercent: 22 * routes });
    expect(settings.functions.func1.reservedConcurrency).toBeUndefined();
    expect(settings.backend).toEqual({ type: 'local' });
  });

  it('splits the VPC into three disjoint subnets for each zone, and moves no subnet when a zone is added', () => {
    const subnetsOf = (...zones: string[]) =>
      parseSettings({ ...requiredSettings, network: { ...requiredSettings.network, zones } }).network.subnets;
    expect(subnetsOf('euc1-az1', 'euc1-az2')).toEqual({
      public: ['10.20.0.0/20', '10.20.16.0/20'],
      private: ['10.20.64.0/20', '10.20.80.0/20'],
      database: ['10.20.128.0/20', '10.20.144.0/20'],
    });
    expect(subnetsOf('euc1-az1', 'euc1-az2', 'euc1-az3')).toEqual({
      public: ['10.20.0.0/20', '10.20.16.0/20', '10.20.32.0/20'],
      private: ['10.20.64.0/20', '10.20.80.0/20', '10.20.96.0/20'],
      database: ['10.20.128.0/20', '10.20.144.0/20', '10.20.160.0/20'],
    });
  });

  it('uses the subnets from the settings in place of the default ones', () => {
    const subnets = {
      public: ['10.20.0.0/24', '10.20.1.0/24'],
      private: ['10.20.2.0/24', '10.20.3.0/24'],
      database: ['10.20.4.0/24', '10.20.5.0/24'],
    };
    expect(
      parseSettings({ ...requiredSettings, network: { ...requiredSettings.network, subnets } }).network.subnets,
    ).toEqual(subnets);
  });

  it('reports every problem in one error', () => {
    const environment = {
      ...requiredSettings,
      nmae: 'typo',
      region: 'atlantis-1',
      proxies: { iam: { requireTls: false } },
      functions: { func1: { memoryMib: 'much' } },
      edge: { allowlist: { ipv4: ['0.0.0.0/0'] } },
    };
    expect(() => parseSettings(environment as object as Environment)).toThrow(
      'Environment test: 5 settings must be changed.',
    );
    expect(problemsOf(environment).map((problem) => problem.split(' ')[0])).toEqual([
      'region',
      'functions.func1.memoryMib',
      'nmae',
      'proxies.iam.requireTls',
      'edge.allowlist.ipv4',
    ]);
  });

  it('skips a rule that compares several settings if one of them is invalid', () => {
    expect(problemsWith({ network: { ...requiredSettings.network, cidr: 'ten' } })).toHaveLength(1);
  });
});

describe('a value of a wrong type', () => {
  it.each<[object, string]>([
    [
      { database: { multiAz: 'true' } },
      'database.multiAz must be a boolean, got "true": Write true or false, without quotes.',
    ],
    [
      { functions: { items: { memoryMib: '512' } } },
      'functions.items.memoryMib must be a number, got "512": Write a number, without quotes.',
    ],
    [
      { network: { ...requiredSettings.network, zones: 'euc1-az1' } },
      'network.zones must be a list, got "euc1-az1": Write a list in brackets, even for a single entry: ["…"].',
    ],
    [
      { api: () => 1 },
      'api must be an object, got a function: Write an object, { … }, that contains the settings of this group; docs/settings.md lists them.',
    ],
    [{ name: 5n }, 'name must be a string, got 5n: Write it in quotes.'],
  ])('is rejected, and the error shows the right form: %j', (change, problem) => {
    expect(problemsWith(change)).toEqual([problem]);
  });
});
