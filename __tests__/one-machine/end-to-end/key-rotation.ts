import { expectOnly200 } from '../support/expect-tally';
import { addSecondKey, SECOND_KEY, replaceFirstKey } from '../support/key-generations';
import { Load } from '../support/load';
import type { RunningDeployment } from '../support/running-deployment';

/** Rotates the API key under load. */
export function testKeyRotation(running: RunningDeployment): void {
  describe('a rotation of the API key', () => {
    /** Calls API Gateway with the first and the second key. @returns the statuses */
    const statusesOfKeys = async (): Promise<number[]> => {
      const firstKey = running.one('aws_api_gateway_api_key')['value'];
      const answers = [firstKey, SECOND_KEY].map((key) => running.getFromApiGateway('/items', { 'x-api-key': key }));
      return (await Promise.all(answers)).map(({ status }) => status);
    };

    // On AWS, API Gateway may need some seconds to accept a new key: docs/operations.md.
    it('fails no request, and makes the first key invalid at its end', async () => {
      const load = await Load.start(running, ['/items']);
      expect(await statusesOfKeys()).toEqual([200, 403]);
      await load.waitForAnswers(15);
      await running.serveChanged(addSecondKey);
      await load.waitForAnswers(15);
      expect(await statusesOfKeys()).toEqual([200, 200]);
      await running.serveChanged(replaceFirstKey);
      await load.waitForAnswers(15);
      expect(await statusesOfKeys()).toEqual([403, 200]);
      expectOnly200(await load.end('API key rotated'));
      await running.serve();
    });
  });
}
