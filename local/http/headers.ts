/** A header, with its name in the sender's case. */
export type Header = readonly [name: string, value: string];

/** A response to a caller, with its headers as they are sent. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

/** Hop-by-hop headers, which a proxy does not forward: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Lists the headers of a message, each occurrence separately. */
export function headersOf({ rawHeaders }: { readonly rawHeaders: readonly string[] }): Header[] {
  const headers: Header[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  return headers;
}

/** Removes the hop-by-hop headers. */
export function endToEndHeaders(headers: readonly Header[]): Header[] {
  return headers.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()));
}

/** First value of a header. @param name in lower case */
export function headerOf(headers: readonly Header[], name: string): string | undefined {
  return headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1];
}

/**
 * Returns the value of a list header, such as X-Forwarded-For, for the next hop: the received values, then this hop's own.
 * SECURITY: callers can forge all values but the last.
 *
 * @param name in lower case
 * @param ownValue value of this hop
 */
export function extendedHeader(headers: readonly Header[], name: string, ownValue: string): string {
  const received = headers.filter(([candidate]) => candidate.toLowerCase() === name).map(([, value]) => value);
  return [...received, ownValue].join(', ');
}

export function hasBody(headers: Readonly<Record<string, unknown>>): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** The name in a Host header, without port. */
export function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}
