import { inTime } from '../../processes/in-time';

const never = new Promise<never>(() => undefined);
const late = (): Error => new Error('too late');

afterEach(() => void jest.useRealTimers());

describe('work with a time limit', () => {
  it('fails with the given error at the time limit, not before', async () => {
    jest.useFakeTimers();
    const failed = jest.fn();
    inTime(never, 1_000, late).catch(failed);
    await jest.advanceTimersByTimeAsync(999);
    expect(failed).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(failed).toHaveBeenCalledWith(late());
  });

  it('returns its result or fails with its own error, and clears its timer, so that the process can end', async () => {
    jest.useFakeTimers();
    expect(await inTime(Promise.resolve('done'), 1_000, late)).toBe('done');
    await expect(inTime(Promise.reject(new Error('broken')), 1_000, late)).rejects.toThrow('broken');
    expect(jest.getTimerCount()).toBe(0);
  });
});
