import { once } from 'node:events';
import { duplexPair, type Duplex } from 'node:stream';
import { Channel } from '../../lambda/channel';

/** A frame of a channel: its length, then the text. */
function frame(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}

let channel: Channel;
/** Lambda's end of the stream. */
let lambda: Duplex;
/** The runtime's end of the stream. */
let runtime: Duplex;

beforeEach(() => {
  [lambda, runtime] = duplexPair();
  channel = new Channel(lambda);
});

describe('a message to the runtime', () => {
  it('is a frame with its length in bytes', async () => {
    channel.send('"grüße"');
    const [bytes] = (await once(runtime, 'data')) as [Buffer];
    expect(bytes).toEqual(frame('"grüße"'));
  });
});

describe('a message from the runtime', () => {
  it.each([1, 3, 100])('is read as head and payload from chunks of %d bytes', async (size) => {
    const next = channel.next();
    const bytes = frame('{"type":"answer"}\n{"a":\n1}');
    for (let start = 0; start < bytes.length; start += size) runtime.write(bytes.subarray(start, start + size));
    expect(await next).toEqual({ head: { type: 'answer' }, payload: '{"a":\n1}' });
  });

  it('is read even if it begins in the chunk that ends the previous message', async () => {
    const next = channel.next();
    const bytes = Buffer.concat([frame('1\nfirst'), frame('2\nsecond')]);
    runtime.write(bytes.subarray(0, -1));
    expect(await next).toEqual({ head: 1, payload: 'first' });
    const second = channel.next();
    runtime.write(bytes.subarray(-1));
    expect(await second).toEqual({ head: 2, payload: 'second' });
  });
});

describe('a channel', () => {
  // The runtime never writes such a frame, but the function's own code could.
  it.each([
    ['has no JSON head', frame('no JSON\n')],
    ['is longer than 64 MiB', Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ])('closes its stream at a frame that %s', async (_what, bytes) => {
    const closed = once(lambda, 'close');
    runtime.write(bytes);
    await closed;
    expect(lambda.destroyed).toBe(true);
  });

  it('returns no message once it is closed, even to a call that was already waiting', async () => {
    const next = channel.next();
    channel.close();
    expect([await next, await channel.next()]).toEqual([undefined, undefined]);
  });

  it('ignores an error of its stream', async () => {
    lambda.destroy(new Error('EPIPE'));
    await new Promise((resolve) => lambda.once('close', resolve));
    expect(lambda.errored).toMatchObject({ message: 'EPIPE' });
  });
});
