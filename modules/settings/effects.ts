import { ROUTE_NAMES, ROUTE_USER_NAMES, userOf, type RouteName, type RouteUserName } from '../../contract/routes';
import type { Interruption } from './interruptions';

/** What changing a setting does to a running deployment. */
export interface SettingEffect {
  /**
   * `in place`: the change replaces nothing that callers notice, but may interrupt the service. `nothing`: no change at AWS. `never`:
   * synth or `terraform plan` refuses the change. Most settings with `never` can still change before the instance exists.
   */
  readonly kind: 'in place' | 'replaces' | 'never' | 'nothing';
  /** Types of the replaced Terraform resources. Omits types whose replacement interrupts nothing, such as `aws_lambda_invocation`. */
  readonly replaces?: readonly string[];
  readonly interrupts?: Interruption;
  /**
   * With `database.applyImmediately: false`, the change may wait for the maintenance window.
   *
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
   */
  readonly mayWait?: true;
  /** A restriction or a side effect of the change. */
  readonly note?: string;
}

const inPlace = (more: Pick<SettingEffect, 'interrupts' | 'mayWait' | 'note'> = {}): SettingEffect => ({
  kind: 'in place',
  ...more,
});
const replaces = (interrupts: Interruption, ...types: string[]): SettingEffect => ({
  kind: 'replaces',
  replaces: types,
  interrupts,
});
const NEVER: SettingEffect = { kind: 'never' };
const NOTHING: SettingEffect = { kind: 'nothing' };
const RESTART = inPlace({ interrupts: 'restart', mayWait: true });
const ROUTE = inPlace({ interrupts: 'route' });

/** The name of a secret contains the name of its user, so a renamed user gets another secret. */
const RENAMED_SECRET = replaces(
  'secret',
  'aws_secretsmanager_secret',
  'aws_secretsmanager_secret_rotation',
  'aws_secretsmanager_secret_version',
);

type RouteSetting =
  | `functions.${RouteName}.${'memoryMib' | 'reservedConcurrency'}`
  | `database.users.${RouteUserName}.${'name' | 'maxConnections'}`;

/** Effects of the settings of the declared routes and of their users. */
const ROUTE_EFFECTS = Object.fromEntries([
  ...ROUTE_NAMES.flatMap((name) => [
    [`functions.${name}.memoryMib`, inPlace()],
    [`functions.${name}.reservedConcurrency`, inPlace()],
  ]),
  ...ROUTE_USER_NAMES.flatMap((name) => [
    [
      `database.users.${name}.name`,
      userOf(name).login === 'password' ? RENAMED_SECRET : inPlace({ interrupts: 'user' }),
    ],
    [`database.users.${name}.maxConnections`, inPlace()],
  ]),
]) as Readonly<Record<RouteSetting, SettingEffect>>;

/** The effect of every setting in `docs/settings.md`. Tests compare it with Terraform's plans. */
export const EFFECTS = {
  ...ROUTE_EFFECTS,
  name: NEVER,
  region: NEVER,
  accountId: NEVER,
  tags: inPlace(),
  backend: { ...NOTHING, note: 'move the state' },
  'backend.bucket': { ...NOTHING, note: 'move the state' },
  'backend.region': { ...NOTHING, note: 'move the state' },
  'backend.organization': { ...NOTHING, note: 'move the state' },
  'backend.workspace': { ...NOTHING, note: 'move the state' },
  'network.cidr': NEVER,
  'network.zones': inPlace({ note: 'zones can only be added' }),
  'network.subnets.public': NEVER,
  'network.subnets.private': NEVER,
  'network.subnets.database': NEVER,
  'database.engineVersion': inPlace({ interrupts: 'upgrade', mayWait: true, note: 'upgrades only' }),
  'database.instanceClass': RESTART,
  'database.maxConnections': inPlace({ note: 'proxies use it after a restart of the instance' }),
  'database.allocatedStorageGib': inPlace({ mayWait: true, note: 'larger only, by a tenth or more' }),
  'database.multiAz': inPlace({ mayWait: true }),
  'database.backupRetentionDays': inPlace({
    interrupts: 'backups',
    mayWait: true,
    note: 'waits only if the change turns backups on or off',
  }),
  'database.backupWindow': inPlace(),
  'database.maintenanceWindow': inPlace(),
  'database.applyImmediately': inPlace(),
  'database.deletionProtection': inPlace(),
  'database.finalSnapshot': inPlace(),
  'database.name': NEVER,
  'database.iamAuthentication': {
    ...ROUTE,
    mayWait: true,
    note: 'cannot be turned on while `database.applyImmediately` is `false`',
  },
  'database.publicAccess': inPlace({ interrupts: 'address' }),
  'database.publicAccess.cidrs': inPlace(),
  'database.publicAccess.reason': NOTHING,
  'database.passwordRotation': inPlace(),
  'database.passwordRotation.days': inPlace({ note: 'rotates at once' }),
  'database.users.clients': inPlace(),
  'database.users.clients[].name': inPlace({ interrupts: 'user' }),
  'database.users.clients[].maxConnections': inPlace(),
  'proxies.password.enabled': ROUTE,
  'proxies.password.requireTls': inPlace(),
  'proxies.password.maxConnectionsPercent': inPlace(),
  'proxies.iam.enabled': ROUTE,
  'proxies.iam.requireTls': NEVER,
  'proxies.iam.upstream': inPlace({ interrupts: 'upstream', note: 'once set, never remove it' }),
  'proxies.iam.maxConnectionsPercent': inPlace(),
  'proxies.borrowTimeoutSeconds': inPlace(),
  'functions.timeoutSeconds': inPlace(),
  'functions.accountConcurrency': NOTHING,
  'api.throttle.ratePerSecond': inPlace(),
  'api.throttle.burst': inPlace(),
  'api.quota.limit': inPlace(),
  'api.quota.period': inPlace(),
  'api.keyGenerations': inPlace(),
  'api.accessLog': inPlace(),
  'api.accessLog.ownsAccountRole': inPlace(),
  'publicApi.enabled': ROUTE,
  'authMatrix.enabled': ROUTE,
  'edge.allowlist.ipv4': inPlace(),
  'edge.allowlist.ipv6': inPlace(),
  'edge.rateLimit.requests': inPlace(),
  'edge.rateLimit.windowSeconds': inPlace(),
  'edge.customDomain': inPlace({ interrupts: 'domain' }),
  'edge.customDomain.domainName': replaces(
    'domain',
    'aws_acm_certificate',
    'aws_acm_certificate_validation',
    'aws_route53_record',
  ),
  'edge.customDomain.hostedZoneId': replaces('domain', 'aws_acm_certificate_validation', 'aws_route53_record'),
  'client.enabled': inPlace({ interrupts: 'host' }),
  'client.instanceType': inPlace({ interrupts: 'host' }),
  alarms: inPlace(),
  'alarms.email': replaces('subscription', 'aws_sns_topic_subscription'),
  logRetentionDays: inPlace({ note: 'fewer days delete older logs' }),
} as const satisfies Readonly<Record<string, SettingEffect>>;

/** Path of a setting, as in `docs/settings.md`. */
export type Setting = keyof typeof EFFECTS;
