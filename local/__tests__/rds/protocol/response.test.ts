import { frame } from '../../../rds/protocol/packets';
import { Response } from '../../../rds/protocol/response';
import { Status } from '../../../rds/protocol/wire';

const { AUTOCOMMIT, IN_TRANSACTION, MORE_RESULTS } = Status;
const packets = (...payloads: Buffer[]): Buffer =>
  Buffer.concat(payloads.map((payload, index) => frame(index + 1, payload)));

const ok = (status: number, rows = [1], id = [0]) => Buffer.from([0, ...rows, ...id, status, 0, 0, 0]);
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

describe.each([1, 7, 10_000])('the end of a response in chunks of %d bytes', (size) => {
  function endOf(bytes: Buffer): unknown {
    const response = new Response();
    for (let start = 0; start < bytes.length; start += size) {
      if (response.end) throw new Error(`The end was found ${bytes.length - start} bytes ahead of it`);
      response.push(bytes.subarray(start, start + size));
    }
    return response.end;
  }

  it.each([
    ['of a change', packets(ok(AUTOCOMMIT)), AUTOCOMMIT],
    ['of a change of many rows', packets(ok(AUTOCOMMIT, [0xfc, 1, 1], [0xfd, 1, 2, 3])), AUTOCOMMIT],
    ['of a change in a transaction', packets(ok(IN_TRANSACTION | AUTOCOMMIT)), IN_TRANSACTION | AUTOCOMMIT],
    ['of rows', packets(...rows(AUTOCOMMIT, 'hello', 'world')), AUTOCOMMIT],
    ['of no rows', packets(...rows(AUTOCOMMIT)), AUTOCOMMIT],
    ['of long rows', packets(...rows(AUTOCOMMIT, 'x'.repeat(20_000))), AUTOCOMMIT],
    ['of several responses', packets(ok(MORE_RESULTS), ...rows(MORE_RESULTS, 'hello'), ok(AUTOCOMMIT)), AUTOCOMMIT],
    ['of an error', packets(error), undefined],
    ['of an error after rows', packets(...rows(AUTOCOMMIT, 'hello').slice(0, -1), error), undefined],
  ])('%s is found, with the flags of the session', (_what, bytes, status) => {
    expect(endOf(bytes)).toEqual({ status });
  });

  it('is not found too early', () => {
    expect(endOf(packets(...rows(AUTOCOMMIT, 'hello').slice(0, -1)))).toBeUndefined();
    expect(endOf(packets(ok(MORE_RESULTS)))).toBeUndefined();
  });

  it('is distinguished from a row that begins the same way', () => {
    const longRow = Buffer.concat([Buffer.from([0xfe]), Buffer.alloc(20)]);
    expect(endOf(packets(...rows(AUTOCOMMIT).slice(0, -1), longRow))).toBeUndefined();
  });
});
