import type { Query } from '../shared/database/database';
import { jsonValue, type JsonValue } from './json-value';

/** A row of the table `items`, with its values as JSON. */
export interface Item {
  readonly id: string | number;
  readonly [column: string]: JsonValue;
}

/** Reads items by ascending id, starting after a given id. */
export async function readItems(query: Query, count: number, afterId: bigint): Promise<Item[]> {
  const rows = await query('SELECT * FROM items WHERE id > ? ORDER BY id LIMIT ?', [afterId, count], jsonValue);
  return rows as unknown as Item[];
}
