import { howItEnded, type Watcher } from '../processes/server-exit';
import type { MariaDb } from './mariadb';

/** A database that crashes within this time after a restart is not restarted again. */
const CRASH_LOOP_MS = 30_000;

/**
 * Restarts the database after a crash, as RDS does; clients lose their connections. Resolves when the database is stopped,
 * cannot be restarted, or crashes again right after a restart.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
 *
 * @param stopping aborted when everything stops. If that happens during a restart, the restarted database is stopped.
 */
export async function keepRunning(database: MariaDb, watcher: Watcher, stopping: AbortSignal): Promise<void> {
  for (let restartedAt = -Infinity; ; restartedAt = Date.now()) {
    const exit = await database.exited;
    if (exit.isStopped) return;
    const ending = `The database (MariaDB) ended: ${howItEnded(exit)}.`;
    try {
      if (Date.now() - restartedAt < CRASH_LOOP_MS) throw new Error('It crashed again right after a restart.');
      await database.restart();
    } catch (error) {
      watcher.fail(new Error(`${ending} ${(error as Error).message}`, { cause: error }));
      return;
    }
    if (stopping.aborted) return database.stop();
    watcher.notice(`${ending} It runs again, with its data; open connections are lost.`);
  }
}
