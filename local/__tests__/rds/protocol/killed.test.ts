import { KilledFilter } from '../../../rds/protocol/killed';
import { frame } from '../../../rds/protocol/packets';
import { errorPacket, OK } from '../../../rds/protocol/wire';

const KILLED = frame(1, errorPacket({ errno: 1927, sqlState: '70100', message: 'Connection was killed' }));
const INTERRUPTED = frame(
  1,
  errorPacket({ errno: 1317, sqlState: '70100', message: 'Query execution was interrupted' }),
);

const rows = Buffer.concat([
  frame(1, Buffer.from([1])),
  frame(2, Buffer.from('a column')),
  frame(3, Buffer.alloc(0)),
  frame(4, Buffer.alloc(70_000, 0xff)),
]);

function passed(bytes: Buffer, size: number): Buffer {
  const filter = new KilledFilter();
  const parts: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += size)
    parts.push(filter.passed(bytes.subarray(start, start + size)));
  return Buffer.concat(parts);
}

describe.each([1, 3, 6, 1000, 1_000_000])('the filter of "Connection was killed", in chunks of %d', (size) => {
  it('passes on every other packet', () => {
    const bytes = Buffer.concat([frame(1, OK), rows, INTERRUPTED, frame(1, OK)]);
    expect(passed(bytes, size).equals(bytes)).toBe(true);
  });

  it('passes on what precedes the error, and nothing more', () => {
    expect(passed(Buffer.concat([rows, KILLED, frame(1, OK)]), size).equals(rows)).toBe(true);
  });
});

it('passes on a continued packet that looks like the error', () => {
  const bytes = Buffer.concat([frame(0, Buffer.alloc(0xffffff)), KILLED, frame(0, OK)]);
  expect(passed(bytes, 65_536).equals(bytes)).toBe(true);
});
