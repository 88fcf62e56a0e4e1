import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';

export interface ClientOptions {
  /** Port of CloudFront on this machine. */
  readonly port: number;
  /** PEM of who signs for it. */
  readonly ca: string;
}

/** A caller with one connection, as a browser or a script of a colleague has it. */
export class Client {
  private readonly agent: Agent;

  constructor(private readonly options: ClientOptions) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 1, ca: options.ca });
  }

  /** @returns how long the answer took, in milliseconds. @throws Error where it is not 200. */
  async call(path: string): Promise<number> {
    const started = performance.now();
    const { port } = this.options;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ host: 'localhost', port, path, agent: this.agent }, resolve).on('error', reject).end();
    });
    const body = await text(answer);
    if (answer.statusCode !== 200) throw new Error(`${path} is answered ${answer.statusCode ?? 0}: ${body}`);
    return performance.now() - started;
  }

  close(): void {
    this.agent.destroy();
  }
}
