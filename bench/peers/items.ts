/**
 * `GET /items` as tutorials write it. Each request makes a token and a connection. The bundle contains the AWS SDK's own credential
 * providers instead of `functions/stand-ins`. The handler returns only the first page, and reads the same environment variables as
 * `functions/items`.
 */
import { readFileSync } from 'node:fs';
import { Signer } from '@aws-sdk/rds-signer';
import mysql from 'mysql2/promise';

interface Event {
  readonly queryStringParameters: Readonly<Record<string, string>> | null;
}

export async function handler(event: Event): Promise<object> {
  const {
    DB_HOST: host = '',
    DB_PORT: port,
    DB_USER: user = '',
    DB_NAME: database = '',
    DB_CA_FILE: ca = '',
  } = process.env;
  const signer = new Signer({ hostname: host, port: Number(port), username: user });
  const token = await signer.getAuthToken();
  const connection = await mysql.createConnection({
    host,
    port: Number(port),
    user,
    database,
    ssl: { ca: readFileSync(ca), verifyIdentity: true },
    authPlugins: { mysql_clear_password: () => () => Buffer.from(`${token}\0`) },
  });
  try {
    const limit = Number(event.queryStringParameters?.['limit'] ?? 100);
    const [items] = await connection.query('SELECT * FROM items ORDER BY id LIMIT ?', [limit]);
    return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ items }) };
  } finally {
    await connection.end();
  }
}
