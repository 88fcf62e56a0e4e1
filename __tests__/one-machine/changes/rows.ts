import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EFFECTS, type SettingEffect, type Setting } from '../../../modules/settings/effects';
import type { Environment } from '../../../modules/settings/settings';
import { withNewCode } from '../support/new-code';
import type { EditStack } from '../support/running-deployment';
import { everything } from '../../support/stack';
import { changed, ofFunctions, ofUsers, trials, type HostedZones, type Values } from './trials';

/** Changes of one step. The same step also reverts the previous one. */
export interface Row {
  readonly what: string;
  /** Settings that get their trial values. */
  readonly settings?: readonly Setting[];
  /** Further values. */
  readonly values?: (zones: HostedZones) => Values;
  /** Whether no request fails during the step. */
  readonly uninterrupted?: true;
  /** Paths at which requests may fail during the step. Other requests must succeed, and no row may be lost. */
  readonly interrupted?: readonly string[];
  /** Changes the synthesised stack. */
  readonly edit?: EditStack;
  /** Attributes of the instance that wait for the maintenance window, so the next plan changes them again. @default - none */
  readonly waiting?: readonly string[];
  /** Types of replaced resources. @default - those declared for the settings of this step and the previous one */
  readonly replaces?: readonly string[];
}

/** Sets Terraform variables with a file, as Terraform Cloud does in a workspace. The file stays for later steps. */
const withOffices: EditStack = (stack) => {
  const values = { office_ipv4_cidrs: ['203.0.113.0/24', '192.0.2.0/24'], office_ipv6_cidrs: ['2001:db8:3::/48'] };
  writeFileSync(join(stack, 'offices.auto.tfvars.json'), JSON.stringify(values));
};

const LARGER_CLASS: readonly Setting[] = [
  'database.engineVersion',
  'database.instanceClass',
  'database.multiAz',
  'database.backupRetentionDays',
  'database.backupWindow',
  'database.maintenanceWindow',
  'database.deletionProtection',
  'database.finalSnapshot',
];

const THIRD_ZONE: readonly Setting[] = ['network.zones', 'database.allocatedStorageGib'];

