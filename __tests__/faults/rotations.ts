import type { RunningDeployment } from '../support/running-deployment';
import { bothKeys, secondKey } from '../support/key-generations';
import { expectNoHarm } from './expect-no-harm';
import { Load } from './load';

/** Nobody notices that a key or a password takes the place of another. */
export function rotations(running: RunningDeployment): void {
  it('of the API key, in its three steps', async () => {
    const load = await Load.start(running);
    await load.more(15);
    await running.serveChanged(bothKeys);
    await load.more(15);
    await running.serveChanged(secondKey);
    await load.more(15);
    await running.serve();
    expectNoHarm(await load.end('API key rotated in three steps'));
  });

  it('of the password, twice, with connections cut after each', async () => {
    const { arn } = running.one('aws_secretsmanager_secret', 'timestamps');
    const proxy = running.one('aws_db_proxy', 'password-proxy')['endpoint'];
    const texts = new Set([await running.secret(arn)]);
    const load = await Load.start(running);
    for (let times = 0; times < 2; times += 1) {
      await load.more(15);
      await running.rotateSecret(arn);
      texts.add(await running.secret(arn));
      await load.more(15);
      running.deployment.aws.endpoints.cut(proxy);
    }
    await load.more(15);
    // After two rotations the first password is worth nothing any more.
    expect(texts.size).toBe(3);
    expectNoHarm(await load.end('password rotated twice, connections cut after each'));
  });
}
