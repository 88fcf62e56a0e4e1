import { ROUTE_NAMES, ROUTE_USER_NAMES } from '../../../contract/routes';
import type { Setting } from '../../../modules/settings/effects';
import type { Environment } from '../../../modules/settings/settings';
import { allFeatures } from '../../support/stack';

/** Types of resources that Terraform replaces when their content changes. Callers do not notice the replacement. */
export const REPLACED_WITHOUT_EFFECT = new Set([
  'aws_api_gateway_deployment',
  'aws_lambda_invocation',
  'aws_lambda_layer_version',
  'aws_lambda_permission',
]);

/** Values of settings by path. */
export type Values = Readonly<Record<string, unknown>>;

/** Ids of two hosted zones with the same name, for the custom domain. */
export type HostedZones = readonly [string, string];

/** Account of the local AWS. */
const ACCOUNT = '123456789012';

/** Returns an environment with every feature, and with values for the optional settings that some trials change. */
export const deployedEnvironment = ([hostedZoneId]: HostedZones): Environment =>
  changed(allFeatures, {
    accountId: ACCOUNT,
    'database.backupWindow': '01:00-02:00',
    'database.maintenanceWindow': 'sun:02:30-sun:03:30',
    alarms: { enabled: true, email: 'platform@acme.org' },
    'edge.customDomain': { enabled: true, domainName: 'api.acme.org', hostedZoneId },
  });

/** Returns an environment with other values of some settings. */
export function changed(environment: Environment, values: Values): Environment {
  return Object.entries(values).reduce<Environment>(
    (before, [path, value]) => withValue(before, path.split('.'), value) as Environment,
    environment,
  );
}

function withValue(group: unknown, [name = '', ...inner]: readonly string[], value: unknown): unknown {
  const before = (group ?? {}) as Readonly<Record<string, unknown>>;
  return { ...before, [name]: inner.length === 0 ? value : withValue(before[name], inner, value) };
}

/** The subnets that `allFeatures` gets by default. */
const SUBNETS = {
  public: ['10.20.0.0/20', '10.20.16.0/20'],
  private: ['10.20.64.0/20', '10.20.80.0/20'],
  database: ['10.20.128.0/20', '10.20.144.0/20'],
};
const OTHER_SUBNET = '10.20.240.0/20';
const movedSubnet = (tier: keyof typeof SUBNETS): Values => ({
  'network.subnets': { ...SUBNETS, [tier]: [SUBNETS[tier][0], OTHER_SUBNET] },
});

/**
 * Reserves 8 executions of a function. The account's quota must exceed all reserved executions by 100, because Lambda keeps 100
 * unreserved. The throttle limits how many containers run at once, so that they stay within the connection limits of their
 * database users.
 */
const withReservedConcurrency = (path: string): Values => ({
  'functions.accountConcurrency': 150,
  'api.throttle': { ratePerSecond: 20, burst: 8 },
  [path]: 8,
});

const inS3 = (bucket: string, region: string): Values => ({ backend: { type: 's3', bucket, region } });
const inCloud = (organization: string, workspace: string): Values => ({
  backend: { type: 'cloud', organization, workspace },
});

/** Returns the paths of this setting, for the function of each declared route. */
export const ofFunctions = <Part extends 'memoryMib' | 'reservedConcurrency'>(part: Part) =>
  ROUTE_NAMES.map((name) => `functions.${name}.${part}` as const);

/** Returns the paths of this setting for each user of the routes except `timestampsIam`, which needs `proxies.iam.upstream: 'iam'`. */
export const ofUsers = <Part extends 'name' | 'maxConnections'>(part: Part) =>
  ROUTE_USER_NAMES.filter((name) => name !== 'timestampsIam').map((name) => `database.users.${name}.${part}` as const);

/** The IAM proxy logs in to the instance by IAM. */
const END_TO_END: Values = { 'proxies.iam.upstream': 'iam' };

/** Returns a trial for each of these settings. */
const trialsOf = <Path extends Setting>(paths: readonly Path[], valuesOf: (path: Path) => Values) =>
  Object.fromEntries(paths.map((path) => [path, valuesOf(path)])) as Readonly<Record<Path, Values>>;

