import { FREE_OR_BY_USE, HOURS_PER_MONTH, PRICES } from './prices';

/** Resources of a synthesised stack, by type and name. */
export type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** One row of the table. */
export interface Cost {
  readonly label: string;
  /** US dollars a month. */
  readonly perMonth: number;
}

interface Instance {
  readonly instance_class: string;
  readonly allocated_storage: number;
  readonly multi_az: boolean;
  readonly publicly_accessible: boolean;
  readonly manage_master_user_password: boolean;
}

interface Host {
  readonly instance_type: string;
  readonly root_block_device: { readonly volume_size: number };
}

/**
 * Functions that compute the costs of all resources of one type. Some costs depend on the database instance. A stack has at most one
 * endpoint, client host and web ACL, so their functions read only the first.
 */
const COSTS_BY_TYPE: Readonly<Record<string, (all: readonly never[], instance: Instance) => Cost[]>> = {
  aws_db_proxy: (proxies, { instance_class }) => {
    const vCpus = Math.max(classOf(instance_class).vCpus, PRICES.minimumProxyVCpus);
    const perMonth = proxies.length * vCpus * PRICES.proxyVCpuPerHour * HOURS_PER_MONTH;
    return [{ label: `${counted(proxies, 'proxy', 'proxies')}, ${vCpus} vCPU each`, perMonth }];
  },
  aws_db_instance: (_, instance) => {
    const { instance_class, allocated_storage, multi_az, publicly_accessible } = instance;
    const perMonth = classOf(instance_class).perHour * HOURS_PER_MONTH + allocated_storage * PRICES.databaseGibPerMonth;
    const label = `\`${instance_class}\`, ${allocated_storage} GiB`;
    const cost = multi_az ? { label: `${label}, and its standby`, perMonth: 2 * perMonth } : { label, perMonth };
    return publicly_accessible ? [cost, { label: 'public address of the instance', perMonth: PUBLIC_ADDRESS }] : [cost];
  },
  aws_vpc_endpoint: ([endpoint]: readonly { readonly subnet_ids: readonly string[] }[]) => {
    const zones = endpoint?.subnet_ids ?? [];
    const perMonth = zones.length * PRICES.endpointZonePerHour * HOURS_PER_MONTH;
    return [{ label: `endpoint of Secrets Manager in ${counted(zones, 'zone')}`, perMonth }];
  },
  aws_instance: ([host]: readonly Host[]) => {
    if (host === undefined) return [];
    const { instance_type, root_block_device: disk } = host;
    const { perHour } = priceOf(PRICES.instanceTypes, instance_type);
    const perMonth = perHour * HOURS_PER_MONTH + disk.volume_size * PRICES.diskGibPerMonth + PUBLIC_ADDRESS;
    return [{ label: `client host \`${instance_type}\`, its disk and its address`, perMonth }];
  },
  aws_wafv2_web_acl: ([acl]: readonly { readonly rule: readonly object[] }[]) => {
    const rules = acl?.rule ?? [];
    const perMonth = PRICES.webAclPerMonth + rules.length * PRICES.webAclRulePerMonth;
    return [{ label: `WAF: one ACL, ${counted(rules, 'rule')}`, perMonth }];
  },
  aws_secretsmanager_secret: (secrets, { manage_master_user_password: hasMasterSecret }) => {
    const all = [...secrets, ...(hasMasterSecret ? ['secret of the master user'] : [])];
    return [{ label: counted(all, 'secret'), perMonth: all.length * PRICES.secretPerMonth }];
  },
  aws_cloudwatch_metric_alarm: (alarms) => [
    { label: counted(alarms, 'alarm'), perMonth: alarms.length * PRICES.alarmPerMonth },
  ],
};

const PUBLIC_ADDRESS = PRICES.publicAddressPerHour * HOURS_PER_MONTH;

/**
 * Computes the costs of a synthesised stack, the most expensive first.
 *
 * @throws Error if the stack has no instance, or if the price of a database class, an EC2 instance type or a resource type is missing.
 */
export function costsOf(resources: Resources): Cost[] {
  const unknown = Object.keys(resources).filter((type) => !(type in COSTS_BY_TYPE) && !FREE_OR_BY_USE.has(type));
  if (unknown.length > 0) {
    throw new Error(`The price of ${unknown.join(', ')} is missing. Add it to scripts/costs/prices.ts and table.ts.`);
  }
  const [instance] = Object.values(resources['aws_db_instance'] ?? {}) as Instance[];
  if (instance === undefined) throw new Error('The stack has no aws_db_instance, on which the prices depend.');
  return Object.entries(COSTS_BY_TYPE)
    .flatMap(([type, costsOfType]) => {
      const all = Object.values(resources[type] ?? {}) as never[];
      return all.length > 0 ? costsOfType(all, instance) : [];
    })
    .sort((one, other) => other.perMonth - one.perMonth);
}

/** Returns the table in Markdown, in whole dollars. */
export function costTable(costs: readonly Cost[]): string {
  const together = costs.reduce((sum, { perMonth }) => sum + perMonth, 0);
  const rows = [...costs, { label: '**together**', perMonth: together }];
  return [
    '| resource | USD per month |',
    '|---|---|',
    ...rows.map(({ label, perMonth }) => `| ${label} | ${Math.round(perMonth)} |`),
  ].join('\n');
}

const classOf = (instanceClass: string) => priceOf(PRICES.databaseClasses, instanceClass);

function priceOf<Price>(prices: ReadonlyMap<string, Price>, name: string): Price {
  const price = prices.get(name);
  if (price === undefined) throw new Error(`${name} has no price. Add it to scripts/costs/prices.ts.`);
  return price;
}

const counted = (all: readonly unknown[], singular: string, plural = `${singular}s`): string =>
  `${all.length} ${all.length === 1 ? singular : plural}`;
