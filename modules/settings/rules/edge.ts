import { NOT_PUBLIC } from '../address-space';
import { block, coverEverything } from '../cidr';
import { problemIf, type Rule } from './rule';

const FAMILIES = [
  { version: 'ipv4', family: 4 },
  { version: 'ipv6', family: 6 },
] as const;

const allowlist: Rule = {
  reads: ['edge.allowlist'],
  check({ edge: { allowlist: lists } }) {
    return [
      ...problemIf(
        lists.ipv4.length + lists.ipv6.length === 0,
        'edge.allowlist',
        'must hold at least one block',
        'Otherwise no client can call the API. Add the address of an office, for example 203.0.113.0/24.',
      ),
      ...FAMILIES.flatMap(({ version, family }) => {
        const blocks = lists[version].map(block);
        // A Map keeps the last entry of a key. The entries are reversed, so that it keeps the first index of each block.
        const firstIndex = new Map(blocks.map(({ canonical }, index) => [canonical, index] as const).reverse());
        return [
          ...blocks.flatMap(({ canonical }, index) =>
            problemIf(
              firstIndex.get(canonical) !== index,
              `edge.allowlist.${version}.${index}`,
              'must not be listed twice',
              'AWS WAF stores each block once. Remove one of the two.',
            ),
          ),
          ...problemIf(
            coverEverything([...blocks, ...NOT_PUBLIC[family]], family),
            `edge.allowlist.${version}`,
            'must not allow every address',
            'Together the blocks contain every public address. List only the addresses of the offices.',
          ),
        ];
      }),
    ];
  },
};

/** One address must not be able to use up the rate that all callers share. */
const rateLimit: Rule = {
  reads: ['edge.rateLimit', 'api.throttle.ratePerSecond'],
  check({ edge: { rateLimit: limit }, api: { throttle } }) {
    const shared = throttle.ratePerSecond * limit.windowSeconds;
    return problemIf(
      limit.requests >= shared,
      'edge.rateLimit.requests',
      `must be less than ${shared}`,
      `All callers share ${shared} requests in ${limit.windowSeconds} s (api.throttle.ratePerSecond is ${throttle.ratePerSecond}), and one address could use all of them. Lower the limit, or raise the rate.`,
    );
  },
};

export const edgeRules: readonly Rule[] = [allowlist, rateLimit];
