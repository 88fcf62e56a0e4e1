import { Quota } from '../../api-gateway/quota';

/** Counts one request at noon of each of these days. @returns for each request, whether the quota allowed it */
const takeOn = (quota: Quota, ...days: string[]): boolean[] =>
  days.map((day) => quota.take(Date.parse(`${day}T12:00:00Z`)));

describe('a quota', () => {
  it.each([
    ['DAY', '2026-11-28', '2026-11-28', '2026-11-29'],
    // A week starts on Sunday. 2026-11-22 is a Sunday.
    ['WEEK', '2026-11-22', '2026-11-28', '2026-11-29'],
    ['MONTH', '2026-11-01', '2026-11-30', '2026-12-01'],
  ] as const)('counts from 0 again in each new %s', (period, first, last, next) => {
    const quota = new Quota({ limit: 2, offset: 0, period });
    expect(takeOn(quota, first, last, last, next)).toEqual([true, true, false, true]);
  });

  it('allows fewer requests in the first period if it has an offset', () => {
    const quota = new Quota({ limit: 2, offset: 1, period: 'DAY' });
    expect(takeOn(quota, '2026-11-28', '2026-11-28')).toEqual([true, false]);
    expect(takeOn(quota, '2026-11-29', '2026-11-29', '2026-11-29')).toEqual([true, true, false]);
  });
});
