import { once } from 'node:events';
import { Deadline } from '../../../../functions/shared/database/deadline';

describe('a deadline', () => {
  beforeEach(() => void jest.useFakeTimers());

  afterEach(() => void jest.useRealTimers());

  it('caps the limit of a step at the remaining time', () => {
    const deadline = new Deadline(8_000);
    expect(deadline.limit(5_000)).toBe(5_000);
    jest.advanceTimersByTime(6_000);
    expect(deadline.limit(5_000)).toBe(2_000);
    expect(deadline.isOver).toBe(false);
  });

  it('that is over still gives a step 1 ms, because 0 means no limit for the driver', () => {
    const deadline = new Deadline(10);
    jest.advanceTimersByTime(20);
    expect(deadline.isOver).toBe(true);
    expect(deadline.limit(5_000)).toBe(1);
  });

  it('that is infinite never shortens the limit of a step, and has no signal', () => {
    const deadline = new Deadline(Infinity);
    expect(deadline.limit(5_000)).toBe(5_000);
    expect(deadline.isOver).toBe(false);
    expect(deadline.signal).toBeUndefined();
  });

  it('aborts its signal when it is over', async () => {
    jest.useRealTimers();
    const signal = new Deadline(20).signal as AbortSignal;
    expect(signal.aborted).toBe(false);
    await once(signal, 'abort');
  });
});