/** Returns a trial for each setting: a second value, and the other settings that must change with it. */
export const trials = ([hostedZoneId, otherZoneId]: HostedZones) =>
  ({
    name: { name: 'renamed' },
    region: { region: 'eu-west-1', 'network.zones': ['euw1-az1', 'euw1-az2'] },
    accountId: { accountId: '210987654321' },
    tags: { tags: { team: 'platform' } },
    backend: inS3('acme-terraform-state', 'eu-central-1'),
    'backend.bucket': inS3('acme-other-state', 'eu-central-1'),
    'backend.region': inS3('acme-terraform-state', 'eu-west-1'),
    'backend.organization': inCloud('acme', 'login-matrix-test'),
    'backend.workspace': inCloud('acme', 'login-matrix-other'),
    'network.cidr': { 'network.cidr': '10.30.0.0/16' },
    'network.zones': { 'network.zones': ['euc1-az1', 'euc1-az2', 'euc1-az3'] },
    'network.subnets.public': movedSubnet('public'),
    'network.subnets.private': movedSubnet('private'),
    'network.subnets.database': movedSubnet('database'),
    'database.engineVersion': { 'database.engineVersion': '8.4.7' },
    'database.instanceClass': { 'database.instanceClass': 'db.t4g.medium' },
    'database.maxConnections': { 'database.maxConnections': 72 },
    'database.allocatedStorageGib': { 'database.allocatedStorageGib': 400 },
    'database.multiAz': { 'database.multiAz': true },
    'database.backupRetentionDays': { 'database.backupRetentionDays': 7 },
    'database.backupWindow': { 'database.backupWindow': '00:30-01:30' },
    'database.maintenanceWindow': { 'database.maintenanceWindow': 'mon:04:00-mon:05:00' },
    'database.applyImmediately': { 'database.applyImmediately': false },
    'database.deletionProtection': { 'database.deletionProtection': true },
    'database.finalSnapshot': { 'database.finalSnapshot': true },
    'database.name': { 'database.name': 'other' },
    'database.iamAuthentication': {
      'database.iamAuthentication': false,
      'publicApi.enabled': false,
      'client.enabled': false,
      'database.users.clients': [],
    },
    'database.publicAccess': { 'database.publicAccess': { enabled: false }, 'publicApi.enabled': false },
    'database.publicAccess.cidrs': { 'database.publicAccess.cidrs': ['0.0.0.0/0', '203.0.113.0/24'] },
    'database.publicAccess.reason': { 'database.publicAccess.reason': 'another test' },
    'database.passwordRotation': { 'database.passwordRotation': { enabled: false } },
    'database.passwordRotation.days': { 'database.passwordRotation.days': 60 },
    ...trialsOf(ofUsers('name'), (path) => ({ [path]: `new_${path.split('.')[2]?.toLowerCase() ?? ''}` })),
    ...trialsOf(ofUsers('maxConnections'), (path) => ({ [path]: path.includes('.timestamps.') ? 90 : 18 })),
    'database.users.timestampsIam.name': { ...END_TO_END, 'database.users.timestampsIam.name': 'new_timestampsiam' },
    'database.users.timestampsIam.maxConnections': {
      ...END_TO_END,
      'database.users.timestampsIam.maxConnections': 18,
    },
    'database.users.clients': { 'database.users.clients': [{ name: 'analyst' }, { name: 'newcomer' }] },
    'database.users.clients[].name': { 'database.users.clients': [{ name: 'successor' }] },
    'database.users.clients[].maxConnections': { 'database.users.clients': [{ name: 'analyst', maxConnections: 4 }] },
    'proxies.password.enabled': { 'proxies.password.enabled': false },
    'proxies.password.requireTls': { 'proxies.password.requireTls': true },
    'proxies.password.maxConnectionsPercent': { 'proxies.password.maxConnectionsPercent': 18 },
    'proxies.iam.enabled': { 'proxies.iam.enabled': false },
    'proxies.iam.requireTls': { 'proxies.iam.requireTls': false },
    'proxies.iam.upstream': END_TO_END,
    'proxies.iam.maxConnectionsPercent': { 'proxies.iam.maxConnectionsPercent': 18 },
    'proxies.borrowTimeoutSeconds': { 'proxies.borrowTimeoutSeconds': 2 },
    'functions.timeoutSeconds': { 'functions.timeoutSeconds': 12 },
    'functions.accountConcurrency': { 'functions.accountConcurrency': 12 },
    ...trialsOf(ofFunctions('memoryMib'), (path) => ({ [path]: 640 })),
    ...trialsOf(ofFunctions('reservedConcurrency'), withReservedConcurrency),
    'api.throttle.ratePerSecond': { 'api.throttle.ratePerSecond': 90 },
    'api.throttle.burst': { 'api.throttle.burst': 8 },
    'api.quota.limit': { 'api.quota.limit': 90_000 },
    'api.quota.period': { 'api.quota.period': 'WEEK' },
    'api.keyGenerations': { 'api.keyGenerations': [1, 2] },
    'api.accessLog': { 'api.accessLog': { enabled: false } },
    'api.accessLog.ownsAccountRole': { 'api.accessLog': { enabled: true, ownsAccountRole: false } },
    'publicApi.enabled': { 'publicApi.enabled': false },
    'authMatrix.enabled': { 'authMatrix.enabled': false },
    'edge.allowlist.ipv4': { 'edge.allowlist.ipv4': ['203.0.113.0/24', '198.51.100.0/24'] },
    'edge.allowlist.ipv6': { 'edge.allowlist.ipv6': ['2001:db8:2::/48'] },
    'edge.rateLimit.requests': { 'edge.rateLimit.requests': 1000 },
    'edge.rateLimit.windowSeconds': { 'edge.rateLimit.windowSeconds': 120 },
    'edge.customDomain': { 'edge.customDomain': { enabled: false } },
    'edge.customDomain.domainName': {
      'edge.customDomain': { enabled: true, domainName: 'other.acme.org', hostedZoneId },
    },
    'edge.customDomain.hostedZoneId': {
      'edge.customDomain': { enabled: true, domainName: 'api.acme.org', hostedZoneId: otherZoneId },
    },
    'client.enabled': { 'client.enabled': false },
    'client.instanceType': { 'client.instanceType': 't4g.small' },
    alarms: { alarms: { enabled: false } },
    'alarms.email': { alarms: { enabled: true, email: 'operations@acme.org' } },
    logRetentionDays: { logRetentionDays: 60 },
  }) satisfies Readonly<Record<Setting, Values>>;
