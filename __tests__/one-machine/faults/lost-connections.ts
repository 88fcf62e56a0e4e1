import { setTimeout as sleep } from 'node:timers/promises';
import { type Faults, LOGIN_STAGES } from '../../../local';
import type { RunningDeployment } from '../support/running-deployment';
import { Logins, TOKEN_LIFETIME_SECONDS } from '../support/logins';
import { expectOnly200 } from '../support/expect-tally';
import { Load } from '../support/load';

/** Ways in which an endpoint closes its connections. */
const WAYS_TO_CLOSE: readonly (readonly [way: string, close: (faults: Faults) => void])[] = [
  ['FIN', (faults) => faults.end()],
  ['RST', (faults) => faults.cut()],
  ['MySQL error 4031 (idle client)', (faults) => faults.timeOut()],
];

/** Expects that lost connections make no request fail. */
export function testLostConnections(running: RunningDeployment): void {
  describe('under load no request fails', () => {
    /** The instance and both proxies. */
    let endpoints: readonly Faults[];

    beforeEach(() => {
      const { aws } = running.deployment;
      endpoints = Object.keys(aws.endpoints.hosts).flatMap((host) => aws.endpoints.faultsAt(host) ?? []);
      expect(endpoints).toHaveLength(3);
    });

    /** Open connections of each endpoint. */
    const openConnections = (): object[][] => endpoints.map(({ connections }) => [...connections]);
    const eachEndpointHasConnections = (connections: readonly object[][]): boolean =>
      connections.every((open) => open.length > 0);
    const without = (connections: readonly object[][], earlier: readonly object[][]): object[][] =>
      connections.map((open) => open.filter((connection) => !earlier.flat().includes(connection)));

    it('while every connection is cut, also during statements', async () => {
      const load = await Load.start(running);
      const snapshots: object[][][] = [];
      for (let times = 0; times < 3; times += 1) {
        await load.waitForAnswers(15);
        snapshots.push(openConnections());
        endpoints.forEach((endpoint) => endpoint.cut());
      }
      await load.waitForAnswers(15);
      snapshots.push(openConnections());
      expectOnly200(await load.end('three times: every connection to instance and proxies cut'));
      expect(snapshots.every(eachEndpointHasConnections)).toBe(true);
      // No connection outlives a cut.
      for (const [index, later] of snapshots.slice(1).entries())
        expect(without(later, snapshots[index] ?? [])).toEqual(later);
    });

    it.each(LOGIN_STAGES)(
      'while idle connections are cut, and then the next login of each function is cut at its %s',
      async (stage) => {
        const load = await Load.start(running);
        const callersCut: ReadonlySet<string>[] = [];
        for (let times = 0; times < 3; times += 1) {
          await load.waitForAnswers(15);
          // A request survives the loss of two connections. The next request of each function loses two: the idle one, and the
          // new one during its login. A request that runs during a cut might lose a third connection, so the load pauses.
          await load.whilePaused(() => {
            callersCut.push(...endpoints.map((endpoint) => endpoint.cutNextLogins(stage)));
            endpoints.forEach((endpoint) => endpoint.cut());
          });
        }
        await load.waitForAnswers(15);
        endpoints.forEach((endpoint) => endpoint.cutNoMoreLogins());
        expectOnly200(await load.end(`three times: idle connections cut, and the next login cut at the ${stage}`));
        expect(callersCut.every(({ size }) => size > 0)).toBe(true);
      },
    );

    it('while the database kills every connection, also those of the proxies', async () => {
      const load = await Load.start(running);
      const ids: number[][] = [];
      for (let times = 0; times < 3; times += 1) {
        await load.waitForAnswers(15);
        ids.push(await running.databaseConnections());
        await running.failOver();
      }
      await load.waitForAnswers(15);
      ids.push(await running.databaseConnections());
      expectOnly200(await load.end('three times: every connection killed by the database'));
      expect(ids.every(({ length }) => length > 0)).toBe(true);
      // The database never repeats an id. A repeated id would be a connection that survived.
      expect(new Set(ids.flat()).size).toBe(ids.flat().length);
    });

    it.each(WAYS_TO_CLOSE)('while connections are closed by %s and every container is frozen', async (way, close) => {
      const load = await Load.start(running);
      let closed: object[][] = [];
      await load.waitForAnswers(15);
      await load.whilePaused(async () => {
        closed = openConnections();
        expect(eachEndpointHasConnections(closed)).toBe(true);
        endpoints.forEach(close);
        // The end of each connection needs time to reach the frozen containers.
        await sleep(200);
      });
      await load.waitForAnswers(30);
      expectOnly200(await load.end(`idle connections closed by ${way} while containers are frozen`));
      expect(eachEndpointHasConnections(without(openConnections(), closed))).toBe(true);
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
          endpoints.forEach((endpoint) => endpoint.cut());
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
