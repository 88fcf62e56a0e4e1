import type { ChangedState } from './changed-state';
import type { EndToEnd } from './deployment';

const SECOND = 'second-key-of-the-api-0123456789012345678';

/** As `api.keyGenerations: [1, 2]` makes it: both keys in the plan, CloudFront sends the second. */
export function bothKeys(state: ChangedState): void {
  const first = state.one('aws_api_gateway_api_key', 'generation-1');
  const link = state.one('aws_api_gateway_usage_plan_key', 'generation-1');
  state.add('aws_api_gateway_api_key', 'api_keys_generation-2', { ...first, id: 'second', value: SECOND });
  state.add('aws_api_gateway_usage_plan_key', 'api_keys_generation-2-in-plan', { ...link, key_id: 'second' });
  state.one('aws_cloudfront_distribution')['origin'][0].custom_header = [{ name: 'x-api-key', value: SECOND }];
}

/** As `api.keyGenerations: [2]` makes it. */
export function secondKey(state: ChangedState): void {
  bothKeys(state);
  state.remove('aws_api_gateway_api_key', 'generation-1');
  state.remove('aws_api_gateway_usage_plan_key', 'generation-1');
}

/** A key takes the place of another while colleagues go on calling. */
export function keyRotation(running: EndToEnd): void {
  describe('the rotation of the API key', () => {
    /** Statuses that API Gateway itself answers to the first key and to the second. */
    const accepted = async (): Promise<number[]> => {
      const first = running.one('aws_api_gateway_api_key')['value'];
      const answers = [first, SECOND].map((key) => running.getDirectly('/items', { 'x-api-key': key }));
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

/** Calls again and again, two calls at a time. */
function keepCalling(running: EndToEnd) {
  const statuses: number[] = [];
  let isOver = false;
  const calling = [0, 1].map(async () => {
    while (!isOver) statuses.push((await running.get('/items?limit=1')).status);
  });
  return {
    /** Waits for so many more answers. */
    more: async (count: number): Promise<void> => {
      const wanted = statuses.length + count;
      while (statuses.length < wanted) await running.get('/items?limit=1');
    },
    /** Statuses of all answers. */
    end: async (): Promise<readonly number[]> => {
      isOver = true;
      await Promise.all(calling);
      return statuses;
    },
  };
}
