import { dailyMinutes, weeklyMinutes, windowsTouch } from '../../../modules/settings/windows';

describe('the length', () => {
  // A text that is not a window has the length 0.
  it.each([
    ['01:00-01:30', 30],
    ['23:45-00:15', 30],
    ['01:00-01:00', 0],
    ['24:00-00:30', 0],
    ['1:00-1:30', 0],
    ['sun:01:00-sun:02:00', 0],
  ])('of the daily window %s is %i minutes', (text, minutes) => {
    expect(dailyMinutes(text)).toBe(minutes);
  });

  it.each([
    ['sun:02:30-sun:03:30', 60],
    ['sun:23:30-mon:00:30', 60],
    ['sat:00:00-sun:00:00', 1440],
    ['Sun:02:30-Sun:03:30', 0],
    ['02:30-03:30', 0],
  ])('of the weekly window %s is %i minutes', (text, minutes) => {
    expect(weeklyMinutes(text)).toBe(minutes);
  });
});

describe('a daily and a weekly window', () => {
  it.each([
    ['01:00-02:00', 'sun:02:30-sun:03:30', false],
    ['01:00-02:00', 'sun:02:00-sun:03:00', true],
    ['01:00-02:00', 'sun:00:30-sun:01:00', true],
    ['23:30-00:30', 'mon:00:15-mon:01:00', true],
    ['12:00-13:00', 'sat:23:00-sun:01:00', false],
    ['12:00-13:00', 'sat:23:00-sun:13:00', true],
    ['', 'sun:02:30-sun:03:30', false],
  ])('%s and %s overlap or touch: %s', (daily, weekly, overlap) => {
    expect(windowsTouch(daily, weekly)).toBe(overlap);
  });
});
