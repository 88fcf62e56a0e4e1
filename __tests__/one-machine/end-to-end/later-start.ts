import type { RunningDeployment } from '../support/running-deployment';

/** Tests a deployment that was stopped and started again from the same folder. */
export function testLaterStart(running: RunningDeployment): void {
  describe('a later start from the same folder', () => {
    let earlierTimes: string[];
    let secretArn: string;
    let rotatedSecret: string;

    beforeAll(async () => {
      await running.get('/func1');
      earlierTimes = (await running.get('/func2')).json().timestamps;
      // The database keeps the rotated passwords in its files. The control plane must restore the same passwords in Secrets
      // Manager, from its journal. MySQL keeps one previous password valid, so the original password is invalid after two rotations.
      secretArn = running.one('aws_secretsmanager_secret', 'timestamps').arn;
      await running.allowRotationsEvery(0);
      await running.rotateSecret(secretArn);
      await running.rotateSecret(secretArn);
      rotatedSecret = await running.secret(secretArn);
      await running.deployment.stop();
      await running.open();
    });

    it('has nothing to apply', () => {
      expect(running.deployment.isApplied).toBe(true);
    });

    it('serves the same data with the same passwords', async () => {
      // After a restart, this call invokes the bootstrap again, which sets the database's passwords to those in Secrets Manager.
      await running.deployment.serve();
      // Stores the new addresses for `running.get`.
      await running.serve();
      expect(await running.secret(secretArn)).toBe(rotatedSecret);
      const { recorded, timestamps } = (await running.get('/func1')).json();
      // Without the parameter `limit`, a page has at most 100 rows.
      expect(timestamps).toEqual([recorded, ...earlierTimes].slice(0, 100));
    });
  });
}
