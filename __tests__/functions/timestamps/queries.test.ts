import type { Query } from '../../../functions/shared/database/database';
import { readTimestamps, recordTimestamp } from '../../../functions/timestamps/queries';

const TIMESTAMP = { time: '2026-01-31T12:00:00.123Z', id: '0f8fad5b-d9cb-469f-a165-70867728950e' };
const BINARY_ID = Buffer.from('0f8fad5bd9cb469fa16570867728950e', 'hex');

/** A database that returns rows. Records its statements, each with its parameters. */
function databaseWith(rows: object[] = []): { query: Query; statements: [sql: string, parameters: unknown][] } {
  const statements: [string, unknown][] = [];
  const query: Query = (sql, parameters) => {
    statements.push([sql, parameters]);
    return Promise.resolve(rows as never);
  };
  return { query, statements };
}

describe('a timestamp', () => {
  it('is written as a DATETIME and a binary id, and writing it again changes nothing', async () => {
    const { query, statements } = databaseWith();
    await recordTimestamp(query, TIMESTAMP);
    expect(statements).toEqual([
      ['INSERT IGNORE INTO timestamps (time, id) VALUES (?, ?)', ['2026-01-31 12:00:00.123', BINARY_ID]],
    ]);
  });

  it('is read as ISO 8601 and a UUID', async () => {
    const { query } = databaseWith([{ time: '2026-01-31 12:00:00.123', id: BINARY_ID.toString('hex').toUpperCase() }]);
    expect(await readTimestamps(query, 1)).toEqual([TIMESTAMP]);
  });
});

describe('the stored timestamps', () => {
  it('are read from the newest to the oldest', async () => {
    const { query, statements } = databaseWith();
    await readTimestamps(query, 11);
    expect(statements).toEqual([
      [
        expect.stringMatching(/^SELECT (?!.*WHERE).* ORDER BY timestamps\.time DESC, timestamps\.id DESC LIMIT \?$/),
        [11],
      ],
    ]);
  });

  it('that follow a given timestamp have an earlier time, or the same time and a smaller id', async () => {
    const { query, statements } = databaseWith();
    await readTimestamps(query, 11, TIMESTAMP);
    expect(statements).toEqual([
      [
        expect.stringContaining('WHERE timestamps.time <= ? AND (timestamps.time < ? OR timestamps.id < ?)'),
        ['2026-01-31 12:00:00.123', '2026-01-31 12:00:00.123', BINARY_ID, 11],
      ],
    ]);
  });
});
