import type { TypeCastField, TypeCastNext } from 'mysql2';
import { JsonText } from '../shared/http/json';

/** A column's value in JSON. `docs/api.md` lists the formats by column type. */
export type JsonValue = string | number | null | JsonText;

/**
 * Converts a column's value to JSON, without loss for any MySQL column type.
 *
 * JavaScript numbers are exact only up to 2^53. JavaScript dates lack microseconds and always have a time zone. So
 * 64-bit integers and times stay text. https://dev.mysql.com/doc/refman/8.4/en/data-types.html
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

/** ISO 8601 in UTC. MySQL returns a TIMESTAMP in the time zone of the session, which RDS sets to UTC. */
const instant = (text: string | null): string | null => (text === null ? null : `${text.replace(' ', 'T')}Z`);

const base64 = (bytes: Buffer | null): string | null => bytes?.toString('base64') ?? null;

/** Binary digits, as many as the column has bits. */
function bits(bytes: Buffer | null, length: number): string | null {
  if (bytes === null) return null;
  const digits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return digits.slice(-length).padStart(length, '0');
}

const json = (text: string | null): JsonText | null => (text === null ? null : new JsonText(text));
