import type { Duplex } from 'node:stream';
import { BORROW_TIMEOUT } from '../protocol/mysql-errors';
import { Refused } from '../protocol/refused';

interface IdleConnection {
  readonly kind: string;
  readonly connection: Duplex;
}

/**
 * A limited pool of connections from a proxy to the database. Lends an idle connection of the same kind (user, database, TLS,
 * settings and so on), or opens a new one. To stay within its limit, it closes an idle connection of another kind. Unlike
 * RDS Proxy, it has no idle timeout.
 */
export class ConnectionPool {
  /** Maximum number of connections, lent and idle. */
  limit = 1;
  /** Time that a borrower waits if all connections are lent. */
  borrowTimeoutSeconds = 120;

  /** Number of connections, lent and idle. */
  private openCount = 0;
  private isClosed = false;
  private idle: IdleConnection[] = [];
  /** Each function lets one waiting borrower try again. The borrower that has waited longest is first. */
  private readonly waiting: (() => void)[] = [];

  /** Lends a connection. @throws Refused if none becomes free in time, or the server refuses a new one */
  async borrow(kind: string, open: () => Promise<Duplex>): Promise<Duplex> {
    const deadline = Date.now() + this.borrowTimeoutSeconds * 1000;
    for (;;) {
      const sameKind = this.idle.find((candidate) => candidate.kind === kind);
      if (sameKind) return this.takeOut(sameKind);
      if (this.openCount >= this.limit && this.idle[0]) this.takeOut(this.idle[0]).destroy();
      if (this.openCount < this.limit) return this.add(open);
      await this.waitForTurn(deadline);
    }
  }

  /** Takes back a connection with an unchanged session. A borrower that changed the session destroys the connection instead. */
  giveBack(kind: string, connection: Duplex): void {
    if (connection.destroyed) return;
    if (this.isClosed) return void connection.destroy();
    this.idle.push({ kind, connection });
    this.waiting.shift()?.();
  }

  /** Closes the idle connections now, and each lent connection when it is given back. */
  close(): void {
    this.isClosed = true;
    for (const { connection } of this.idle) connection.destroy();
  }

  private takeOut(idle: IdleConnection): Duplex {
    this.idle = this.idle.filter((other) => other !== idle);
    return idle.connection;
  }

  private async add(open: () => Promise<Duplex>): Promise<Duplex> {
    this.openCount += 1;
    try {
      const connection = await open();
      connection.once('close', () => this.remove(connection));
      return connection;
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  private remove(connection?: Duplex): void {
    this.openCount -= 1;
    this.idle = this.idle.filter((idle) => idle.connection !== connection);
    this.waiting.shift()?.();
  }

  private waitForTurn(deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(tryAgain), 1);
        reject(Refused.by(BORROW_TIMEOUT));
      }, deadline - Date.now());
      const tryAgain = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.waiting.push(tryAgain);
    });
  }
}
