import type { Socket } from 'node:net';
import type { ClientConnection, LoginStage } from '../protocol/client-connection';
import { CLIENT_INTERACTION_TIMEOUT } from '../protocol/mysql-errors';
import { frame } from '../protocol/packets';
import { errorPacket } from '../protocol/wire';

/** Watches the connections to an endpoint and breaks them on request, to see how clients recover. */
export class Faults {
  /** Stage at which logins are reset, and callers that already lost a login there. */
  private cutting: { readonly stage: LoginStage; readonly callers: Set<string> } | undefined;

  constructor(
    /** Open connections. */
    readonly connections: ReadonlySet<Socket>,
    /** Clients that are logged in or logging in. */
    private readonly clients: ReadonlySet<ClientConnection>,
  ) {}

  /** Resets every connection, as a failing network does. */
  cut(): void {
    for (const socket of this.connections) socket.resetAndDestroy();
  }

  /**
   * Resets the next login of each caller when it reaches a stage, as a failing network may.
   *
   * @returns the addresses of callers that lost a login; the set grows with each lost login
   */
  cutNextLogins(stage: LoginStage): ReadonlySet<string> {
    const callers = new Set<string>();
    this.cutting = { stage, callers };
    return callers;
  }

  /** Ends `cutNextLogins`: all further logins pass. */
  cutNoMoreLogins(): void {
    this.cutting = undefined;
  }

  /** Closes the connection of every client normally, with FIN. */
  end(): void {
    for (const { stream } of this.clients) stream.end();
  }

  /** Closes the connection of every client with MySQL's error for a client that was idle for `wait_timeout`. */
  timeOut(): void {
    for (const { stream } of this.clients) stream.end(frame(0, errorPacket(CLIENT_INTERACTION_TIMEOUT)));
  }

  /** Returns whether to reset a caller's login that has reached this stage. If so, remembers the caller, so that its next logins pass. */
  cuts(stage: LoginStage, caller: string): boolean {
    const { cutting } = this;
    if (cutting?.stage !== stage || cutting.callers.has(caller)) return false;
    cutting.callers.add(caller);
    return true;
  }
}
