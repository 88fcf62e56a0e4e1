import { problemIf, type Rule } from './rule';

const allowlist: Rule = {
  reads: ['edge.allowlist'],
  check({ edge: { allowlist: lists } }) {
    return [
      ...problemIf(
        lists.ipv4.length + lists.ipv6.length === 0,
        'edge.allowlist',
        'must hold at least one block',
        lists,
        'With none, nobody can call the API. Add the address of an office, for example 203.0.113.0/24.',
      ),
      ...(['ipv4', 'ipv6'] as const).flatMap((version) =>
        lists[version].flatMap((cidr, index) =>
          problemIf(
            lists[version].indexOf(cidr) < index,
            `edge.allowlist.${version}.${index}`,
            'must not be listed twice',
            cidr,
            'AWS WAF keeps a block once. Remove one of the two.',
          ),
        ),
      ),
    ];
  },
};

const keyGenerations: Rule = {
  reads: ['api.keyGenerations'],
  check: ({ api: { keyGenerations: generations } }) =>
    problemIf(
      generations.length < 1 ||
        generations.length > 2 ||
        generations.some((generation, index) => generation <= (generations[index - 1] ?? 0)),
      'api.keyGenerations',
      'must be one generation, or two in rising order',
      generations,
      'CloudFront sends the last; the one before stays valid while it changes over. Rotate by [1], then [1, 2], then [2].',
    ),
};

export const edgeRules: readonly Rule[] = [allowlist, keyGenerations];
