import { readEnvironments } from '../../../read-environments';
import { parseEnvironments, warningsFor } from '../../../modules/settings/environments';
import type { Environment } from '../../../modules/settings/settings';
import { requiredSettings } from '../../support/settings';

const withWorkspace = (workspace: string): Partial<Environment> => ({
  backend: { type: 'cloud', organization: 'acme', workspace },
});
const withDomain: Partial<Environment> = {
  edge: {
    ...requiredSettings.edge,
    customDomain: { enabled: true, domainName: 'api.acme.org', hostedZoneId: 'Z0123456789' },
  },
};
/** Returns the required settings twice, with the names `one` and `two`. Each parameter replaces settings of one of them. */
const twoEnvironments = (first: Partial<Environment>, second: Partial<Environment>): Environment[] => [
  { ...requiredSettings, name: 'one', ...first },
  { ...requiredSettings, name: 'two', ...second },
];

describe('two environments are rejected', () => {
  it.each([
    [
      'if they have the same name',
      twoEnvironments({ name: 'dev' }, { name: 'dev' }),
      'Environment dev: 1 setting must be changed.\n- name must differ from the names of the other environments, got "dev": The name is part of the names of resources and of the state file. Choose another.',
    ],
    [
      'if the names of their workspaces in Terraform Cloud differ only in case',
      twoEnvironments(withWorkspace('login'), withWorkspace('Login')),
      'Environment two: 1 setting must be changed.\n- backend.workspace must differ from the workspace of environment one, got "Login": Names that differ only in case count as the same. A workspace holds one state: the deployment of one environment would replace the other. Give each its own workspace.',
    ],
    [
      'if they have the same custom domain',
      twoEnvironments(withDomain, withDomain),
      'Environment two: 1 setting must be changed.\n- edge.customDomain.domainName must differ from the domain name of environment one, got "api.acme.org": A name can belong to only one distribution. Choose another.',
    ],
  ])('%s', (_why, environments, message) => {
    expect(() => parseEnvironments(environments)).toThrow(new Error(message));
  });

  it('with the problems of both in one error', () => {
    expect(() => parseEnvironments(twoEnvironments({ region: 'x' }, { region: 'y' }))).toThrow(
      /Environment one: .*\n.*got "x".*\nEnvironment two: .*\n.*got "y"/,
    );
  });
});

describe('a warning', () => {
  const [ACCOUNT, OTHER_ACCOUNT] = ['123456789012', '210987654321'];
  const warningsOf = (environments: readonly Environment[]): string[] =>
    parseEnvironments(environments).flatMap((settings, index, all) =>
      warningsFor(settings, all.slice(0, index)).map((message) => `${settings.name}: ${message}`),
    );
  /** Settings without a conflict with `requiredSettings`: another VPC block, and no ownership of API Gateway's role. */
  const disjoint = {
    network: { ...requiredSettings.network, cidr: '10.21.0.0/16' },
    api: { accessLog: { enabled: true as const, ownsAccountRole: false } },
  };

  it('is not given for separate VPC blocks and one owner of API Gateway’s role', () => {
    expect(warningsOf(twoEnvironments({}, disjoint))).toEqual([]);
  });

  it('is given for overlapping VPCs', () => {
    expect(warningsOf(twoEnvironments({}, { ...disjoint, network: requiredSettings.network }))).toEqual([
      'two: network.cidr 10.20.0.0/16 overlaps 10.20.0.0/16 of environment one: the two VPCs can never be connected, by peering or a transit gateway. Choose another block if you may want to connect them.',
    ]);
  });

  it('is given for two owners of API Gateway’s role in one region', () => {
    expect(warningsOf(twoEnvironments({}, { ...disjoint, api: {} }))).toEqual([
      'two: api.accessLog.ownsAccountRole is true here and in environment one: an account has one role for the logs of API Gateway in eu-central-1. If both environments are in one account, each deploy replaces the other environment’s role, and destroying one environment can end the logs of both. If they are in different accounts, set accountId in both. Otherwise set ownsAccountRole, or api.accessLog.enabled, to false in one of them.',
    ]);
  });

  it('is not given for two owners in different accounts', () => {
    const countWith = (accountId: string): number =>
      warningsOf(twoEnvironments({ accountId: ACCOUNT }, { ...disjoint, api: {}, accountId })).length;
    expect([countWith(ACCOUNT), countWith(OTHER_ACCOUNT)]).toEqual([1, 0]);
  });

  describe('about reserved concurrency', () => {
    const reserving = (executions: number, accountConcurrency = 1000): Partial<Environment> => ({
      functions: { accountConcurrency, func1: { reservedConcurrency: executions } },
    });

    it('is given if the reservations in one region together exceed what one account can reserve', () => {
      expect(warningsOf(twoEnvironments(reserving(600), { ...disjoint, ...reserving(250, 949) }))).toEqual([
        'two: the functions of the environments one and two together reserve 850 concurrent executions in eu-central-1. With functions.accountConcurrency 949, functions in one account can reserve at most 849, because Lambda keeps 100 unreserved. If the environments are in different accounts, set accountId in each. Otherwise lower reservedConcurrency, or raise the account’s quota and set functions.accountConcurrency to it.',
      ]);
    });

    it.each([
      ['if both reservations fit into one account', reserving(600), reserving(250, 950)],
      ['if only one environment reserves', reserving(850, 950), { functions: { accountConcurrency: 200 } }],
      [
        'for different accounts',
        { ...reserving(600), accountId: ACCOUNT },
        { ...reserving(600), accountId: OTHER_ACCOUNT },
      ],
    ])('is not given %s', (_why, first, second) => {
      expect(warningsOf(twoEnvironments(first, { ...disjoint, ...second }))).toEqual([]);
    });

    it('is not given for different regions', () => {
      const otherRegion = { region: 'eu-west-1', network: { cidr: '10.21.0.0/16', zones: ['euw1-az1', 'euw1-az2'] } };
      expect(warningsOf(twoEnvironments(reserving(600), { ...disjoint, ...reserving(600), ...otherRegion }))).toEqual(
        [],
      );
    });
  });

  it('is not given for the shipped environments, which can be deployed side by side', () => {
    expect(warningsOf(readEnvironments())).toEqual([]);
  });

  it('is given for a VPC of public addresses', () => {
    const network = { ...requiredSettings.network, cidr: '8.8.0.0/16' };
    expect(warningsOf([{ ...requiredSettings, network }])).toEqual([
      'test: network.cidr 8.8.0.0/16 is public address space: hosts in the VPC cannot reach the hosts on the internet that have these addresses. Unless these addresses are yours, choose a private block, such as 10.20.0.0/16.',
    ]);
  });
});
