/** A header as it was sent: its name in the sender's own letters. */
export type Header = readonly [name: string, value: string];

/** What one hop tells the next, and nobody behind it: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const HOP_BY_HOP = new Set([
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

/** Headers of a message, each occurrence for itself. */
export function headersOf({ rawHeaders }: { readonly rawHeaders: readonly string[] }): Header[] {
  const headers: Header[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  return headers;
}

/** Without the headers that end with this hop. */
export function endToEnd(headers: readonly Header[]): Header[] {
  return headers.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()));
}

/** First value of a header. @param name in small letters */
export function headerOf(headers: readonly Header[], name: string): string | undefined {
  return headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1];
}

/** Value of X-Forwarded-For for the next hop. SECURITY: only its last address is proven, all others are hearsay. */
export function forwardedFor(headers: readonly Header[], address: string): string {
  const before = headers.filter(([name]) => name.toLowerCase() === 'x-forwarded-for').map(([, value]) => value);
  return [...before, address].join(', ');
}

/** Whether a message has a body. */
export function hasBody(headers: Readonly<Record<string, unknown>>): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** The name in a Host header, without the port. */
export function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}
