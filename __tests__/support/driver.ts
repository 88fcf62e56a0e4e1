import { connect } from 'node:net';
import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise';

/** An endpoint as its callers know it. */
export interface Endpoint {
  readonly host: string;
  /** Loopback address that the host's name stands for. */
  readonly address: string;
  readonly port: number;
  /** PEM of who signs for it. */
  readonly ca: string;
}

export interface Login extends ConnectionOptions {
  /** Loopback address of the caller. */
  readonly from: string;
  readonly user: string;
  /** Sent where the server asks for a clear text. */
  readonly token?: string;
}

/** Logs in with mysql2, over TLS with the certificate verified unless told otherwise. @throws Error as the driver tells it */
export function connectTo({ host, address, port, ca }: Endpoint, login: Login): Promise<Connection> {
  const { from, token, ...options } = login;
  return mysql.createConnection({
    host,
    stream: connect({ host: address, port, localAddress: from }),
    ssl: { ca, verifyIdentity: true },
    connectTimeout: 10_000,
    ...(token !== undefined && { authPlugins: { mysql_clear_password: () => () => Buffer.from(`${token}\0`) } }),
    ...options,
  });
}
