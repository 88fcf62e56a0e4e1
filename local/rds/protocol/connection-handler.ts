import type { ClientConnection } from './client-connection';

/** Handles the connections of an endpoint: logs a client in, then serves it. */
export interface ConnectionHandler {
  /** Longest silence of a client during its login, seconds. */
  readonly connectTimeoutSeconds: number;

  /**
   * Greets a client, logs it in, and serves it until its connection closes.
   *
   * @param address the client's address in the VPC or on the internet
   * @throws Refused if the login is refused.
   * @throws Error if the login or the session breaks off.
   */
  serve(client: ClientConnection, address: string): Promise<void>;
}
