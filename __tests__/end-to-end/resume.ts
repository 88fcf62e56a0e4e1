import type { EndToEnd } from './deployment';

const MINUTE_MS = 60_000;

/** A later start on the same folder. */
export function resume(running: EndToEnd): void {
  describe('a later start', () => {
    let before: string[];

    beforeAll(async () => {
      await running.get('/func1');
      before = (await running.get('/func2')).json().timestamps;
      await running.deployment.stop();
      await running.open();
    }, MINUTE_MS);

    it('has nothing to apply', () => {
      expect(running.deployment.isApplied).toBe(true);
    });

    it('serves the same data by the same passwords', async () => {
      await running.serve();
      const { recorded, timestamps } = (await running.get('/func1')).json();
      expect(timestamps).toEqual([recorded, ...before].slice(0, timestamps.length));
    });
  });
}