export const ROWS: readonly Row[] = [
  { what: 'another office', uninterrupted: true, settings: ['edge.allowlist.ipv4', 'edge.allowlist.ipv6'] },
  { what: 'one more person', uninterrupted: true, settings: ['database.users.clients'] },
  { what: 'a renamed user of a person', settings: ['database.users.clients[].name'] },
  {
    what: 'fewer connections',
    settings: [
      'database.maxConnections',
      ...ofUsers('maxConnections'),
      'database.users.clients[].maxConnections',
      'proxies.password.maxConnectionsPercent',
      'proxies.iam.maxConnectionsPercent',
      'proxies.borrowTimeoutSeconds',
    ],
  },
  {
    what: 'more memory and time for the functions',
    uninterrupted: true,
    settings: ['functions.timeoutSeconds', ...ofFunctions('memoryMib')],
  },
  {
    what: 'new code of a function',
    uninterrupted: true,
    settings: ['functions.func1.memoryMib'],
    edit: withNewCode('func1'),
  },
  { what: 'other tags', uninterrupted: true, settings: ['tags', 'logRetentionDays'] },
  {
    what: 'alarms to a person',
    uninterrupted: true,
    values: () => ({ alarms: { enabled: true, email: 'platform@acme.org' } }),
  },
  { what: 'alarms to another person', settings: ['alarms.email'] },
  // The subscription is deleted with its topic.
  { what: 'no alarms', settings: ['alarms'], replaces: [] },
  { what: 'a second API key', uninterrupted: true, settings: ['api.keyGenerations'] },
  { what: 'the first API key gone', uninterrupted: true, values: () => ({ 'api.keyGenerations': [2] }) },
  {
    what: 'other limits for callers',
    settings: [
      'api.throttle.ratePerSecond',
      'api.throttle.burst',
      'api.quota.limit',
      'api.quota.period',
      'edge.rateLimit.requests',
      'edge.rateLimit.windowSeconds',
    ],
  },
  { what: 'TLS at the password proxy', settings: ['proxies.password.requireTls'] },
  {
    what: 'a larger class and a newer version, in the maintenance window, and protection',
    settings: [...LARGER_CLASS, 'database.applyImmediately'],
    waiting: ['instance_class', 'multi_az'],
  },
  { what: 'the same without waiting', settings: LARGER_CLASS },
  { what: 'no rotation of passwords', settings: ['database.passwordRotation'] },
  {
    what: 'another rotation interval, and another block that reaches the database',
    settings: ['database.passwordRotation.days', 'database.publicAccess.cidrs'],
  },
  {
    what: 'reserved executions',
    settings: [...ofFunctions('reservedConcurrency')],
  },
  {
    what: 'a renamed user of the timestamps',
    interrupted: ['/func1', '/func2'],
    settings: ['database.users.timestamps.name'],
  },
  {
    what: 'renamed users of the functions',
    settings: [...ofUsers('name')],
  },
  { what: 'no password proxy', settings: ['proxies.password.enabled'] },
  { what: 'no IAM proxy', settings: ['proxies.iam.enabled'] },
  { what: 'no matrix', settings: ['authMatrix.enabled'] },
  { what: 'no client host', settings: ['client.enabled'] },
  { what: 'a larger client host', settings: ['client.instanceType'] },
  { what: 'nothing public', settings: ['database.publicAccess', 'publicApi.enabled'] },
  { what: 'no IAM at the instance', settings: ['database.iamAuthentication'] },
  {
    what: 'a custom domain',
    values: ([hostedZoneId]) => ({
      'edge.customDomain': { enabled: true, domainName: 'api.acme.org', hostedZoneId },
    }),
  },
  { what: 'another custom domain', settings: ['edge.customDomain.domainName'] },
  { what: 'the custom domain in another zone', settings: ['edge.customDomain.hostedZoneId'] },
  // The records are deleted.
  { what: 'no custom domain', settings: ['edge.customDomain'], replaces: [] },
  { what: 'no access log', settings: ['api.accessLog'] },
  { what: 'an access log with the role of another stack', settings: ['api.accessLog.ownsAccountRole'] },
  { what: 'everything again' },
  { what: 'a third zone, and more storage, which both stay', settings: THIRD_ZONE },
  { what: 'offices by Terraform variables', settings: THIRD_ZONE, edit: withOffices, replaces: [] },
  {
    what: 'an IAM proxy without a secret',
    interrupted: ['/func2'],
    settings: [...THIRD_ZONE, 'proxies.iam.upstream'],
    replaces: [],
  },
  {
    what: 'another user behind such a proxy',
    settings: [...THIRD_ZONE, 'database.users.timestampsIam.name', 'database.users.timestampsIam.maxConnections'],
    replaces: [],
  },
  {
    what: 'the secret of the IAM proxy again',
    interrupted: ['/func2'],
    settings: THIRD_ZONE,
    values: () => ({ 'proxies.iam.upstream': 'secret' }),
    replaces: [],
  },
];

export const environmentOf = ({ settings = [], values }: Row, zones: HostedZones): Environment => {
  const tried = settings.map((setting): Values => trials(zones)[setting]);
  return changed(everything, Object.assign({}, ...tried, values?.(zones)) as Values);
};

const effects: Readonly<Record<Setting, SettingEffect>> = EFFECTS;

/** Returns the types of the resources that a step replaces. */
export function replacedBy(row: Row, before: Row | undefined): string[] {
  const settings = [...(row.settings ?? []), ...(before?.settings ?? [])];
  const declared = settings.flatMap((setting) => effects[setting].replaces ?? []);
  return [...(row.replaces ?? new Set(declared))].sort();
}
