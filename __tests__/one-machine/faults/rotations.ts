import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangedState } from '../support/changed-state';
import type { RunningDeployment } from '../support/running-deployment';
import { expectOnly200 } from '../support/expect-tally';
import { Load } from '../support/load';

const SECOND_KEY = 'second-key-of-the-api-0123456789012345678';

/** Changes the state like `api.keyGenerations: [1, 2]`: the usage plan has both keys, CloudFront sends the second. */
function addSecondKey(state: ChangedState): void {
  const first = state.one('aws_api_gateway_api_key', 'generation-1');
  const inPlan = state.one('aws_api_gateway_usage_plan_key', 'generation-1');
  state.add('aws_api_gateway_api_key', 'api_keys_generation-2', { ...first, id: 'second', value: SECOND_KEY });
  state.add('aws_api_gateway_usage_plan_key', 'api_keys_generation-2-in-plan', { ...inPlan, key_id: 'second' });
  state.one('aws_cloudfront_distribution')['origin'][0].custom_header = [{ name: 'x-api-key', value: SECOND_KEY }];
}

/** Changes the state like `api.keyGenerations: [2]`: the usage plan has only the second key. */
function replaceFirstKey(state: ChangedState): void {
  addSecondKey(state);
  state.remove('aws_api_gateway_api_key', 'generation-1');
  state.remove('aws_api_gateway_usage_plan_key', 'generation-1');
}

/** Expects that rotations of keys and passwords make no request fail. */
export function testRotations(running: RunningDeployment): void {
  describe('under load no request fails', () => {
    // On AWS, API Gateway may need some seconds to accept a new key: docs/operations.md.
    it('while one deployment adds a second API key, and the next deployment removes the first key', async () => {
      const keys = [running.one('aws_api_gateway_api_key')['value'] as string, SECOND_KEY];
      const statusesOfKeys = async (): Promise<number[]> => {
        const answers = keys.map((key) => running.getFromApiGateway('/items', { 'x-api-key': key }));
        return (await Promise.all(answers)).map(({ status }) => status);
      };
      const load = await Load.start(running);
      await load.waitForAnswers(15);
      expect(await statusesOfKeys()).toEqual([200, 403]);
      await running.serveChanged(addSecondKey);
      await load.waitForAnswers(15);
      expect(await statusesOfKeys()).toEqual([200, 200]);
      await running.serveChanged(replaceFirstKey);
      await load.waitForAnswers(15);
      expect(await statusesOfKeys()).toEqual([403, 200]);
      const tally = await load.end('API key rotated: second key added, then first key removed');
      // The load must end first: `serve` replaces the second key by the first in one step, so a request in flight may fail.
      await running.serve();
      expectOnly200(tally);
    });

    it.each([0, 5, 60])(
      'while the password is rotated twice and the proxies notice each rotation after %i s',
      async (delaySeconds) => {
        const { arn } = running.one('aws_secretsmanager_secret', 'timestamps');
        running.deployment.aws.endpoints.followSecretsAfter(delaySeconds);
        const versions = new Set([await running.secret(arn)]);
        const load = await Load.start(running);
        // The first rotation has no minimum interval, because an earlier test may have rotated just before it.
        for (const minimumSeconds of [0, delaySeconds + 1]) {
          await running.allowRotationsEvery(minimumSeconds);
          // Makes the proxies log in, so that they read the secret just before the rotation.
          await running.failOver();
          await load.waitForAnswers(15);
          await running.rotateSecret(arn);
          versions.add(await running.secret(arn));
          await logInAgain(running, load);
          await sleep((delaySeconds + 1) * 1000);
          await logInAgain(running, load);
        }
        running.deployment.aws.endpoints.followSecretsAfter(0);
        await running.serve();
        // Both rotations took place, so the first password is no longer valid.
        expect(versions.size).toBe(3);
        expectOnly200(
          await load.end(`password rotated twice, noticed by the proxies after ${delaySeconds} s, all connections cut`),
        );
      },
    );
  });
}

/**
 * Closes all connections to the database, then all connections to the proxies. Proxies and functions then log in again with the
 * credentials that they know.
 */
async function logInAgain(running: RunningDeployment, load: Load): Promise<void> {
  await running.failOver();
  await load.waitForAnswers(15);
  for (const name of ['password-proxy', 'iam-proxy']) {
    running.deployment.aws.endpoints.faultsAt(running.one('aws_db_proxy', name)['endpoint'])?.cut();
  }
  await load.waitForAnswers(15);
}
