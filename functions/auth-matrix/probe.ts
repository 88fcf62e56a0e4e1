import { once } from 'node:events';
import { createConnection, type ConnectionOptions } from 'mysql2';
import type { DatabaseLogin } from '../shared/database/database-credentials';
import type { Target } from '../shared/database/target';
import { observeFailure, type Observation } from './observation';

/** Time limit for a login and its first statement together, in milliseconds. */
const PROBE_TIMEOUT_MS = 3_000;

/** Tries one login. Returns the outcome `o` (connected) with the login time, or the error of the failed login. */
export async function probe(target: Target, login: DatabaseLogin, withTls: boolean): Promise<Observation> {
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  // `createConnection` of mysql2/promise is unsuitable: if the login fails, it returns no connection that the probe could close.
  const connection = createConnection(probeOptions(target, login, withTls));
  // Without this listener, an error outside a statement would end the process.
  connection.on('error', () => undefined);
  try {
    await once(connection, 'connect');
    const timeout = Math.max(1, PROBE_TIMEOUT_MS - elapsed());
    // The probe includes a statement, because a proxy accepts its client first and logs in to the instance only for a statement.
    await connection.promise().query({ sql: 'SELECT 1', timeout });
    return { observed: 'o', milliseconds: elapsed(), code: null, reason: null };
  } catch (error) {
    return { ...observeFailure(error), milliseconds: null };
  } finally {
    connection.destroy();
  }
}

/**
 * Returns the driver's options. The password or token is sent as the server requests it: hashed, encrypted or in clear text.
 *
 * SECURITY: a password is sent in clear text only over verified TLS. A token is also sent without TLS; otherwise the probe could
 * not show whether the server accepts it. The user has no grants, and the token is valid for 15 minutes (docs/adr/0009).
 */
export function probeOptions(
  { host, port, tls }: Target,
  { user, password, clearText }: DatabaseLogin,
  withTls: boolean,
): ConnectionOptions {
  return {
    host,
    port,
    user,
    password,
    charset: 'utf8mb4',
    connectTimeout: PROBE_TIMEOUT_MS,
    ...(withTls && { ssl: { ...tls } }),
    ...((withTls || clearText) && { authPlugins: { mysql_clear_password: () => () => Buffer.from(`${password}\0`) } }),
  };
}
