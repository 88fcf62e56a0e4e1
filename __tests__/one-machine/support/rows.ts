import type { MariaDb } from '../../../local/__tests__/support';

/** Compares the table with the acknowledged rows. */
export interface RowsTally {
  /** Acknowledged but not stored. */
  readonly lost: number;
  /** Stored more often than recorded. */
  readonly doubled: number;
  /** Stored by a failed request, so not acknowledged. */
  readonly unanswered: number;
}

type Counts = Map<string, number>;

const TIMES = `SELECT CONCAT(DATE_FORMAT(time, '%Y-%m-%dT%H:%i:%s.'), LPAD(MICROSECOND(time) DIV 1000, 3, '0'), 'Z') AS time,
  COUNT(*) AS count FROM app.timestamps GROUP BY timestamps.time`;

/** Acknowledged rows of the table `timestamps` since the start, by time. */
export class Rows {
  private readonly acknowledged: Counts = new Map();

  private constructor(
    private readonly database: MariaDb,
    private readonly before: Counts,
  ) {}

  static async before(database: MariaDb): Promise<Rows> {
    return new Rows(database, await read(database));
  }

  /** Adds a time that a caller got as recorded. */
  acknowledge(time: string): void {
    add(this.acknowledged, time, 1);
  }

  async compare(): Promise<RowsTally> {
    const stored = await read(this.database);
    for (const [time, count] of this.before) add(stored, time, -count);
    const tally = { lost: 0, doubled: 0, unanswered: 0 };
    for (const time of new Set([...stored.keys(), ...this.acknowledged.keys()])) {
      const [rows, acknowledged] = [stored.get(time) ?? 0, this.acknowledged.get(time) ?? 0];
      if (acknowledged === 0) tally.unanswered += rows;
      else if (rows > acknowledged) tally.doubled += rows - acknowledged;
      else tally.lost += acknowledged - rows;
    }
    return tally;
  }
}

async function read(database: MariaDb): Promise<Counts> {
  const rows = await database.query<{ time: string; count: number }>(TIMES);
  return new Map(rows.map(({ time, count }) => [time, count]));
}

function add(counts: Counts, time: string, count: number): void {
  counts.set(time, (counts.get(time) ?? 0) + count);
}
