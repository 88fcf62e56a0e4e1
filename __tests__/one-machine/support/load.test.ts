import { Load } from './load';
import type { RunningDeployment } from './running-deployment';

/** Answers every call with 200, and has an empty database. */
const running = {
  get: () => Promise.resolve({ status: 200, headers: {}, text: '{}' }),
  deployment: { aws: { database: { query: () => Promise.resolve([]) } } },
} as unknown as RunningDeployment;

describe('a load', () => {
  it('ends its four callers if `whilePaused` fails', async () => {
    const load = await Load.start(running);
    const failing = () => Promise.reject(new Error('a failed expectation'));
    await expect(load.whilePaused(failing)).rejects.toThrow('a failed expectation');
    const { callers } = load as unknown as { callers: readonly Promise<void>[] };
    await expect(Promise.all(callers)).resolves.toHaveLength(4);
  });
});
