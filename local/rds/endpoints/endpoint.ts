import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Network } from '../../network/network';
import { listen } from '../../processes/listen';
import type { KeyedCertificate } from '../../certificates/certificate-authority';
import { ClientConnection, type LoginStage } from '../protocol/client-connection';
import type { ConnectionHandler } from '../protocol/connection-handler';
import { Refused } from '../protocol/refused';
import { Faults } from './faults';

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

/** The server at an endpoint of RDS or RDS Proxy. It does not answer callers whose packets AWS would drop. */
export class RdsEndpoint {
  /** Serves the clients. A new handler serves clients that connect from then on. */
  handler: ConnectionHandler;
  private readonly sockets = new Set<Socket>();
  /** Clients that are logged in or logging in. */
  private readonly clients = new Set<ClientConnection>();
  readonly faults = new Faults(this.sockets, this.clients);

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

  /** @throws Error if it cannot listen, for example because another process uses the address and port. */
  static async start(options: EndpointOptions): Promise<RdsEndpoint> {
    const server = createServer({ noDelay: true });
    await listen(server, options.address, options.port, options.log);
    return new RdsEndpoint(server, options);
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
    try {
      const reason = network.judge(from, host);
      if (reason === undefined) return void this.serve(socket, network.addressOf(from));
      // On AWS the packets are dropped: the caller gets no answer until its timeout.
      log(`A connection to ${host} is blocked: ${reason}`);
      // Discards what the caller sends. Without reading, the socket would not notice when the caller disconnects.
      socket.resume();
    } catch (error) {
      log(`A connection to ${host} failed: ${(error as Error).message}`);
      socket.destroy();
    }
  }

  private async serve(socket: Socket, address: string): Promise<void> {
    const { host, certificate, log } = this.options;
    const onStage = (stage: LoginStage): void => {
      if (this.faults.cuts(stage, address)) socket.resetAndDestroy();
    };
    const client = new ClientConnection(socket, certificate, this.handler.connectTimeoutSeconds, onStage);
    this.clients.add(client);
    try {
      await this.handler.serve(client, address);
    } catch (error) {
      if (error instanceof Refused) {
        log(`${host} refuses ${client.loginPacket.user} from ${address}: ${error.message}`);
        client.refuse(error);
        return;
      }
      if (!client.isAccepted) log(`A login at ${host} from ${address} broke off: ${(error as Error).message}`);
      socket.destroy();
    } finally {
      this.clients.delete(client);
    }
  }
}
