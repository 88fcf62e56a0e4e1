import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpResponse } from './http-response';

/** How to connect to AWS host names. */
export interface Reach {
  /** Maps the HOST:PORT of a URL to the HOST:PORT to connect to. Empty on AWS, because no connection needs another address there. */
  readonly addresses: Readonly<Record<string, string>>;
  /** PEM of the authority that signs the certificates. @default - the authorities that Node.js trusts */
  readonly authority?: string | undefined;
  /** Minimum number of milliseconds between the starts of two requests. @default 80 */
  readonly pauseMs?: number;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
}

/** Longer than CloudFront's timeout for its origin. */
const TIMEOUT_MS = 40_000;

/** 12.5 requests a second, less than the usage plan's default rate, which all callers share. */
const PAUSE_MS = 80;

/** Maximum number of retries after 429. */
const MAX_RETRIES = 2;

/** A 429 with a longer Retry-After is not retried. */
const MAX_WAIT_SECONDS = 60;

/** Returns the address for a connection to a host and port. */
export function addressOf({ addresses }: Reach, host: string, port: number): { host: string; port: number } {
  const [localHost, localPort] = addresses[`${host}:${port}`]?.split(':') ?? [];
  return { host: localHost ?? host, port: Number(localPort ?? port) };
}

/**
 * Sends requests slowly enough for the usage plan, if each call waits for the previous response. It does not use `fetch`, which
 * needs the package `undici` to connect to another address or to trust another authority.
 */
export class Caller {
  private readonly agents: { readonly plain: http.Agent; readonly secure: https.Agent };
  /** Start of the last request, in milliseconds since 1970. */
  private lastStart = 0;

  constructor(readonly reach: Reach) {
    const { authority: ca } = reach;
    this.agents = {
      plain: new http.Agent({ keepAlive: true }),
      secure: new https.Agent({ keepAlive: true, ...(ca !== undefined && { ca }) }),
    };
  }

  /** @throws Error if no response arrives, or the certificate is not valid for the name. */
  async call(url: string, options: CallOptions = {}): Promise<HttpResponse> {
    for (let retry = 0; ; retry += 1) {
      await this.pause();
      const response = await this.send(new URL(url), options);
      // NaN without Retry-After. The comparison below is then false, so the call is not retried.
      const waitSeconds = Number(response.headers['retry-after']);
      const isRetried = response.status === 429 && retry < MAX_RETRIES && waitSeconds <= MAX_WAIT_SECONDS;
      if (!isRetried) return response;
      await sleep(waitSeconds * 1000);
    }
  }

  stop(): void {
    this.agents.plain.destroy();
    this.agents.secure.destroy();
  }

  private async pause(): Promise<void> {
    const { pauseMs = PAUSE_MS } = this.reach;
    await sleep(Math.max(0, this.lastStart + pauseMs - Date.now()));
    this.lastStart = Date.now();
  }

  private async send(url: URL, { method = 'GET', headers }: CallOptions): Promise<HttpResponse> {
    const started = performance.now();
    const isSecure = url.protocol === 'https:';
    const options = {
      ...addressOf(this.reach, url.hostname, Number(url.port) || (isSecure ? 443 : 80)),
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
