/**
 * The runtime's end of its channel to Lambda; `channel.ts` is the other end. A frame is a length (four bytes, little
 * endian) and that many bytes. Reads and writes are synchronous, so a process that waits for an event runs no other code.
 */
import { readSync, writeSync } from 'node:fs';

/** File descriptor that the parent process opens for the channel. */
const CHANNEL = 3;
const LENGTH_BYTES = 4;

/** Large enough for most events. */
const buffer = Buffer.allocUnsafeSlow(65_536);

/** Waits for the next message. Meanwhile no timer fires and no socket is read: the process is frozen. */
export function receive() {
  let received = 0;
  while (received < LENGTH_BYTES) received += read(buffer, received);
  const length = LENGTH_BYTES + buffer.readUInt32LE();
  const bytes = length <= buffer.length ? buffer : Buffer.concat([buffer.subarray(0, received)], length);
  while (received < length) received += read(bytes, received);
  return JSON.parse(bytes.toString('utf8', LENGTH_BYTES, length));
}

/** Sends a message. @param payload text that follows the message on the next lines */
export function send(message, payload = '') {
  const text = `${JSON.stringify(message)}\n${payload}`;
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + Buffer.byteLength(text));
  bytes.writeUInt32LE(bytes.length - LENGTH_BYTES);
  bytes.write(text, LENGTH_BYTES);
  for (let sent = 0; sent < bytes.length;) sent += writeSync(CHANNEL, bytes, sent);
}

function read(bytes, position) {
  const count = readSync(CHANNEL, bytes, position, bytes.length - position, null);
  // Lambda closed the channel.
  if (count === 0) process.exit();
  return count;
}
