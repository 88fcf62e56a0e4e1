import { createServer, type RequestListener, type Server } from 'node:http';
import { listen } from '../../processes/listen';

/** An HTTP server of a test. */
export interface HttpServer {
  readonly server: Server;
  readonly port: number;
  readonly url: string;
  /** Stops the server and closes its connections. */
  stop(): void;
}

/** Starts an HTTP server on a free port of 127.0.0.1. */
export async function startHttpServer(respond: RequestListener): Promise<HttpServer> {
  const server = createServer(respond);
  const port = await listen(server, '127.0.0.1', 0, () => undefined);
  return {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
