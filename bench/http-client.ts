import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';

export interface HttpClientOptions {
  /** Port of CloudFront on this machine. */
  readonly port: number;
  /** PEM of the authority that signs CloudFront's certificate. */
  readonly ca: string;
}

/** A caller that keeps one connection open between its requests. */
export class HttpClient {
  private readonly agent: Agent;

  constructor(private readonly options: HttpClientOptions) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 1, ca: options.ca });
  }

  /** Opens the connection with a method that CloudFront rejects, so that no function is called. */
  async connect(): Promise<void> {
    await this.send('DELETE', '/', 403);
  }

  /** @returns response time, milliseconds. @throws Error if the request fails or the status is not 200. */
  async call(path: string): Promise<number> {
    const started = performance.now();
    await this.send('GET', path, 200);
    return performance.now() - started;
  }

  close(): void {
    this.agent.destroy();
  }

  private async send(method: string, path: string, expected: number): Promise<void> {
    const { port } = this.options;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ host: 'localhost', port, method, path, agent: this.agent }, resolve).on('error', reject).end();
    });
    const body = await text(response);
    const { statusCode = 0 } = response;
    if (statusCode !== expected)
      throw new Error(`${method} ${path} must answer ${expected}, got ${statusCode}: ${body}`);
  }
}
