import type { ClientConnection } from './client-connection';

/** What stands behind an endpoint's port: logs a client in, then serves it. */
export interface Front {
  /** Seconds that a client may be silent for until it is logged in. */
  readonly connectTimeout: number;

  /**
   * Greets a client, logs it in, and serves it until it leaves.
   *
   * @param address what the caller's address is in the VPC or on the internet
   * @throws Refused where the client does not get in.
   */
  serve(client: ClientConnection, address: string): Promise<void>;
}
