import { setTimeout as sleep } from 'node:timers/promises';
import { addSecondKey, SECOND_KEY, replaceFirstKey } from '../support/key-generations';
import type { RunningDeployment } from '../support/running-deployment';

/** Rotates the API key under load. */
export function keyRotation(running: RunningDeployment): void {
  describe('the rotation of the API key', () => {
    /** Returns API Gateway's statuses for the first and the second key. */
    const accepted = async (): Promise<number[]> => {
      const first = running.one('aws_api_gateway_api_key')['value'];
      const answers = [first, SECOND_KEY].map((key) => running.getFromApiGateway('/items', { 'x-api-key': key }));
      return (await Promise.all(answers)).map(({ status }) => status);
    };

    it('fails no request, and ends with an invalid first key', async () => {
      const calling = keepCalling(running);
      expect(await accepted()).toEqual([200, 403]);
      await calling.more(10);
      await running.serveChanged(addSecondKey);
      await calling.more(10);
      expect(await accepted()).toEqual([200, 200]);
      await running.serveChanged(replaceFirstKey);
      await calling.more(10);
      expect(await accepted()).toEqual([403, 200]);
      const statuses = await calling.end();
      await running.serve();
      expect(statuses.length).toBeGreaterThanOrEqual(30);
      expect(new Set(statuses)).toEqual(new Set([200]));
    });
  });
}

/** Pause between calls, so that the callers stay below the limits of the API. */
const PAUSE_MS = 50;

/** Calls repeatedly, with two concurrent callers. */
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
    /** Waits for a number of further answers. */
    more: async (count: number): Promise<void> => {
      const wanted = statuses.length + count;
      while (statuses.length < wanted) await sleep(PAUSE_MS);
    },
    /** Stops and returns the statuses of all answers. */
    end: async (): Promise<readonly number[]> => {
      isOver = true;
      await Promise.all(calling);
      return statuses;
    },
  };
}
