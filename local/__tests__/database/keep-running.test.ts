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

afterEach(() => {
  jest.restoreAllMocks();
});

interface Options {
  /** Seconds from one end to the next. */
  readonly every?: number;
  readonly restart?: () => Promise<void>;
  readonly stopping?: AbortSignal;
}

/** Watches a database that ends like this, time after time. */
function run(exits: readonly ServerExit[], { every = 60, restart, stopping }: Options = {}): Promise<void> {
  const remaining = [...exits];
  const database = {
    get exited() {
      now += every * 1000;
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
  it('is restarted after each crash', async () => {
    await run([CRASH, CRASH]);
    expect(events).toEqual(['restart', NOTICE, 'restart', NOTICE]);
  });

  it('that was stopped stays stopped', async () => {
    await run([STOP]);
    expect(events).toEqual([]);
  });

  it.each([
    [29, 'failed: The database (MariaDB) ended: killed by SIGSEGV. It crashed again right after a restart.'],
    [30, 'restart'],
  ])('that crashes again %i seconds after a restart: %s', async (every, outcome) => {
    await run([CRASH, CRASH], { every });
    expect(events.slice(0, 3)).toEqual(['restart', NOTICE, outcome]);
  });

  it('that cannot be restarted is a failure with the reason', async () => {
    await run([CRASH, CRASH], { restart: () => Promise.reject(new Error('The disk is full.')) });
    expect(events).toEqual(['restart', 'failed: The database (MariaDB) ended: killed by SIGSEGV. The disk is full.']);
  });

  it('that was just restarted while everything stops is stopped', async () => {
    await run([CRASH, CRASH], { stopping: AbortSignal.abort() });
    expect(events).toEqual(['restart', 'stop']);
  });
});
