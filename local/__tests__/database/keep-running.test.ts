import { keepRunning } from '../../database/keep-running';
import type { MariaDb } from '../../database/mariadb';
import type { ServerExit } from '../../processes/server-exit';

const CRASH: ServerExit = { code: null, signal: 'SIGSEGV', isStopped: false };
const STOP: ServerExit = { code: 0, signal: null, isStopped: true };

let now: number;
let events: string[];

beforeEach(() => {
  [now, events] = [1_000_000, []];
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});

afterEach(() => void jest.restoreAllMocks());

interface Options {
  /** Time from one exit of the database to the next. */
  readonly secondsApart?: number;
  readonly restart?: () => Promise<void>;
  readonly stopping?: AbortSignal;
}

/** Runs `keepRunning` for a database that exits in these ways, one after the other, and is then stopped. */
function watch(exits: readonly ServerExit[], { secondsApart = 60, restart, stopping }: Options = {}): Promise<void> {
  const remaining = [...exits];
  const database = {
    get exited() {
      now += secondsApart * 1000;
      return Promise.resolve(remaining.shift() ?? STOP);
    },
    restart: () => {
      events.push('restart');
      return restart?.() ?? Promise.resolve();
    },
    stop: () => {
      events.push('stop');
      return Promise.resolve();
    },
  };
  const watcher = {
    notice: (line: string) => void events.push(line),
    fail: (error: Error) => void events.push(`failed: ${error.message}`),
  };
  return keepRunning(database as unknown as MariaDb, watcher, stopping ?? new AbortController().signal);
}

const NOTICE =
  'The database (MariaDB) ended: killed by SIGSEGV. It runs again, with its data; open connections are lost.';

describe('a database', () => {
  it('is restarted after each crash, if the crashes are at least 30 seconds apart', async () => {
    await watch([CRASH, CRASH], { secondsApart: 30 });
    expect(events).toEqual(['restart', NOTICE, 'restart', NOTICE]);
  });

  it('that was stopped stays stopped', async () => {
    await watch([STOP]);
    expect(events).toEqual([]);
  });

  it('is not restarted again if it crashes less than 30 seconds after a restart', async () => {
    await watch([CRASH, CRASH], { secondsApart: 29 });
    const failure = 'The database (MariaDB) ended: killed by SIGSEGV. It crashed again right after a restart.';
    expect(events).toEqual(['restart', NOTICE, `failed: ${failure}`]);
  });

  it('that cannot be restarted is reported as a failure, with the reason', async () => {
    await watch([CRASH, CRASH], { restart: () => Promise.reject(new Error('The disk is full.')) });
    expect(events).toEqual(['restart', 'failed: The database (MariaDB) ended: killed by SIGSEGV. The disk is full.']);
  });

  it('is stopped after a restart if the deployment is stopping', async () => {
    await watch([CRASH, CRASH], { stopping: AbortSignal.abort() });
    expect(events).toEqual(['restart', 'stop']);
  });
});
