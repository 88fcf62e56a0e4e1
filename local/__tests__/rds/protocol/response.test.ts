import { frame } from '../../../rds/protocol/packets';
import { Response } from '../../../rds/protocol/response';
import { Status } from '../../../rds/protocol/wire';

const { AUTOCOMMIT, IN_TRANSACTION, MORE_RESULTS } = Status;
const packets = (...payloads: Buffer[]): Buffer =>
  Buffer.concat(payloads.map((payload, index) => frame(index + 1, payload)));

/** An OK packet. The number of changed rows and the last inserted id are length-encoded integers, here as bytes. */
const ok = (status: number, changed = [1], id = [0]) => Buffer.from([0, ...changed, ...id, status, 0, 0, 0]);
const end = (status: number) => Buffer.from([0xfe, 0, 0, status, 0]);
const error = Buffer.from('\xff\x28\x04#42000no', 'latin1');
const column = Buffer.from('\x03def and so on');
const row = (text: string) => Buffer.from(`\x05${text}`);
const rows = (status: number, ...texts: string[]) => [
  Buffer.from([1]),
  column,
  end(AUTOCOMMIT),
  ...texts.map(row),
  end(status),
];

// Chunks of 1 byte split every header. Chunks of 7 bytes split some headers. Chunks of 10,000 bytes split only the long row.
describe.each([1, 7, 10_000])('the end of a response in chunks of %d bytes', (size) => {
  function endOf(bytes: Buffer): unknown {
    const response = new Response();
    for (let start = 0; start < bytes.length; start += size) {
      if (response.end) throw new Error(`The end was found ${bytes.length - start} bytes too early`);
      response.push(bytes.subarray(start, start + size));
    }
    return response.end;
  }

  it.each([
    ['a change', packets(ok(AUTOCOMMIT)), AUTOCOMMIT],
    ['a change of many rows', packets(ok(AUTOCOMMIT, [0xfc, 1, 1], [0xfd, 1, 2, 3])), AUTOCOMMIT],
    ['a change in a transaction', packets(ok(IN_TRANSACTION | AUTOCOMMIT)), IN_TRANSACTION | AUTOCOMMIT],
    ['rows', packets(...rows(AUTOCOMMIT, 'hello', 'world')), AUTOCOMMIT],
    ['no rows', packets(...rows(AUTOCOMMIT)), AUTOCOMMIT],
    ['a long row', packets(...rows(AUTOCOMMIT, 'x'.repeat(20_000))), AUTOCOMMIT],
    ['several results', packets(ok(MORE_RESULTS), ...rows(MORE_RESULTS, 'hello'), ok(AUTOCOMMIT)), AUTOCOMMIT],
    ['an error', packets(error), undefined],
    ['an error after rows', packets(...rows(AUTOCOMMIT, 'hello').slice(0, -1), error), undefined],
  ])('is found after %s, with the status flags of the last packet (none for an error)', (_what, bytes, status) => {
    expect(endOf(bytes)).toEqual({ status });
  });

  it('is not found before the last packet', () => {
    expect(endOf(packets(...rows(AUTOCOMMIT, 'hello').slice(0, -1)))).toBeUndefined();
    expect(endOf(packets(ok(MORE_RESULTS)))).toBeUndefined();
  });

  it('is not found at a row that begins like an end packet', () => {
    const longRow = Buffer.concat([Buffer.from([0xfe]), Buffer.alloc(20)]);
    expect(endOf(packets(...rows(AUTOCOMMIT).slice(0, -1), longRow))).toBeUndefined();
  });
});
