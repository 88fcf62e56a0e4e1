import type { IncomingHttpHeaders } from 'node:http';

/** An HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** From the request to the end of the answer. */
  readonly milliseconds: number;
}

/** Words of CloudFront's own page for a request that AWS WAF blocked. */
const BLOCKED = 'Request blocked';

/** The members of a JSON object; empty where the body is something else. */
export function bodyOf({ text }: Pick<Answer, 'text'>): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** The status, and the reason that the answer gives. */
export function describe(answer: Answer): string {
  const { error } = bodyOf(answer);
  if (typeof error === 'string') return `${answer.status} ${error}`;
  if (answer.status !== 403 || !answer.text.includes(BLOCKED)) return String(answer.status);
  return '403 from CloudFront: the method is not allowed, or AWS WAF blocks this address; is it in edge.allowlist?';
}

/** Id by which the caller, the logs and API Gateway know a request. */
export function requestIdOf({ headers }: Answer): string | undefined {
  const id = headers['x-request-id'];
  return typeof id === 'string' ? id : undefined;
}
