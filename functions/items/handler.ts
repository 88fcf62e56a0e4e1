import { Database, type Query } from '../shared/database/database';
import { iamCredentials } from '../shared/database/iam-credentials';
import { readDatabaseName, readTarget } from '../shared/database/target';
import { httpHandler } from '../shared/http/http-handler';
import { cutPage, parsePage } from '../shared/http/paging';
import { jsonValue, type JsonValue } from './json-value';

const instance = readTarget();
const database = new Database(instance, iamCredentials(instance), readDatabaseName()).warm();

/** Parses an id. The largest integer of MySQL has 20 digits; a JavaScript number would round it. */
const parseId = (text: string): bigint | undefined => (/^\d{1,20}$/.test(text) ? BigInt(text) : undefined);

/** `GET /items`: logs in by IAM straight to the instance. */
export const handler = httpHandler(async ({ query: parameters }) => {
  const { limit, after } = parsePage(parameters, parseId);
  const items = await database.run((query) => readItems(query, limit + 1, after ?? 0n));
  const page = cutPage(items, limit, ({ id }) => String(id));
  return { items: page.rows, next: page.next };
});

/** A row of the table `items`, with its values as JSON. */
interface Item {
  readonly id: string | number;
  readonly [column: string]: JsonValue;
}

/** Reads items by ascending id, starting after a given id. */
async function readItems(query: Query, count: number, afterId: bigint): Promise<Item[]> {
  const rows = await query('SELECT * FROM items WHERE id > ? ORDER BY id LIMIT ?', [afterId, count], jsonValue);
  return rows as unknown as Item[];
}
