import type { TypeCastField, TypeCastNext } from 'mysql2';
import { JsonText } from '../shared/json';

/** The value of a column as JSON has it; `docs/api.md` has the table. */
export type JsonValue = string | number | null | JsonText;

/**
 * Writes a column's value as JSON, without loss for any column type of MySQL.
 *
 * JavaScript's numbers hold integers up to 2^53 exactly, and its dates know neither microseconds nor a missing time zone, so
 * such values stay text. https://dev.mysql.com/doc/refman/8.4/en/data-types.html
 */
export function jsonValue(field: TypeCastField, next: TypeCastNext): JsonValue {
  switch (field.type) {
    case 'LONGLONG':
      return field.string('ascii');
    case 'DATETIME':
      return dateTime(field.string('ascii'));
    case 'TIMESTAMP':
      return instant(field.string('ascii'));
    case 'BIT':
      return bits(field.buffer(), field.length);
    case 'JSON':
      return json(field.string('utf8'));
    case 'GEOMETRY':
      return base64(field.buffer());
    default: {
      const value = next() as string | number | Buffer | null;
      return Buffer.isBuffer(value) ? base64(value) : value;
    }
  }
}

/** ISO 8601 without a time zone, since a DATETIME has none. */
const dateTime = (text: string | null): string | null => text?.replace(' ', 'T') ?? null;

/** A TIMESTAMP is a moment. MySQL shows it in the time zone of the session, which RDS sets to UTC. */
const instant = (text: string | null): string | null => (text === null ? null : `${text.replace(' ', 'T')}Z`);

const base64 = (bytes: Buffer | null): string | null => bytes?.toString('base64') ?? null;

/** As many digits, 0 or 1, as the column has bits. */
function bits(bytes: Buffer | null, length: number): string | null {
  if (bytes === null) return null;
  const digits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return digits.slice(-length).padStart(length, '0');
}

const json = (text: string | null): JsonText | null => (text === null ? null : new JsonText(text));
