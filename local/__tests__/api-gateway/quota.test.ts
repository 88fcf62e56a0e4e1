import { Quota } from '../../api-gateway/quota';

const at = (time: string): number => Date.parse(`${time}T12:00:00Z`);

describe('a quota', () => {
  it.each([
    // 2026-11-28 is a Saturday.
    ['DAY', '2026-11-28', '2026-11-28', '2026-11-29'],
    ['WEEK', '2026-11-22', '2026-11-28', '2026-11-29'],
    ['MONTH', '2026-11-01', '2026-11-30', '2026-12-01'],
  ] as const)('starts from 0 with each %s', (period, first, last, next) => {
    const quota = new Quota({ limit: 2, offset: 0, period });
    expect([first, last, last, next].map((day) => quota.take(at(day)))).toEqual([true, true, false, true]);
  });

  it('allows fewer requests in the first period if it has an offset', () => {
    const quota = new Quota({ limit: 2, offset: 1, period: 'DAY' });
    const days = ['2026-11-28', '2026-11-28', '2026-11-29', '2026-11-29', '2026-11-29'];
    expect(days.map((day) => quota.take(at(day)))).toEqual([true, false, true, true, false]);
  });
});
