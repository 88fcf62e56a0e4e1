import { setTimeout as sleep } from 'node:timers/promises';
import { type Faults, LOGIN_STAGES } from '../../../local';
import type { RunningDeployment } from '../support/running-deployment';
import { Logins, TOKEN_LIFETIME_SECONDS } from '../support/logins';
import { expectOnly200 } from '../support/expect-tally';
import { Load } from '../support/load';

/** How an endpoint closes its connections. */
const CLOSINGS: readonly (readonly [how: string, close: (faults: Faults) => void])[] = [
  ['FIN', (faults) => faults.end()],
  ['RST', (faults) => faults.cut()],
  ["MySQL's 4031", (faults) => faults.timeOut()],
];

/** Expects that lost connections make no request fail. */
export function testLostConnections(running: RunningDeployment): void {
  describe('under load no request fails', () => {
    const endpoints = (): Faults[] => {
      const { aws } = running.deployment;
      return Object.keys(aws.endpoints.hosts).flatMap((host) => aws.endpoints.faultsAt(host) ?? []);
    };

    it('while every connection is cut, also during statements', async () => {
      const load = await Load.start(running);
      for (let times = 0; times < 3; times += 1) {
        await load.waitForAnswers(15);
        endpoints().forEach((endpoint) => endpoint.cut());
      }
      await load.waitForAnswers(15);
      expectOnly200(await load.end('every connection to instance and proxies cut, three times'));
    });

    it.each(LOGIN_STAGES)(
      'while idle connections are cut, and the next login of each function at the %s',
      async (stage) => {
        const load = await Load.start(running);
        const affectedCallers: ReadonlySet<string>[] = [];
        for (let times = 0; times < 3; times += 1) {
          await load.waitForAnswers(15);
          // Idle, because a function replaces two connections within a call. A running request could lose a third.
          await load.whilePaused(() => {
            affectedCallers.push(...endpoints().map((endpoint) => endpoint.cutNextLogins(stage)));
            endpoints().forEach((endpoint) => endpoint.cut());
          });
        }
        await load.waitForAnswers(15);
        endpoints().forEach((endpoint) => endpoint.cutNextLogins());
        expectOnly200(await load.end(`idle connections cut, and the next login at the ${stage}, three times`));
        expect(affectedCallers.every(({ size }) => size > 0)).toBe(true);
      },
    );

    it('while the database kills every connection, also those of the proxies', async () => {
      const load = await Load.start(running);
      for (let times = 0; times < 3; times += 1) {
        await load.waitForAnswers(15);
        await running.failOver();
      }
      await load.waitForAnswers(15);
      expectOnly200(await load.end('every connection killed by the database, three times'));
    });

    it.each(CLOSINGS)('while connections are closed by %s and every container is frozen', async (how, close) => {
      const load = await Load.start(running);
      const openConnections = (): object[][] => endpoints().map(({ connections }) => [...connections]);
      let closed: object[][] = [];
      await load.waitForAnswers(15);
      await load.whilePaused(async () => {
        closed = openConnections();
        expect(closed.every((connections) => connections.length > 0)).toBe(true);
        endpoints().forEach(close);
        // The end of each connection reaches the frozen containers.
        await sleep(200);
      });
      await load.waitForAnswers(30);
      expectOnly200(await load.end(`idle connections closed by ${how} while containers are frozen`));
      const isNew = (connection: object): boolean => !closed.flat().includes(connection);
      expect(openConnections().map((connections) => connections.some(isNew))).toEqual(closed.map(() => true));
    });

    it('while connections are cut after the token that opened them has expired', async () => {
      const remainingSeconds = 5;
      const logins = new Logins(running);
      running.deployment.aws.endpoints.setClocksAhead(TOKEN_LIFETIME_SECONDS - remainingSeconds);
      try {
        const load = await Load.start(running);
        await load.waitForAnswers(15);
        await load.whilePaused(async () => {
          const token = await logins.token('instance');
          await sleep((remainingSeconds + 1) * 1000);
          expect(await logins.outcome('instance', { user: 'items', token })).toContain('Access denied');
          endpoints().forEach((endpoint) => endpoint.cut());
        });
        await load.waitForAnswers(30);
        expectOnly200(await load.end('token expired in a frozen container, then the connection cut'));
      } finally {
        running.deployment.aws.endpoints.setClocksAhead(0);
        logins.releaseAddresses();
      }
    });
  });
}
