import { setTimeout as sleep } from 'node:timers/promises';
import { type Faults, LOGIN_STAGES } from '../../../local';
import type { RunningDeployment } from '../support/running-deployment';
import { Logins } from '../support/logins';
import { expectOnly200 } from '../support/expect-tally';
import { Load } from '../support/load';

const CLOSED: readonly (readonly [string, (faults: Faults) => void])[] = [
  ['FIN', (faults) => faults.end()],
  ['RST', (faults) => faults.cut()],
  ["MySQL's 4031", (faults) => faults.timeOut()],
];

/** Lifetime of a token. */
const TOKEN_SECONDS = 900;

/** Lost connections do not make a request fail. */
export function connections(running: RunningDeployment): void {
  const faults = (): Faults[] => {
    const { aws } = running.deployment;
    return Object.keys(aws.endpoints.hosts).flatMap((host) => aws.endpoints.faultsAt(host) ?? []);
  };

  it('are cut while statements run', async () => {
    const load = await Load.start(running);
    for (let times = 0; times < 3; times += 1) {
      await load.waitForAnswers(15);
      faults().forEach((one) => one.cut());
    }
    await load.waitForAnswers(15);
    expectOnly200(await load.end('every connection to instance and proxies cut, three times'));
  });

  it.each(LOGIN_STAGES)('are cut, and the next login of each function as well (%s)', async (stage) => {
    const load = await Load.start(running);
    const unlucky: ReadonlySet<string>[] = [];
    for (let times = 0; times < 3; times += 1) {
      await load.waitForAnswers(15);
      // A running request may already have lost a stale connection. With these two it would lose three.
      await load.whilePaused(() => {
        unlucky.push(...faults().map((one) => one.cutNextLogins(stage)));
        faults().forEach((one) => one.cut());
      });
    }
    await load.waitForAnswers(15);
    faults().forEach((one) => one.cutNextLogins());
    expectOnly200(await load.end(`idle connections cut, and the next login at the ${stage}, three times`));
    expect(unlucky.every(({ size }) => size > 0)).toBe(true);
  });

  it('are killed at the database, behind the proxies', async () => {
    const load = await Load.start(running);
    for (let times = 0; times < 3; times += 1) {
      await load.waitForAnswers(15);
      await running.failOver();
    }
    await load.waitForAnswers(15);
    expectOnly200(await load.end('every connection killed by the database, three times'));
  });

  it.each(CLOSED)('are closed by %s while every container is frozen', async (word, close) => {
    const load = await Load.start(running);
    const connected = (): object[][] => faults().map(({ connections: open }) => [...open]);
    let closed: object[][] = [];
    await load.waitForAnswers(15);
    await load.whilePaused(async () => {
      closed = connected();
      expect(closed.every((open) => open.length > 0)).toBe(true);
      faults().forEach(close);
      await sleep(200);
    });
    await load.waitForAnswers(30);
    expectOnly200(await load.end(`idle connections closed by ${word} while containers are frozen`));
    const isNew = (connection: object): boolean => !closed.flat().includes(connection);
    expect(connected().map((open) => open.some(isNew))).toEqual(closed.map(() => true));
  });

  it('are cut after the token that opened them has expired', async () => {
    const lifetime = 5;
    const logins = new Logins(running);
    running.deployment.aws.endpoints.setClocksAhead(TOKEN_SECONDS - lifetime);
    try {
      const load = await Load.start(running);
      await load.waitForAnswers(15);
      await load.whilePaused(async () => {
        const token = await logins.token('instance');
        await sleep((lifetime + 1) * 1000);
        expect(await logins.outcome('instance', { user: 'items', token })).toContain('Access denied');
        faults().forEach((one) => one.cut());
      });
      await load.waitForAnswers(30);
      expectOnly200(await load.end('token expired in a frozen container, then the connection cut'));
    } finally {
      running.deployment.aws.endpoints.setClocksAhead(0);
      logins.releaseAddresses();
    }
  });
}
