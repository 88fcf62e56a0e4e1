import { itAccepts, problemsWith } from '../../../support/settings';

describe('the settings of the API', () => {
  it.each([
    [
      { throttle: { ratePerSecond: 10_001 } },
      'api.throttle.ratePerSecond must be a whole number from 1 to 10000, got 10001: By default, API Gateway allows an account 10 000 requests per second, in some regions 2500.',
    ],
    [
      { throttle: { burst: 0 } },
      'api.throttle.burst must be a whole number from 1 to 5000, got 0: By default, API Gateway allows an account a burst of 5000 requests, in some regions 1250.',
    ],
    [
      { quota: { limit: 0 } },
      'api.quota.limit must be a whole number from 1 to 2000000000, got 0: The limit is the number of requests in a period.',
    ],
    [
      { quota: { period: 'day' } },
      'api.quota.period must be DAY, WEEK or MONTH, got "day": Did you mean DAY? Write a listed value exactly as shown.',
    ],
    [
      { keyGenerations: [0] },
      'api.keyGenerations.0 must be a whole number from 1 to 1000000, got 0: Generations are counted 1, 2, 3 …',
    ],
  ])('are rejected: %j', (api, problem) => {
    expect(problemsWith({ api })).toEqual([problem]);
  });

  it.each([[[]], [[2, 1]], [[1, 1]], [[1, 2, 3]]])('are rejected with the key generations %j', (keyGenerations) => {
    expect(problemsWith({ api: { keyGenerations } })).toEqual([
      `api.keyGenerations must be one generation, or two in rising order, got ${JSON.stringify(keyGenerations)}: CloudFront sends the key of the last generation; the previous key stays valid during the switch. To rotate, deploy [1], then [1, 2], then [2].`,
    ]);
  });

  itAccepts('are accepted: %j', [
    ...[[1], [1, 2], [7]].map((keyGenerations) => ({ api: { keyGenerations } })),
    { api: { throttle: { ratePerSecond: 10_000 } } },
    { api: { throttle: { burst: 1 } } },
    { api: { quota: { limit: 1, period: 'WEEK' } } },
  ]);
});
