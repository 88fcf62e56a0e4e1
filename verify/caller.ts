import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './answer';

/** How names of AWS are reached. */
export interface Reach {
  /** Other places for names and ports, both as HOST:PORT. Empty on AWS. */
  readonly addresses: Readonly<Record<string, string>>;
  /** PEM of the authority that signs the certificates. @default - those that Node.js trusts */
  readonly authority?: string | undefined;
  /** Between the beginnings of two requests. @default 80 */
  readonly pauseMs?: number;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
}

/** Longer than CloudFront waits for its origin. */
const TIMEOUT_MS = 40_000;

/** 12.5 requests a second: below the rate that the usage plan allows everyone together by default. */
const PAUSE_MS = 80;

/** How often a request that was answered by 429 is sent again, and how long is waited for it at most. */
const REPETITIONS = 2;
const LONGEST_WAIT_SECONDS = 60;

/** Where a connection to a host and port leads. */
export function placeOf({ addresses }: Reach, host: string, port: number): { host: string; port: number } {
  const [other, otherPort] = addresses[`${host}:${port}`]?.split(':') ?? [];
  return { host: other ?? host, port: Number(otherPort ?? port) };
}

/** Sends requests one after the other, slowly enough for the usage plan. */
export class Caller {
  private readonly agents: { readonly plain: http.Agent; readonly secure: https.Agent };
  private last = 0;

  constructor(readonly reach: Reach) {
    const { authority: ca } = reach;
    this.agents = {
      plain: new http.Agent({ keepAlive: true }),
      secure: new https.Agent({ keepAlive: true, ...(ca !== undefined && { ca }) }),
    };
  }

  /** @throws Error where nothing answers, or a certificate is not valid for the name. */
  async call(url: string, options: CallOptions = {}): Promise<Answer> {
    for (let repetition = 0; ; repetition += 1) {
      await this.pause();
      const answer = await this.send(new URL(url), options);
      const wait = Number(answer.headers['retry-after']);
      if (answer.status !== 429 || repetition === REPETITIONS || !(wait <= LONGEST_WAIT_SECONDS)) return answer;
      await sleep(wait * 1000);
    }
  }

  stop(): void {
    this.agents.plain.destroy();
    this.agents.secure.destroy();
  }

  private async pause(): Promise<void> {
    const { pauseMs = PAUSE_MS } = this.reach;
    await sleep(Math.max(0, this.last + pauseMs - Date.now()));
    this.last = Date.now();
  }

  private async send(url: URL, { method = 'GET', headers }: CallOptions): Promise<Answer> {
    const started = performance.now();
    const isSecure = url.protocol === 'https:';
    const options = {
      ...placeOf(this.reach, url.hostname, Number(url.port) || (isSecure ? 443 : 80)),
      path: `${url.pathname}${url.search}`,
      method,
      headers: { host: url.host, ...headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    const request = isSecure
      ? https.request({ ...options, agent: this.agents.secure, servername: url.hostname })
      : http.request({ ...options, agent: this.agents.plain });
    request.end();
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    const body = await text(response);
    const milliseconds = Math.round(performance.now() - started);
    return { status: response.statusCode ?? 0, headers: response.headers, text: body, milliseconds };
  }
}
