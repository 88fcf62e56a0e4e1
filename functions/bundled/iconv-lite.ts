/**
 * Stands in for iconv-lite in the bundles: half a megabyte of code pages, of which a connection in utf8mb4 uses none.
 * mysql2 leaves the encodings that Node knows to Node, so what arrives here is MySQL's old three-byte UTF-8 or a
 * mistake, which must not turn into wrong text.
 */
function onlyUtf8(encoding: string): void {
  if (encoding !== 'cesu8') throw new RangeError(`${encoding} is not among the encodings of this bundle`);
}

export function getDecoder(encoding: string): { write(bytes: Buffer): string; end(): undefined } {
  onlyUtf8(encoding);
  return { write: (bytes) => bytes.toString('utf8'), end: () => undefined };
}

export function getEncoder(encoding: string): { write(text: string): Buffer; end(): undefined } {
  onlyUtf8(encoding);
  return { write: (text) => Buffer.from(text, 'utf8'), end: () => undefined };
}
