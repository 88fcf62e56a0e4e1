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
  it.each([1, 3, 100])('has a head and a payload, in chunks of %d bytes', async (size) => {
    const next = channel.next();
    const bytes = frame('{"type":"answer"}\n{"a":\n1}');
    for (let start = 0; start < bytes.length; start += size) runtime.write(bytes.subarray(start, start + size));
    expect(await next).toEqual({ head: { type: 'answer' }, payload: '{"a":\n1}' });
  });

  it('may come right after another one', async () => {
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
  it.each([
    ['has no JSON head', frame('no JSON\n')],
    ['is longer than 64 MiB', Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ])('closes at a frame that %s, which the function itself wrote', async (_what, bytes) => {
    const closed = once(own, 'close');
    runtime.write(bytes);
    await closed;
    expect(own.destroyed).toBe(true);
  });

  it('ends every wait for a message when it is closed', async () => {
    const next = channel.next();
    channel.close();
    expect([await next, await channel.next()]).toEqual([undefined, undefined]);
  });

  it('survives an error of its stream, which the exit of the process reports', async () => {
    own.destroy(new Error('EPIPE'));
    await new Promise((resolve) => own.once('close', resolve));
    expect(own.errored).toMatchObject({ message: 'EPIPE' });
  });
});
