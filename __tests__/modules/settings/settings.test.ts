import { parseSettings, type Environment } from '../../../modules/settings/settings';
import { everything, guarded } from '../../support/stack';
import { problemsOf, smallest } from '../../support/settings';

describe('parseSettings', () => {
  it.each([everything, guarded, smallest])('accepts environment $name', (environment) => {
    expect(problemsOf(environment)).toEqual([]);
  });

  it('adds the defaults for missing settings', () => {
    const settings = parseSettings(smallest);
    expect(settings.database).toMatchObject({
      engineVersion: '8.4',
      iamAuthentication: true,
      publicAccess: { enabled: false },
      users: { timestamps: { name: 'timestamps' }, items: { name: 'items' }, usersReader: { name: 'users_reader' } },
    });
    expect(settings.proxies.iam).toEqual({ enabled: true, requireTls: true, maxConnectionsPercent: 20 });
    expect(settings.functions.func1.reservedConcurrency).toBeUndefined();
    expect(settings.backend).toEqual({ type: 'local' });
  });

  it('splits the VPC into three disjoint subnets for each zone, and an added zone moves none', () => {
    const subnetsOf = (...zones: string[]) =>
      parseSettings({ ...smallest, network: { ...smallest.network, zones } }).network.subnets;
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

  it('keeps the subnets of the settings', () => {
    const subnets = {
      public: ['10.20.0.0/24', '10.20.1.0/24'],
      private: ['10.20.2.0/24', '10.20.3.0/24'],
      database: ['10.20.4.0/24', '10.20.5.0/24'],
    };
    expect(parseSettings({ ...smallest, network: { ...smallest.network, subnets } }).network.subnets).toEqual(subnets);
  });

  it('reports every problem in one error', () => {
    const environment = {
      ...smallest,
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

  it('runs no rule on an invalid setting', () => {
    expect(problemsOf({ ...smallest, network: { cidr: 'ten', zones: smallest.network.zones } })).toHaveLength(1);
  });
});

const bad: [why: string, change: object, problems: string[]][] = [
  [
    'an unknown login from the proxy to the instance',
    { proxies: { iam: { upstream: 'IAM' } } },
    [
      'proxies.iam.upstream must be one of secret, iam, got "IAM": Did you mean iam? Write one of them exactly as shown.',
    ],
  ],
  [
    'a window that AWS WAF does not support',
    { edge: { allowlist: { ipv4: ['203.0.113.0/24'] }, rateLimit: { windowSeconds: 30 } } },
    ['edge.rateLimit.windowSeconds must be one of 60, 120, 300, 600, got 30: Write one of them exactly as shown.'],
  ],
  [
    'timeouts that end a call before it can answer with an error',
    { proxies: { borrowTimeoutSeconds: 5 }, functions: { timeoutSeconds: 8 } },
    [
      'proxies.borrowTimeoutSeconds must be a whole number from 1 to 4, got 5: The functions cancel a statement after 5 s, including the wait for a connection.',
      'functions.timeoutSeconds must be a whole number from 9 to 29, got 8: A function waits up to 3 s for the database and 5 s for a statement. API Gateway times out after 29 s.',
    ],
  ],
  [
    'an engine without IAM logins',
    { database: { engineVersion: '5.6.51' } },
    [
      'database.engineVersion must be 8.4, or a version from 8.4.3 to 8.4.32, got "5.6.51": The parameter group, the users and IAM logins need MySQL 8.4. Write 8.4 to let RDS choose its newest version.',
    ],
  ],
  [
    'a class without IAM logins',
    { database: { instanceClass: 'db.t1.micro' } },
    [
      'database.instanceClass must be an instance class that supports MySQL 8.4, got "db.t1.micro": Did you mean db.t3.micro? Write it as in db.t4g.small. If the class is new in RDS, add it to modules/settings/machine-types.ts.',
    ],
  ],
  [
    'an invalid custom domain',
    { edge: { ...smallest.edge, customDomain: { enabled: true, domainName: 'Example', hostedZoneId: 'zone' } } },
    [
      'edge.customDomain.domainName must be a domain name, got "Example": Write it in lower case, without a dot at the end, and names in other scripts as xn--…, as in api.example.com.',
      'edge.customDomain.hostedZoneId must be the id of a hosted zone, got "zone": It gets the records of the name and of the certificate validation. Write it as in Z0123456789ABCDEFGHIJ.',
    ],
  ],
  [
    'a retention time that CloudWatch does not support',
    { logRetentionDays: 8 },
    [
      'logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, got 8: Write one of them exactly as shown.',
    ],
  ],
  [
    'settings that do not exist',
    { colour: 'red', database: { storage: 20 } },
    [
      'database.storage is not a known setting, got 20: Correct its spelling or remove it; docs/settings.md lists the settings.',
      'colour is not a known setting, got "red": Correct its spelling or remove it; docs/settings.md lists the settings.',
    ],
  ],
  [
    'a missing list of zones',
    { network: { cidr: '10.20.0.0/16' } },
    ['network.zones must be a list, got nothing: The setting has no default. Add it.'],
  ],
];

describe('an environment is rejected for', () => {
  it.each(bad)('%s', (_why, change, problems) => {
    expect(problemsOf({ ...smallest, ...change })).toEqual(problems);
  });
});
