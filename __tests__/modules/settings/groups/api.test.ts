import { problemsOf, requiredSettings } from '../../../support/settings';

const problemsWith = (api: object): string[] => problemsOf({ ...requiredSettings, api });

describe('the limits of the API', () => {
  it.each([
    [
      { throttle: { ratePerSecond: 10_001 } },
      'api.throttle.ratePerSecond must be a whole number from 1 to 10000, got 10001: The default quota of an account is 10 000, in some regions 2500.',
    ],
    [
      { throttle: { burst: 0 } },
      'api.throttle.burst must be a whole number from 1 to 5000, got 0: The default quota of an account is 5000, in some regions 1250.',
    ],
    [
      { quota: { limit: 0 } },
      'api.quota.limit must be a whole number from 1 to 2000000000, got 0: It is the number of requests in a period.',
    ],
    [
      { quota: { period: 'day' } },
      'api.quota.period must be one of DAY, WEEK, MONTH, got "day": Did you mean DAY? Write one of them exactly as shown.',
    ],
  ])('are rejected: %j', (api, problem) => {
    expect(problemsWith(api)).toEqual([problem]);
  });

  it.each([
    { throttle: { ratePerSecond: 10_000 } },
    { throttle: { burst: 1 } },
    { quota: { limit: 1, period: 'WEEK' } },
  ])('are accepted: %j', (api) => {
    expect(problemsWith(api)).toEqual([]);
  });
});

it('a generation of the key is a whole number from 1', () => {
  expect(problemsWith({ keyGenerations: [0] })).toEqual([
    'api.keyGenerations.0 must be a whole number from 1 to 1000000, got 0: Generations are counted 1, 2, 3 …',
  ]);
});
