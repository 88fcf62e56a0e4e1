import type { IncomingHttpHeaders } from 'node:http';

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Time from the request to the end of the response. */
  readonly milliseconds: number;
}

/** Text on CloudFront's page for a request that AWS WAF blocked. */
const BLOCKED = 'Request blocked';

/** Parses a body or a log line as JSON. Returns its fields; none if it is not JSON or has no fields. */
export function bodyOf({ text }: Pick<HttpResponse, 'text'>): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Returns the status, and the reason if the response has one. Explains CloudFront's page for a blocked request. */
export function describeResponse(response: HttpResponse): string {
  const { error } = bodyOf(response);
  if (typeof error === 'string') return `${response.status} ${error}`;
  if (response.status !== 403 || !response.text.includes(BLOCKED)) return String(response.status);
  return '403 from CloudFront: AWS WAF blocks your IP address; is it in edge.allowlist?';
}

/** Returns the status and the content type; for an error, the status and the reason. */
export const statusAndType = (response: HttpResponse): string =>
  response.status === 200 ? `200 ${String(response.headers['content-type'])}` : describeResponse(response);

/** Returns the request id that the caller, the logs and API Gateway share; `undefined` if the response has none. */
export function requestIdOf({ headers }: HttpResponse): string | undefined {
  const id = headers['x-request-id'];
  return typeof id === 'string' ? id : undefined;
}
