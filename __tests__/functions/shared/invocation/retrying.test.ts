import { RESERVE_MS, retrying } from '../../../../functions/shared/invocation/retrying';

class Transient extends Error {}

const PLENTY_MS = 100_000;

const isTransient = (error: unknown): boolean => error instanceof Transient;

describe('retrying', () => {
  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('repeats the work after a transient error', async () => {
    const work = jest.fn().mockRejectedValueOnce(new Transient()).mockResolvedValueOnce('done');
    const result = retrying(() => PLENTY_MS, isTransient, work);
    await jest.advanceTimersByTimeAsync(1_000);
    await expect(result).resolves.toBe('done');
  });

  it('fails at once after any other error', async () => {
    const work = jest.fn().mockRejectedValue(new Error('wrong'));
    await expect(retrying(() => PLENTY_MS, isTransient, work)).rejects.toThrow('wrong');
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('fails if a pause would leave too little time for another attempt', async () => {
    const work = (): Promise<never> => Promise.reject(new Transient('unavailable'));
    await expect(retrying(() => RESERVE_MS + 500, isTransient, work)).rejects.toThrow('unavailable');
  });
});
