import { setTimeout as sleep } from 'node:timers/promises';
import { bothKeys, SECOND_KEY, secondKey } from '../support/key-generations';
import type { RunningDeployment } from '../support/running-deployment';

/** A key takes the place of another while colleagues go on calling. */
export function keyRotation(running: RunningDeployment): void {
  describe('the rotation of the API key', () => {
    /** Statuses that API Gateway itself answers to the first key and to the second. */
    const accepted = async (): Promise<number[]> => {
      const first = running.one('aws_api_gateway_api_key')['value'];
      const answers = [first, SECOND_KEY].map((key) => running.getDirectly('/items', { 'x-api-key': key }));
      return (await Promise.all(answers)).map(({ status }) => status);
    };

    it('fails no request, and in the end the first key opens nothing', async () => {
      const calling = keepCalling(running);
      expect(await accepted()).toEqual([200, 403]);
      await calling.more(10);
      await running.serveChanged(bothKeys);
      await calling.more(10);
      expect(await accepted()).toEqual([200, 200]);
      await running.serveChanged(secondKey);
      await calling.more(10);
      expect(await accepted()).toEqual([403, 200]);
      const statuses = await calling.end();
      await running.serve();
      expect(statuses.length).toBeGreaterThanOrEqual(30);
      expect(new Set(statuses)).toEqual(new Set([200]));
    });
  });
}

/** Between an answer and the next call: the callers stay below the limits of the API. */
const PAUSE_MS = 50;

/** Calls again and again, two calls at a time. */
function keepCalling(running: RunningDeployment) {
  const statuses: number[] = [];
  let isOver = false;
  const calling = [0, 1].map(async () => {
    while (!isOver) {
      statuses.push((await running.get('/items?limit=1')).status);
      await sleep(PAUSE_MS);
    }
  });
  return {
    /** Waits for so many more answers. */
    more: async (count: number): Promise<void> => {
      const wanted = statuses.length + count;
      while (statuses.length < wanted) await sleep(PAUSE_MS);
    },
    /** Statuses of all answers. */
    end: async (): Promise<readonly number[]> => {
      isOver = true;
      await Promise.all(calling);
      return statuses;
    },
  };
}
