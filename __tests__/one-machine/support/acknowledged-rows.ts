import type { MariaDb } from '../../../local/__tests__/support';

/** Differences between the stored and the acknowledged rows, as numbers of rows. */
export interface RowsTally {
  /** Acknowledged but not stored. */
  readonly lost: number;
  /** Stored more often than acknowledged. */
  readonly doubled: number;
  /** Stored by a failed request, so not acknowledged. */
  readonly unacknowledged: number;
}

/** Number of rows by time. */
type Counts = Map<string, number>;

const STORED_TIMES = `SELECT CONCAT(DATE_FORMAT(time, '%Y-%m-%dT%H:%i:%s.'), LPAD(MICROSECOND(time) DIV 1000, 3, '0'), 'Z') AS time,
  COUNT(*) AS count FROM app.timestamps GROUP BY timestamps.time`;

/** Compares the rows that the functions acknowledged with those that they stored in the table `timestamps`. */
export class AcknowledgedRows {
  private readonly acknowledged: Counts = new Map();

  private constructor(
    private readonly database: MariaDb,
    private readonly storedBefore: Counts,
  ) {}

  /** Starts a comparison that ignores the rows stored so far. */
  static async before(database: MariaDb): Promise<AcknowledgedRows> {
    return new AcknowledgedRows(database, await countStored(database));
  }

  /** Adds a time that a function acknowledged: the field `recorded` of its answer. */
  acknowledge(time: string): void {
    add(this.acknowledged, time, 1);
  }

  async compare(): Promise<RowsTally> {
    const stored = await countStored(this.database);
    for (const [time, count] of this.storedBefore) add(stored, time, -count);
    const tally = { lost: 0, doubled: 0, unacknowledged: 0 };
    for (const time of new Set([...stored.keys(), ...this.acknowledged.keys()])) {
      const [rows, acknowledged] = [stored.get(time) ?? 0, this.acknowledged.get(time) ?? 0];
      if (acknowledged === 0) tally.unacknowledged += rows;
      else if (rows > acknowledged) tally.doubled += rows - acknowledged;
      else tally.lost += acknowledged - rows;
    }
    return tally;
  }
}

async function countStored(database: MariaDb): Promise<Counts> {
  const rows = await database.query<{ time: string; count: number }>(STORED_TIMES);
  return new Map(rows.map(({ time, count }) => [time, count]));
}

function add(counts: Counts, time: string, count: number): void {
  counts.set(time, (counts.get(time) ?? 0) + count);
}
