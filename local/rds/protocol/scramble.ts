/**
 * Scrambles, checks, hashes and unmasks passwords as MySQL's plugins do.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_authentication_methods.html
 */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Plugins with which a client proves that it knows the password: it sends one value, hashed from the password and the server's nonce. */
export type ScramblePlugin = 'mysql_native_password' | 'caching_sha2_password';

const sha = (algorithm: 'sha1' | 'sha256', ...parts: (string | Buffer)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash(algorithm)).digest();

const xor = (bytes: Buffer, mask: Buffer): Buffer =>
  Buffer.from(bytes.map((byte, index) => byte ^ (mask[index % mask.length] ?? 0)));

/** Returns a client's response to the server's nonce, which proves that the client knows the password. */
export function scramble(plugin: ScramblePlugin, password: string, nonce: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0);
  if (plugin === 'mysql_native_password') {
    const hash = sha('sha1', password);
    return xor(hash, sha('sha1', nonce, sha('sha1', hash)));
  }
  const hash = sha('sha256', password);
  return xor(hash, sha('sha256', sha('sha256', hash), nonce));
}

/** Whether the response of a client is the right one for this password and nonce. */
export function isValidResponse(plugin: ScramblePlugin, password: string, nonce: Buffer, response: Buffer): boolean {
  const expected = scramble(plugin, password, nonce);
  return response.length === expected.length && timingSafeEqual(response, expected);
}

/** Returns the hash of a password, as MySQL stores it for mysql_native_password. */
export function nativeHash(password: string): string {
  return `*${sha('sha1', sha('sha1', password)).toString('hex').toUpperCase()}`;
}

/** Unmasks RSA-decrypted bytes with the nonce, and returns the password without its final zero byte. */
export function unmask(bytes: Buffer, nonce: Buffer): string {
  return xor(bytes, nonce).toString('utf8').replace(/\0$/, '');
}
