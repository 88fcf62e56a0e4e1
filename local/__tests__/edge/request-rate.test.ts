import { RequestRate } from '../../edge/request-rate';

const [ADDRESS, OTHER_ADDRESS] = ['203.0.113.9', '203.0.113.10'];

/** Counts requests of one address at these seconds, with a window of 60 s. @returns the last count */
function countAt(...seconds: readonly number[]): number {
  const rate = new RequestRate(60);
  return seconds.map((second) => rate.count(ADDRESS, second * 1000)).at(-1) ?? 0;
}

describe('the rate of an address', () => {
  it('is the number of its requests within the window, the last one included', () => {
    expect(countAt(0)).toBe(1);
    expect(countAt(0, 0, 20, 40)).toBe(4);
  });

  it('does not include requests before the window', () => {
    expect(countAt(0, 59)).toBe(2);
    expect(countAt(0, 60)).toBe(1);
    expect(countAt(0, 30, 60)).toBe(2);
    expect([countAt(0, 10_000), countAt(3, 120)]).toEqual([1, 1]);
  });

  it('stays the same while requests come at a steady rate', () => {
    const steady = (seconds: number): number => countAt(...Array.from({ length: seconds }, (_, second) => second));
    expect([steady(60), steady(120), steady(600)]).toEqual([60, 60, 60]);
  });

  it('does not depend on other addresses', () => {
    const rate = new RequestRate(60);
    rate.count(ADDRESS, 0);
    expect(rate.count(OTHER_ADDRESS, 0)).toBe(1);
    expect(rate.count(ADDRESS, 0)).toBe(2);
  });
});

describe('the rates of 10,000 addresses', () => {
  it('are all remembered, but one more address replaces the address that was counted least recently', () => {
    const rate = new RequestRate(60);
    for (let number = 1; number <= 10_000; number += 1) rate.count(`address ${number}`, 0);
    expect(rate.count('address 1', 0)).toBe(2);
    rate.count('address 10001', 0);
    expect([rate.count('address 1', 0), rate.count('address 2', 0)]).toEqual([3, 1]);
  });
});
