import type { Query } from '../shared/database';
import { jsonValue, type JsonValue } from './json-value';

/** A row of the table `items`, each value as JSON has it. */
export interface Item {
  readonly id: string | number;
  readonly [column: string]: JsonValue;
}

/** Items in order of their ids, from after a known one. */
export async function readItems(query: Query, count: number, afterId: bigint): Promise<Item[]> {
  const rows = await query('SELECT * FROM items WHERE id > ? ORDER BY id LIMIT ?', [afterId, count], jsonValue);
  return rows as unknown as Item[];
}
