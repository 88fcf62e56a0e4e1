import { z } from 'zod';
import { flag, group, integer, must } from '../fields';
import { switchable } from '../union';

const accessLog = switchable(
  {
    ownsAccountRole: flag(
      true,
      'Whether this stack sets the role that API Gateway uses for logs. An account has one such role in each region. If this stack does not set it, another stack must.',
    ),
  },
  [{ enabled: true }, { enabled: true, ownsAccountRole: false }],
)
  .default({ enabled: true, ownsAccountRole: true })
  .describe('Whether API Gateway logs each request.');

export const api = group({
  throttle: group({
    ratePerSecond: integer(
      1,
      10_000,
      'By default, API Gateway allows an account 10 000 requests per second, in some regions 2500.',
    )
      .default(20)
      .describe('Requests per second of all callers together.'),
    burst: integer(
      1,
      5_000,
      'By default, API Gateway allows an account a burst of 5000 requests, in some regions 1250.',
    )
      .default(10)
      .describe('Requests of all callers together that may arrive at once; at most `functions.accountConcurrency`.'),
  }),
  quota: group({
    limit: integer(1, 2_000_000_000, 'The limit is the number of requests in a period.')
      .default(100_000)
      .describe('Requests per period.'),
    period: z.enum(['DAY', 'WEEK', 'MONTH']).default('DAY').describe('Period of the quota.'),
  }),
  keyGenerations: must(
    z.array(integer(1, 1_000_000, 'Generations are counted 1, 2, 3 …')),
    ([first, second, ...more]) => first !== undefined && (second === undefined || second > first) && more.length === 0,
    'must be one generation, or two in rising order',
    'CloudFront sends the key of the last generation; the previous key stays valid during the switch. To rotate, deploy [1], then [1, 2], then [2].',
  )
    .default([1])
    .describe(
      'Valid generations of the API key; CloudFront sends the key of the last one. To rotate, deploy `[1]`, then `[1, 2]`, then `[2]`.',
    ),
  accessLog,
});
