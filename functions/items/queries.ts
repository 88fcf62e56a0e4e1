import type { Query } from '../shared/database';

/** A row of the table `items`. */
export interface Item {
  readonly id: number;
  readonly [column: string]: unknown;
}

/** Items in order of their ids, from after a known one. */
export async function readItems(query: Query, count: number, afterId: number): Promise<Item[]> {
  const rows = await query('SELECT * FROM items WHERE id > ? ORDER BY id LIMIT ?', [afterId, count]);
  return rows.map((row) => ({ ...row, id: Number(row['id']) }));
}
