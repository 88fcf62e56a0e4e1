import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EFFECTS, type SettingEffect, type Setting } from '../../../modules/settings/effects';
import type { Environment } from '../../../modules/settings/settings';
import { withNewCode } from '../support/new-code';
import type { EditStack } from '../support/running-deployment';
import { allFeatures } from '../../support/stack';
import { changed, ofFunctions, ofUsers, trials, type HostedZones, type Values } from './trials';

/**
 * A step of the suite. It applies `allFeatures` with the changes of this step. Changes of the previous step are reverted unless this step
 * repeats them.
 */
export interface Step {
  /** Completes "the change to …". */
  readonly title: string;
  /** Settings that get the values of `trials` in place of those of `allFeatures`. A trial may also set further settings. */
  readonly settings?: readonly Setting[];
  /** Values of further settings. */
  readonly values?: (hostedZones: HostedZones) => Values;
  /**
   * Paths where requests may fail during the step. All other requests must succeed, and no row may be lost.
   *
   * @default - the suite sends no requests during the step
   */
  readonly interrupts?: readonly string[];
  /** Changes the synthesised stack before it is applied. */
  readonly edit?: EditStack;
  /**
   * Attributes of the instance that wait for the maintenance window, so the next plan changes them again. Never lists
   * engine_version, because the provider accepts a pending version as the current one.
   *
   * @default - none
   */
  readonly waiting?: readonly string[];
  /** Types of replaced resources. @default - those in `EFFECTS` for the settings of this step and of the previous one */
  readonly replaces?: readonly string[];
}

/**
 * Sets the variables of the offices, as a workspace of Terraform Cloud does. Later steps keep them, because Terraform's
 * folder keeps the file when the next stack is copied to it.
 */
const withOfficeVariables: EditStack = (folder) => {
  const values = { office_ipv4_cidrs: ['203.0.113.0/24', '192.0.2.0/24'], office_ipv6_cidrs: ['2001:db8:3::/48'] };
  writeFileSync(join(folder, 'offices.auto.tfvars.json'), JSON.stringify(values));
};

const LARGER_DATABASE: readonly Setting[] = [
  'database.engineVersion',
  'database.instanceClass',
  'database.multiAz',
  'database.backupRetentionDays',
  'database.backupWindow',
  'database.maintenanceWindow',
  'database.deletionProtection',
  'database.finalSnapshot',
];

const THIRD_ZONE_AND_STORAGE: readonly Setting[] = ['network.zones', 'database.allocatedStorageGib'];

