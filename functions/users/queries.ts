import type { Query } from '../shared/database/database';

/** Reads the names of all users of the server. The function's own user may read only this column. */
export async function readUserNames(query: Query): Promise<string[]> {
  const rows = await query('SELECT DISTINCT User AS name FROM mysql.user ORDER BY User');
  return rows.map((row) => String(row['name']));
}
