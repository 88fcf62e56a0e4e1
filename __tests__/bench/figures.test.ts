import { figure, markdownTable, median, percentile } from '../../bench/figures';

describe('percentile', () => {
  const HUNDRED = Array.from({ length: 100 }, (_, index) => 100 - index);

  it.each([
    [0, 1],
    [50, 50],
    [99, 99],
    [99.5, 100],
    [100, 100],
  ])('%d of the numbers 1 to 100 is %d', (percent, expected) => {
    expect(percentile(HUNDRED, percent)).toBe(expected);
  });

  it('compares values as numbers, and does not reorder its input', () => {
    const values = [100, 9, 10];
    expect(median(values)).toBe(10);
    expect(values).toEqual([100, 9, 10]);
  });

  it('of no values is an error', () => {
    expect(() => median([])).toThrow('Nothing was measured');
  });
});

describe('a figure', () => {
  it.each([
    [0, '0'],
    [0.012345, '0.0123'],
    [1.2, '1.2'],
    [99.94, '99.9'],
    [99.96, '100'],
    [1234.5, '1235'],
    [Infinity, '–'],
    [NaN, '–'],
  ])('of %d is %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });
});

it('a Markdown table has a row of hyphens below its header', () => {
  expect(
    markdownTable(
      ['way', 'ms'],
      [
        ['direct', '12'],
        ['proxy', '15'],
      ],
    ),
  ).toBe('| way | ms |\n| --- | --- |\n| direct | 12 |\n| proxy | 15 |');
});
