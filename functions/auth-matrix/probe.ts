import { once } from 'node:events';
import { createConnection, type ConnectionOptions } from 'mysql2';
import type { Target } from '../shared/database/target';
import type { Login } from './logins';
import { explain, type Observation } from './observation';

/** For a login and a first statement together. */
export const PROBE_TIMEOUT_MS = 3_000;

/** Tries one login. Whatever happens is an observation. */
export async function probe(target: Target, login: Login, tls: boolean): Promise<Observation> {
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  // Not the driver's promises: they keep a connection that failed half way, and its socket stays open.
  const connection = createConnection(probeOptions(target, login, tls));
  connection.on('error', () => undefined);
  try {
    await once(connection, 'connect');
    // A proxy lets its client in first and logs in to the instance when there is something to do.
    const timeout = Math.max(1, PROBE_TIMEOUT_MS - elapsed());
    await connection.promise().query({ sql: 'SELECT 1', timeout });
    return { observed: 'o', milliseconds: elapsed(), code: null, reason: null };
  } catch (error) {
    return { ...explain(error), milliseconds: null };
  } finally {
    connection.destroy();
  }
}

/**
 * What the driver is told. The proof is given in whatever way the server asks for: hashed, encrypted or as it is.
 *
 * SECURITY: a password goes as it is over verified TLS only. A token does without TLS too, or nobody could tell whether
 * the server would take it; it is that of a user who may do nothing, inside the VPC, for 15 minutes (docs/adr/0009).
 */
export function probeOptions(
  { host, port, tls }: Target,
  { user, proof, by }: Login,
  withTls: boolean,
): ConnectionOptions {
  const asItIs = withTls || by === 'iam';
  return {
    host,
    port,
    user,
    password: proof,
    charset: 'utf8mb4',
    connectTimeout: PROBE_TIMEOUT_MS,
    ...(withTls && { ssl: { ...tls } }),
    ...(asItIs && { authPlugins: { mysql_clear_password: () => () => Buffer.from(`${proof}\0`) } }),
  };
}
