import { inWords, roughly } from '../../../start/cli/durations';

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [-0.2, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [60, '1 min'],
    [200, '3 min 20 s'],
  ])('of %d s is written as %s', (seconds, words) => {
    expect(inWords(seconds)).toBe(words);
  });

  it.each([
    [1, '10 s'],
    [10, '10 s'],
    [11, '20 s'],
    [60, '60 s'],
    [61, '1 min'],
    [80, '1.5 min'],
    [170, '3 min'],
  ])('that is estimated at %d s is written as %s', (seconds, words) => {
    expect(roughly(seconds)).toBe(words);
  });
});
