import { contains, overlap } from '../cidr';
import { didYouMean } from '../closest';
import { zonesOf } from '../regions';
import { problemIf, type Rule } from './rule';

const zones: Rule = {
  reads: ['region', 'network.zones'],
  check({ region, network }) {
    const known = zonesOf(region);
    return [
      ...problemIf(
        new Set(network.zones).size < 2 || new Set(network.zones).size < network.zones.length,
        'network.zones',
        'must name at least two zones, each once',
        network.zones,
        `RDS and RDS Proxy need subnets in two zones. Add one, for example ${known[1] ?? ''}.`,
      ),
      ...network.zones.flatMap((zone, index) => [
        ...problemIf(
          !known.includes(zone),
          `network.zones.${index}`,
          `must be a zone of ${region}`,
          zone,
          `${didYouMean(zone, known)}Its zones are ${known.join(', ')}. Correct the zone or the region.`,
        ),
        ...problemIf(
          zone === 'use1-az3',
          `network.zones.${index}`,
          'must not be use1-az3',
          zone,
          'RDS Proxy does not run there. Choose another zone of us-east-1.',
        ),
      ]),
    ];
  },
};

export const TIERS = ['public', 'private', 'database'] as const;

/** Room for so many in each tier, so that a zone that is added moves no subnet of another. */
export const ZONES_PER_TIER = 4;

/** Prefix bits to add to the VPC's block for that many subnets. */
export const SLOT_BITS = Math.ceil(Math.log2(TIERS.length * ZONES_PER_TIER));

const subnets: Rule = {
  reads: ['network'],
  check({ network }) {
    const given = network.subnets;
    if (given === undefined) {
      const longest = 28 - SLOT_BITS;
      return [
        ...problemIf(
          Number(network.cidr.split('/')[1]) > longest,
          'network.cidr',
          `must be /${longest} or larger`,
          network.cidr,
          `It is cut into ${2 ** SLOT_BITS} blocks, and a subnet is at least a /28. Use a larger block, or set network.subnets.`,
        ),
        ...problemIf(
          network.zones.length > ZONES_PER_TIER,
          'network.zones',
          `must name at most ${ZONES_PER_TIER} zones`,
          network.zones,
          'There is room for no more in the VPC’s block as it is cut. Remove some, or set network.subnets.',
        ),
      ];
    }
    const blocks = TIERS.flatMap((tier) =>
      given[tier].map((cidr, index) => ({ setting: `network.subnets.${tier}.${index}`, cidr })),
    );
    return [
      ...TIERS.flatMap((tier) =>
        problemIf(
          given[tier].length !== network.zones.length,
          `network.subnets.${tier}`,
          `must hold ${network.zones.length} blocks, one for each zone`,
          given[tier],
          'Add or remove blocks, or leave network.subnets out.',
        ),
      ),
      ...blocks.flatMap(({ setting, cidr }) =>
        problemIf(
          !contains(network.cidr, cidr),
          setting,
          `must lie inside network.cidr ${network.cidr}`,
          cidr,
          'A subnet is a part of its VPC. Choose a block inside.',
        ),
      ),
      ...blocks.flatMap(({ setting, cidr }, index) => {
        const earlier = blocks.slice(0, index).find((other) => overlap(other.cidr, cidr));
        return problemIf(
          earlier !== undefined,
          setting,
          `must not overlap ${earlier?.setting ?? ''} ${earlier?.cidr ?? ''}`,
          cidr,
          'Each address belongs to one subnet. Choose a free block.',
        );
      }),
    ];
  },
};

export const networkRules: readonly Rule[] = [zones, subnets];
