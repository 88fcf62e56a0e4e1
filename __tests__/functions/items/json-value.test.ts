import { jsonValue } from '../../../functions/items/json-value';
import { stringify } from '../../../functions/shared/http/json';

/** Passes a JSON column to `jsonValue` as the driver does. The tests' database cannot supply one: MariaDB has no JSON type. */
const jsonColumn = (text: string | null) =>
  jsonValue(
    {
      type: 'JSON',
      length: 4_294_967_295,
      db: 'app',
      table: 'items',
      name: 'document',
      string: () => text,
      buffer: () => null,
      geometry: () => null,
    },
    () => undefined,
  );

describe('a column of the type JSON', () => {
  it.each(['{"id": 9007199254740993, "list": [1, null, "b"]}', 'null'])(
    'becomes part of the answer unchanged: %s',
    (text) => {
      expect(stringify({ items: [{ document: jsonColumn(text) }] })).toBe(`{"items":[{"document":${text}}]}`);
    },
  );

  it('becomes null if its value is NULL', () => {
    expect(jsonColumn(null)).toBeNull();
  });
});
