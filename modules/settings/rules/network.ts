import { block, contains, overlap } from '../cidr';
import { didYouMean } from '../closest';
import { zonesOf } from '../regions';
import { problemIf, type ParsedSettings, type Rule } from './rule';

/**
 * A proxy gets subnets in the first two zones of the environment. RDS Proxy uses only two subnets. A third subnet would
 * have no effect, and adding it would replace the proxy.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limitations
 */
export const PROXY_ZONES = 2;

/**
 * Zones without RDS Proxy, according to the page above. They are refused even without a proxy, because a proxy may be added later,
 * but zones cannot be removed.
 */
const WITHOUT_PROXY: readonly string[] = ['use1-az3', 'usw1-az2'];

const zones: Rule = {
  reads: ['region', 'network.zones'],
  check({ region, network }) {
    const known = zonesOf(region);
    const unused = known.find((zone) => !WITHOUT_PROXY.includes(zone) && !network.zones.includes(zone));
    return [
      ...problemIf(
        network.zones.length < 2,
        'network.zones',
        'must name at least two zones',
        `RDS and RDS Proxy need subnets in two zones. Add one, for example ${unused ?? ''}.`,
      ),
      ...problemIf(
        new Set(network.zones).size < network.zones.length,
        'network.zones',
        'must name each zone once',
        `Each zone gets subnets of its own. Remove the duplicate${unused === undefined ? '' : `, or name another zone, for example ${unused}`}.`,
      ),
      ...network.zones.flatMap((zone, index) => [
        ...problemIf(
          !known.includes(zone),
          `network.zones.${index}`,
          `must be a zone of ${region}`,
          `${didYouMean(zone, known)}The region has the zones ${known.join(', ')}. Correct the zone or the region.`,
        ),
        ...problemIf(
          WITHOUT_PROXY.includes(zone),
          `network.zones.${index}`,
          `must not be ${zone}`,
          `RDS Proxy does not run there. Choose another zone of ${region}.`,
        ),
      ]),
    ];
  },
};

export const TIERS = ['public', 'private', 'database'] as const;

/** Reserved blocks in each tier, so that an added zone moves no existing subnet. */
export const ZONES_PER_TIER = 4;

/** A subnet's prefix is this number of bits longer than the VPC's prefix. This gives each zone of each tier a block. */
export const SLOT_BITS = Math.ceil(Math.log2(TIERS.length * ZONES_PER_TIER));

/** https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const SMALLEST_SUBNET = 28;
const RESERVED_ADDRESSES = 5;

/**
 * Addresses that a private subnet needs without proxies: one for each of Lambda's three security groups, one for the endpoint of Secrets
 * Manager.
 */
const OTHER_ADDRESSES = 4;

/**
 * Each entry has a maximum size of the instance, in multiples of `xlarge`, and a number of addresses. A proxy for an instance up to this
 * size needs this number of free addresses in each of its subnets.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-network-prereqs.html#rds-proxy-network-prereqs.plan-ip-address
 */
const PROXY_ADDRESSES: readonly (readonly [xlarge: number, addresses: number])[] = [
  [1, 10],
  [2, 15],
  [4, 25],
  [8, 45],
  [12, 60],
  [16, 75],
  [Infinity, 110],
];

function addressesOfProxy(instanceClass: string): number {
  const xlarge = Number(/[.](\d+)xlarge$/.exec(instanceClass)?.[1] ?? 1);
  return PROXY_ADDRESSES.find(([upTo]) => xlarge <= upTo)?.[1] ?? 0;
}

/**
 * Returns the longest prefix that a private subnet may have, and the reason. If a proxy is enabled, `whenDeployed` also says what to
 * do in a deployed environment.
 */
function smallestPrivate({ database: { instanceClass }, proxies }: ParsedSettings) {
  const count = [proxies.password, proxies.iam].filter(({ enabled }) => enabled).length;
  if (count === 0)
    return { longestPrefix: SMALLEST_SUBNET, reason: `A subnet is at least a /${SMALLEST_SUBNET}.`, whenDeployed: '' };
  const each = addressesOfProxy(instanceClass);
  const needed = RESERVED_ADDRESSES + OTHER_ADDRESSES + count * each;
  const forProxies = count === 1 ? `${each} for a proxy` : `${each} for each proxy`;
  return {
    longestPrefix: 32 - Math.ceil(Math.log2(needed)),
    reason: `A private subnet needs ${needed} addresses: ${forProxies} of a ${instanceClass} instance, ${OTHER_ADDRESSES} for functions and the VPC endpoint, ${RESERVED_ADDRESSES} that AWS reserves.`,
    whenDeployed:
      ' In a deployed environment the blocks cannot change: keep database.instanceClass and the proxies as they were, or choose a smaller class.',
  };
}

const subnets: Rule = {
  reads: ['network', 'database.instanceClass', 'proxies'],
  check(settings) {
    const { network } = settings;
    const declared = network.subnets;
    const { longestPrefix, reason, whenDeployed } = smallestPrivate(settings);
    if (declared === undefined) {
      const longestVpcPrefix = longestPrefix - SLOT_BITS;
      return [
        ...problemIf(
          block(network.cidr).prefixLength > longestVpcPrefix,
          'network.cidr',
          `must be /${longestVpcPrefix} or larger`,
          `The block is cut into ${2 ** SLOT_BITS} blocks. ${reason} Use a larger block, or set network.subnets.${whenDeployed}`,
        ),
        ...problemIf(
          network.zones.length > ZONES_PER_TIER,
          'network.zones',
          `must name at most ${ZONES_PER_TIER} zones`,
          'The default subnets have no room for more zones. Remove some, or set network.subnets.',
        ),
      ];
    }
    const blocks = TIERS.flatMap((tier) =>
      declared[tier].map((cidr, index) => ({ setting: `network.subnets.${tier}.${index}`, cidr })),
    );
    return [
      ...TIERS.flatMap((tier) =>
        problemIf(
          declared[tier].length !== network.zones.length,
          `network.subnets.${tier}`,
          `must hold ${network.zones.length} blocks, one for each zone`,
          'Add or remove blocks, or leave network.subnets out.',
        ),
      ),
      ...declared.private
        .slice(0, PROXY_ZONES)
        .flatMap((cidr, index) =>
          problemIf(
            block(cidr).prefixLength > longestPrefix,
            `network.subnets.private.${index}`,
            `must be /${longestPrefix} or larger`,
            `${reason} Use a larger block.${whenDeployed}`,
          ),
        ),
      ...blocks.flatMap(({ setting, cidr }) =>
        problemIf(
          !contains(network.cidr, cidr),
          setting,
          `must lie inside ${network.cidr} (network.cidr)`,
          'A subnet is a part of its VPC. Choose a block inside.',
        ),
      ),
      ...blocks.flatMap(({ setting, cidr }, index) => {
        const earlier = blocks.slice(0, index).find((other) => overlap(other.cidr, cidr));
        return problemIf(
          earlier !== undefined,
          setting,
          `must not overlap ${earlier?.cidr ?? ''} (${earlier?.setting ?? ''})`,
          'Each address belongs to one subnet. Choose a free block.',
        );
      }),
    ];
  },
};

export const networkRules: readonly Rule[] = [zones, subnets];
