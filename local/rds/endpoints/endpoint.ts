import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Network } from '../../network/network';
import { listen } from '../../processes/listen';
import type { KeyedCertificate } from '../../certificates/certificate-authority';
import { ClientConnection, type LoginStage } from '../protocol/client-connection';
import type { ConnectionHandler } from '../protocol/connection-handler';
import { frame } from '../protocol/packets';
import { Refused } from '../protocol/refused';
import { errorPacket } from '../protocol/wire';

/** https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html#error_er_client_interaction_timeout */
const INTERACTION_TIMEOUT = {
  errno: 4031,
  sqlState: 'HY000',
  message:
    'The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.',
};

export interface EndpointOptions {
  /** Host name that clients use. */
  readonly host: string;
  /** Loopback address to listen on. */
  readonly address: string;
  readonly port: number;
  readonly certificate: KeyedCertificate;
  readonly network: Network;
  readonly handler: ConnectionHandler;
  readonly log: (line: string) => void;
}

/** The port of an RDS or RDS Proxy endpoint. It does not answer callers that could not reach it on AWS. */
export class RdsEndpoint {
  /** Serves the clients. A new handler serves clients that connect from then on. */
  handler: ConnectionHandler;
  private readonly sockets = new Set<Socket>();
  /** Clients that are logged in or logging in. */
  private readonly clients = new Set<ClientConnection>();
  /** Stage at which logins are cut, and callers that already lost one there. */
  private cutting: { readonly stage: LoginStage; readonly callers: Set<string> } | undefined;

  private constructor(
    private readonly server: Server,
    private readonly options: EndpointOptions,
  ) {
    this.handler = options.handler;
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => socket.destroy());
      this.receive(socket);
    });
  }

  /** @throws Error if another process uses the address and port. */
  static async start(options: EndpointOptions): Promise<RdsEndpoint> {
    const server = createServer({ noDelay: true });
    await listen(server, options.address, options.port, options.log);
    return new RdsEndpoint(server, options);
  }

  /** Open connections. */
  get connections(): ReadonlySet<object> {
    return this.sockets;
  }

  /** Resets every connection, as a failing network does. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /**
   * Resets the next login of each caller when it reaches a stage, as a failing network may.
   *
   * @param stage @default - no further login is reset
   * @returns the addresses of callers that lost a login; the set grows with each one
   */
  cutNextLogins(stage?: LoginStage): ReadonlySet<string> {
    const callers = new Set<string>();
    this.cutting = stage && { stage, callers };
    return callers;
  }

  /** Closes every connection normally, with FIN. */
  end(): void {
    for (const { stream } of this.clients) stream.end();
  }

  /** Closes every connection with MySQL's error for a client that was idle for `wait_timeout`. */
  timeOut(): void {
    for (const { stream } of this.clients) stream.end(frame(0, errorPacket(INTERACTION_TIMEOUT)));
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private receive(socket: Socket): void {
    const { host, network, log } = this.options;
    const from = socket.remoteAddress;
    // A reset socket has no remote address.
    if (from === undefined) return void socket.destroy();
    const reason = network.judge(from, host);
    if (reason === undefined) {
      void this.serve(socket, network.addressOf(from));
    } else {
      // On AWS the packets are dropped: the caller gets no answer until its timeout.
      log(`A connection to ${host} is blocked: ${reason}`);
      socket.resume();
    }
  }

  private async serve(socket: Socket, address: string): Promise<void> {
    const { host, certificate, log } = this.options;
    const onStage = (stage: LoginStage): void => {
      if (this.isCut(stage, address)) socket.resetAndDestroy();
    };
    const client = new ClientConnection(socket, certificate, this.handler.connectTimeout, onStage);
    this.clients.add(client);
    try {
      await this.handler.serve(client, address);
    } catch (error) {
      if (error instanceof Refused) {
        log(`${host} refuses ${client.hello.user} from ${address}: ${error.message}`);
        client.refuse(error);
        return;
      }
      if (!client.isAccepted) log(`A login at ${host} from ${address} broke off: ${(error as Error).message}`);
      socket.destroy();
    } finally {
      this.clients.delete(client);
    }
  }

  private isCut(stage: LoginStage, caller: string): boolean {
    const { cutting } = this;
    if (cutting?.stage !== stage || cutting.callers.has(caller)) return false;
    cutting.callers.add(caller);
    return true;
  }
}
