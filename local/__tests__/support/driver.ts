import { connect } from 'node:net';
import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise';

/** An endpoint from the callers' point of view. */
export interface DriverEndpoint {
  readonly host: string;
  /** Loopback address of the host name. */
  readonly address: string;
  readonly port: number;
  /** PEM of the authority that signs its certificate. */
  readonly ca: string;
}

export interface DriverLogin extends ConnectionOptions {
  /** Loopback address from which to connect. */
  readonly from: string;
  readonly user: string;
  /** Whether to use TLS and verify the certificate. @default true */
  readonly tls?: boolean;
  /** Token to send if the server asks for the plugin mysql_clear_password. */
  readonly token?: string;
}

/** Logs in with mysql2. @throws Error of the driver */
export function connectTo({ host, address, port, ca }: DriverEndpoint, login: DriverLogin): Promise<Connection> {
  const { from, token, tls = true, ...options } = login;
  return mysql.createConnection({
    host,
    stream: connect({ host: address, port, localAddress: from }),
    connectTimeout: 10_000,
    ...(tls && { ssl: { ca, verifyIdentity: true } }),
    ...(token !== undefined && { authPlugins: { mysql_clear_password: () => () => Buffer.from(`${token}\0`) } }),
    ...options,
  });
}
