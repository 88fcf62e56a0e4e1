import { createHash } from 'node:crypto';
import mysql from 'mysql2/promise';
import type { Query } from '../shared/database';
import { isAway, isLockWait, isTimeout } from '../shared/errors';
import { log } from '../shared/log';
import { MIGRATIONS, type Migration } from './migrations';

/** Lies in the database that it is about: who drops, copies or restores the one does so with the other. */
export const RECORD = 'deployment_migrations';

/**
 * A statement that changes a table waits for open transactions, and every later query of the table waits behind it. So it gives
 * up soon, and is tried again.
 */
const LOCK_WAIT_SECONDS = 5;

/** What was found and done. */
export interface Migrated {
  /** Ran now, or were found to have had their effect before there was a record. */
  readonly applied: readonly string[];
  /** Recorded by a newer version of this function. */
  readonly unknown: readonly string[];
}

/** A migration that cannot run, or cannot have run as it is. The message ends with the remedy. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
}

/**
 * Brings the tables of a database to their newest version: runs each migration once, in order. To be done under the lock of the
 * bootstrap.
 *
 * @param statementMs how long a statement may take
 * @throws MigrationFailed where one cannot be run; those before it stay, and nothing of it was done.
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
    `CREATE TABLE IF NOT EXISTS ${RECORD} (
       id VARCHAR(64) NOT NULL PRIMARY KEY,
       checksum CHAR(64) NOT NULL,
       applied_at DATETIME(3) NOT NULL
     )`,
  );
  const recorded = await readRecord(query);
  const pending = migrations.filter(({ id }) => !recorded.has(id));
  for (const migration of migrations) check(migration, recorded, pending);
  for (const migration of pending) await apply(query, migration, statementMs());
  const known = new Set(migrations.map(({ id }) => id));
  return { applied: pending.map(({ id }) => id), unknown: [...recorded.keys()].filter((id) => !known.has(id)) };
}

async function readRecord(query: Query): Promise<ReadonlyMap<string, { checksum: string; appliedAt: string }>> {
  const rows = await query(`SELECT id, checksum, applied_at FROM ${RECORD} ORDER BY id`);
  return new Map(
    rows.map((row) => [
      String(row['id']),
      { checksum: String(row['checksum']), appliedAt: String(row['applied_at']).slice(0, 16) },
    ]),
  );
}

function check(
  migration: Migration,
  recorded: Awaited<ReturnType<typeof readRecord>>,
  pending: readonly Migration[],
): void {
  const { id } = migration;
  const ran = recorded.get(id);
  if (ran === undefined) return;
  if (ran.checksum !== checksumOf(migration)) {
    throw new MigrationFailed(
      `The migration ${id} has another statement than when it ran, on ${ran.appliedAt} UTC. Nothing was changed. ` +
        'Restore its statement, and put the change into a new migration at the end of functions/bootstrap/migrations.ts.',
    );
  }
  const [first] = pending;
  if (first !== undefined && first.id < id) {
    throw new MigrationFailed(
      `The migration ${first.id} stands before ${id}, which has run already. Nothing was changed. ` +
        'Give it a higher number, at the end of functions/bootstrap/migrations.ts.',
    );
  }
}

async function apply(query: Query, migration: Migration, milliseconds: number): Promise<void> {
  const { id, statement, done } = migration;
  try {
    if ((await query(done)).length === 0) await query(statement, [], undefined, milliseconds);
  } catch (error) {
    // A lost connection is replaced, and the migrations begin again.
    if (isAway(error) && !isTimeout(error)) throw error;
    throw new MigrationFailed(`The migration ${id} could not be applied: ${explain(error)}`, { cause: error });
  }
  const values = [id, checksumOf(migration)];
  await query(`INSERT INTO ${RECORD} (id, checksum, applied_at) VALUES (?, ?, UTC_TIMESTAMP(3))`, values);
  log('info', `Applied: migration ${id}`);
}

function explain(error: unknown): string {
  if (isTimeout(error)) {
    return (
      'the time of the function is up, and the database goes on with it. ' +
      'Wait until SHOW FULL PROCESSLIST has the statement no more, then apply again: what it did is found, and recorded.'
    );
  }
  const { message } = error as Error;
  const untouched = `${message}. Nothing of it was done, and the migrations before it stay.`;
  return isLockWait(error)
    ? `${untouched} An open transaction uses the table: end it (SHOW PROCESSLIST, CALL mysql.rds_kill) and apply again.`
    : `${untouched} Correct what the message names and apply again.`;
}

/** White space is no change. */
function checksumOf({ statement }: Migration): string {
  return createHash('sha256').update(statement.replace(/\s+/g, ' ').trim()).digest('hex');
}
