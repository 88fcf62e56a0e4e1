/**
 * Replaces iconv-lite in the bundles: half a megabyte of encodings that a utf8mb4 connection does not use. mysql2 uses Node.js
 * for the encodings that it supports. So only MySQL's three-byte UTF-8 arrives here; any other encoding is a mistake and must
 * not produce wrong text.
 */
function onlyUtf8(encoding: string): void {
  if (encoding !== 'cesu8') throw new RangeError(`${encoding} is not an encoding of this bundle`);
}

export function getDecoder(encoding: string): { write(bytes: Buffer): string; end(): undefined } {
  onlyUtf8(encoding);
  return { write: (bytes) => bytes.toString('utf8'), end: () => undefined };
}

export function getEncoder(encoding: string): { write(text: string): Buffer; end(): undefined } {
  onlyUtf8(encoding);
  return { write: (text) => Buffer.from(text, 'utf8'), end: () => undefined };
}
