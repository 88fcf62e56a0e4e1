import { createHash } from 'node:crypto';
import mysql from 'mysql2/promise';
import type { Query } from '../shared/database/database';
import { isInterrupted, isUnavailable, isLockWait, isTimeout } from '../shared/database/error-codes';
import { log } from '../shared/log';
import { MIGRATIONS, type Migration } from './migrations';

/** The record of migrations. It is in the migrated database, so a copy, a restore or a drop includes it. */
export const MIGRATIONS_TABLE = 'deployment_migrations';

/**
 * A statement that changes a table waits for open transactions, and later queries of that table wait behind it. After
 * this short timeout the statement fails and the queries run. The bootstrap retries the statement while it has time: `isTransient`
 * in transient.ts recognises a MigrationFailed whose cause is a lock wait.
 */
const LOCK_WAIT_SECONDS = 5;

/** The outcome of a run. */
export interface Migrated {
  /** Migrations that ran now, or that had taken effect without being recorded. */
  readonly applied: readonly string[];
  /** Migrations that a newer version of this function recorded. */
  readonly unknown: readonly string[];
}

/** A migration failed, or the list of migrations contradicts the record. The message ends with the remedy. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
}

/**
 * Runs each pending migration once, in order. The caller must hold the lock of the bootstrap.
 *
 * @param statementMs returns the time limit of the next migration, in milliseconds
 * @throws MigrationFailed if a migration fails or the list contradicts the record. If a migration exceeds its time limit, the
 *   database continues the statement; any other failed statement has no effect. Earlier migrations stay.
 */
export async function migrate(
  query: Query,
  database: string,
  statementMs: () => number,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<Migrated> {
  await query(`CREATE DATABASE IF NOT EXISTS ${mysql.escapeId(database, true)} CHARACTER SET utf8mb4`);
  await query(`USE ${mysql.escapeId(database, true)}`);
  await query('SET SESSION lock_wait_timeout = ?', [LOCK_WAIT_SECONDS]);
  await query(
    `CREATE TABLE IF NOT EXISTS ${MIGRATIONS_TABLE} (
       id VARCHAR(64) NOT NULL PRIMARY KEY,
       checksum CHAR(64) NOT NULL,
       applied_at DATETIME(3) NOT NULL
     )`,
  );
  const recorded = await readRecord(query);
  const pending = migrations.filter(({ id }) => !recorded.has(id));
  for (const migration of migrations) checkAgainstRecord(migration, recorded, pending);
  for (const migration of pending) await apply(query, migration, statementMs());
  const known = new Set(migrations.map(({ id }) => id));
  return { applied: pending.map(({ id }) => id), unknown: [...recorded.keys()].filter((id) => !known.has(id)) };
}

async function readRecord(query: Query): Promise<ReadonlyMap<string, { checksum: string; appliedAt: string }>> {
  const rows = await query(`SELECT id, checksum, applied_at FROM ${MIGRATIONS_TABLE} ORDER BY id`);
  return new Map(
    rows.map((row) => [
      String(row['id']),
      { checksum: String(row['checksum']), appliedAt: String(row['applied_at']).slice(0, 16) },
    ]),
  );
}

function checkAgainstRecord(
  migration: Migration,
  recorded: Awaited<ReturnType<typeof readRecord>>,
  pending: readonly Migration[],
): void {
  const { id } = migration;
  const entry = recorded.get(id);
  if (entry === undefined) return;
  if (entry.checksum !== checksumOf(migration)) {
    throw new MigrationFailed(
      `The statement of migration ${id} has changed since it ran on ${entry.appliedAt} UTC, so the bootstrap applied no migrations. ` +
        'Restore the statement. Add the change as a new migration at the end of functions/bootstrap/migrations.ts.',
    );
  }
  const [firstPending] = pending;
  if (firstPending !== undefined && firstPending.id < id) {
    throw new MigrationFailed(
      `The migration ${firstPending.id} precedes ${id}, which has already run, so the bootstrap applied no migrations. ` +
        `Move ${firstPending.id} to the end of functions/bootstrap/migrations.ts and give it a higher number.`,
    );
  }
}

async function apply(query: Query, migration: Migration, timeoutMs: number): Promise<void> {
  const { id, statement, effectQuery } = migration;
  let started = false;
  try {
    if ((await query(effectQuery)).length === 0) {
      started = true;
      await query(statement, [], undefined, timeoutMs);
    }
  } catch (error) {
    // If the database is unavailable, the caller reconnects and runs the migrations again. That would be wrong in two cases: the
    // database may still run a statement that timed out, and KILL QUERY ends a statement on purpose.
    if (isUnavailable(error) && !(started && (isTimeout(error) || isInterrupted(error)))) throw error;
    throw new MigrationFailed(`The migration ${id} could not be applied: ${failureReason(error)}`, { cause: error });
  }
  const values = [id, checksumOf(migration)];
  await query(`INSERT INTO ${MIGRATIONS_TABLE} (id, checksum, applied_at) VALUES (?, ?, UTC_TIMESTAMP(3))`, values);
  log('info', `Applied: migration ${id}`);
}

function failureReason(error: unknown): string {
  if (isTimeout(error)) {
    return (
      'the function ran out of time, and the database continues the statement. ' +
      'Wait until SHOW FULL PROCESSLIST no longer lists it, then deploy again: this records the migration.'
    );
  }
  const { message } = error as Error;
  const withoutEffect = `${message}. The statement had no effect; earlier migrations stay.`;
  return isLockWait(error)
    ? `${withoutEffect} An open transaction uses the table. End it (SHOW PROCESSLIST, CALL mysql.rds_kill) and deploy again.`
    : `${withoutEffect} Fix the cause and deploy again.`;
}

/** Hashes the statement. The amount and kind of white space between words do not count. */
function checksumOf({ statement }: Migration): string {
  return createHash('sha256').update(statement.replace(/\s+/g, ' ').trim()).digest('hex');
}