/** Applied in this order. */
export const STEPS: readonly Step[] = [
  { title: 'another office', interrupts: [], settings: ['edge.allowlist.ipv4', 'edge.allowlist.ipv6'] },
  { title: 'one more database user for people', interrupts: [], settings: ['database.users.clients'] },
  { title: 'a renamed database user for people', settings: ['database.users.clients[].name'] },
  {
    title: 'fewer connections',
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
    title: 'more memory and a longer timeout of the functions',
    interrupts: [],
    settings: ['functions.timeoutSeconds', ...ofFunctions('memoryMib')],
  },
  {
    title: 'new code of func1, which keeps its larger memory',
    interrupts: [],
    settings: ['functions.func1.memoryMib'],
    edit: withNewCode('func1'),
  },
  { title: 'other tags, and another retention of logs', interrupts: [], settings: ['tags', 'logRetentionDays'] },
  {
    title: 'alarms to a person',
    interrupts: [],
    values: () => ({ alarms: { enabled: true, email: 'platform@acme.org' } }),
  },
  { title: 'alarms to another person', settings: ['alarms.email'] },
  // `replaces` is empty although the step reverts alarms.email: the subscription is deleted with its topic, not replaced.
  { title: 'no alarms', settings: ['alarms'], replaces: [] },
  { title: 'a second API key', interrupts: [], settings: ['api.keyGenerations'] },
  { title: 'only the second API key', interrupts: [], values: () => ({ 'api.keyGenerations': [2] }) },
  {
    title: 'other limits for callers',
    settings: [
      'api.throttle.ratePerSecond',
      'api.throttle.burst',
      'api.quota.limit',
      'api.quota.period',
      'edge.rateLimit.requests',
      'edge.rateLimit.windowSeconds',
    ],
  },
  { title: 'a password proxy that requires TLS', settings: ['proxies.password.requireTls'] },
  {
    title: 'a larger and newer instance in the maintenance window',
    settings: [...LARGER_DATABASE, 'database.applyImmediately'],
    waiting: ['instance_class', 'multi_az'],
  },
  { title: 'a larger and newer instance at once', settings: LARGER_DATABASE },
  { title: 'no password rotation', settings: ['database.passwordRotation'] },
  {
    title: 'another rotation interval, and one more address block that reaches the database',
    settings: ['database.passwordRotation.days', 'database.publicAccess.cidrs'],
  },
  { title: 'reserved concurrency', settings: ofFunctions('reservedConcurrency') },
  {
    title: 'a renamed user of /func1 and /func2',
    interrupts: ['/func1', '/func2'],
    settings: ['database.users.timestamps.name'],
  },
  { title: 'renamed users of all routes', settings: ofUsers('name') },
  { title: 'no password proxy', settings: ['proxies.password.enabled'] },
  { title: 'no IAM proxy', settings: ['proxies.iam.enabled'] },
  { title: 'no route /auth-matrix', settings: ['authMatrix.enabled'] },
  { title: 'no client host', settings: ['client.enabled'] },
  { title: 'a larger client host', settings: ['client.instanceType'] },
  {
    title: 'no public access to the database and no route /',
    settings: ['database.publicAccess', 'publicApi.enabled'],
  },
  { title: 'no IAM at the instance', settings: ['database.iamAuthentication'] },
  {
    title: 'a custom domain',
    values: ([hostedZoneId]) => ({
      'edge.customDomain': { enabled: true, domainName: 'api.acme.org', hostedZoneId },
    }),
  },
  { title: 'another custom domain', settings: ['edge.customDomain.domainName'] },
  { title: 'a custom domain in another hosted zone', settings: ['edge.customDomain.hostedZoneId'] },
  // `replaces` is empty although the step reverts hostedZoneId: the validation and the DNS records are deleted, not replaced.
  { title: 'no custom domain', settings: ['edge.customDomain'], replaces: [] },
  { title: 'no access log', settings: ['api.accessLog'] },
  { title: 'an access log with the role of another stack', settings: ['api.accessLog.ownsAccountRole'] },
  { title: 'all features again' },
  // Zones cannot be removed and storage cannot shrink, so all later steps keep both.
  { title: 'a third zone and more storage', interrupts: [], settings: THIRD_ZONE_AND_STORAGE },
  { title: 'offices from Terraform variables', settings: THIRD_ZONE_AND_STORAGE, edit: withOfficeVariables },
  {
    title: 'an IAM proxy without a secret',
    interrupts: ['/func2'],
    settings: [...THIRD_ZONE_AND_STORAGE, 'proxies.iam.upstream'],
  },
  {
    title: 'a renamed user of the IAM proxy without a secret',
    settings: [
      ...THIRD_ZONE_AND_STORAGE,
      'database.users.timestampsIam.name',
      'database.users.timestampsIam.maxConnections',
    ],
  },
  {
    title: 'an IAM proxy with a secret again',
    interrupts: ['/func2'],
    settings: THIRD_ZONE_AND_STORAGE,
    values: () => ({ 'proxies.iam.upstream': 'secret' }),
  },
];

/** Returns the environment that a step applies. */
export const environmentOf = ({ settings = [], values }: Step, hostedZones: HostedZones): Environment => {
  const trialValues = settings.map((setting): Values => trials(hostedZones)[setting]);
  return changed(allFeatures, Object.assign({}, ...trialValues, values?.(hostedZones)) as Values);
};

const effects: Readonly<Record<Setting, SettingEffect>> = EFFECTS;

/** Returns the types of the resources that a step replaces. */
export function replacedBy(step: Step, previous: Step | undefined): string[] {
  const settings = [...(step.settings ?? []), ...(previous?.settings ?? [])];
  const declared = settings.flatMap((setting) => effects[setting].replaces ?? []);
  return [...(step.replaces ?? new Set(declared))].sort();
}
