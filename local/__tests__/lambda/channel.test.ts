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
/** Both ends of the stream between Lambda and the runtime. */
let own: Duplex;
let runtime: Duplex;

beforeEach(() => {
  [own, runtime] = duplexPair();
  channel = new Channel(own);
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

  it('is read although it begins in the same chunk as the previous one ends', async () => {
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
  // Only the function itself can write such a frame.
  it.each([
    ['has no JSON head', frame('no JSON\n')],
    ['is longer than 64 MiB', Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ])('closes at a frame that %s', async (_what, bytes) => {
    const closed = once(own, 'close');
    runtime.write(bytes);
    await closed;
    expect(own.destroyed).toBe(true);
  });

  it('returns no message once it is closed, also to a call that waits for one', async () => {
    const next = channel.next();
    channel.close();
    expect([await next, await channel.next()]).toEqual([undefined, undefined]);
  });

  it('ignores an error of its stream, because the exit of the process reports it', async () => {
    own.destroy(new Error('EPIPE'));
    await new Promise((resolve) => own.once('close', resolve));
    expect(own.errored).toMatchObject({ message: 'EPIPE' });
  });
});
