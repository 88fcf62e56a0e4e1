import type { MariaDb } from '../../local/database/mariadb';

/** What the table holds, against what callers were told. */
export interface RowsTally {
  /** Rows that a caller was told of, and that are not there. */
  readonly lost: number;
  /** Rows that are there once more than they were recorded. */
  readonly doubled: number;
  /** Rows that nobody was told of: what a request that failed has stored. */
  readonly unanswered: number;
}

type Counts = Map<string, number>;

const TIMES = `SELECT CONCAT(DATE_FORMAT(time, '%Y-%m-%dT%H:%i:%s.'), LPAD(MICROSECOND(time) DIV 1000, 3, '0'), 'Z') AS time,
  COUNT(*) AS count FROM app.timestamps GROUP BY timestamps.time`;

/** Rows of the table `timestamps` that were acknowledged since it was looked at, by their times. */
export class Rows {
  private readonly acknowledged: Counts = new Map();

  private constructor(
    private readonly database: MariaDb,
    private readonly before: Counts,
  ) {}

  static async before(database: MariaDb): Promise<Rows> {
    return new Rows(database, await read(database));
  }

  /** A caller was told that a time is recorded. */
  acknowledge(time: string): void {
    add(this.acknowledged, time, 1);
  }

  async compare(): Promise<RowsTally> {
    const stored = await read(this.database);
    for (const [time, count] of this.before) add(stored, time, -count);
    const tally = { lost: 0, doubled: 0, unanswered: 0 };
    for (const time of new Set([...stored.keys(), ...this.acknowledged.keys()])) {
      const [rows, told] = [stored.get(time) ?? 0, this.acknowledged.get(time) ?? 0];
      if (told === 0) tally.unanswered += rows;
      else if (rows > told) tally.doubled += rows - told;
      else tally.lost += told - rows;
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
