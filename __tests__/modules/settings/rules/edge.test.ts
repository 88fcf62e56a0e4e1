import { itRejects, problemsWith, requiredSettings } from '../../../support/settings';

itRejects('an environment is rejected for %s', [
  [
    'a rate limit that lets one address use up the rate that all callers share',
    { api: { throttle: { ratePerSecond: 10 } } },
    'edge.rateLimit.requests must be less than 600, got 600: All callers share 600 requests in 60 s (api.throttle.ratePerSecond is 10), and one address could use all of them. Lower the limit, or raise the rate.',
  ],
  [
    'a block listed twice in the allowlist',
    { edge: { allowlist: { ipv4: ['203.0.113.0/24', '203.0.113.0/24'] } } },
    'edge.allowlist.ipv4.1 must not be listed twice, got "203.0.113.0/24": AWS WAF stores each block once. Remove one of the two.',
  ],
  [
    'an empty allowlist',
    { edge: { allowlist: {} } },
    'edge.allowlist must hold at least one block, got {"ipv4":[],"ipv6":[]}: Otherwise no client can call the API. Add the address of an office, for example 203.0.113.0/24.',
  ],
]);

it.each([[['0.0.0.0/1', '128.0.0.0/1']], [['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/1']], [['::/0']], [['2000::/3']]])(
  'an allowlist that covers every public address is rejected: %j',
  (cidrs) => {
    const version = cidrs.join().includes(':') ? 'ipv6' : 'ipv4';
    const edge = { allowlist: { ...requiredSettings.edge.allowlist, [version]: cidrs } };
    expect(problemsWith({ edge })).toEqual([
      `edge.allowlist.${version} must not allow every address, got ${JSON.stringify(cidrs)}: Together the blocks contain every public address. List only the addresses of the offices.`,
    ]);
  },
);
