import type { Query } from '../shared/database/database';

/** A recorded time. The id distinguishes and orders rows of the same millisecond. */
export interface Timestamp {
  /** ISO 8601, UTC, milliseconds. */
  readonly time: string;
  /** UUID. */
  readonly id: string;
}

/** Converts ISO 8601 to the text of a DATETIME(3). Example: `2026-01-31 12:00:00.000`. */
const toDatetime = (iso: string): string => iso.replace('T', ' ').replace('Z', '');
const fromDatetime = (text: string): string => `${text.replace(' ', 'T')}Z`;

const toBinary = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const fromHex = (hex: string): string =>
  hex.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/**
 * Stores a time. Storing it again changes nothing, so the query may be retried after a lost connection.
 * INSERT IGNORE needs only the privilege INSERT; ON DUPLICATE KEY would also need UPDATE.
 */
export async function recordTimestamp(query: Query, { time, id }: Timestamp): Promise<void> {
  await query('INSERT IGNORE INTO timestamps (time, id) VALUES (?, ?)', [toDatetime(time), toBinary(id)]);
}

/**
 * Reads the newest times, or with `after` the next older ones. The primary key is (time, id), so MySQL reads hardly
 * more rows than it returns. ORDER BY needs `timestamps.id`: a bare `id` would mean
 * the alias of HEX(id), and HEX(id) has no index.
 */
export async function readTimestamps(query: Query, count: number, after?: Timestamp): Promise<Timestamp[]> {
  const columns = 'SELECT time, HEX(id) AS id FROM timestamps';
  const order = 'ORDER BY timestamps.time DESC, timestamps.id DESC LIMIT ?';
  const rows = after
    ? await query(`${columns} WHERE timestamps.time <= ? AND (timestamps.time < ? OR timestamps.id < ?) ${order}`, [
        toDatetime(after.time),
        toDatetime(after.time),
        toBinary(after.id),
        count,
      ])
    : await query(`${columns} ${order}`, [count]);
  return rows.map((row) => ({ time: fromDatetime(String(row['time'])), id: fromHex(String(row['id'])) }));
}
