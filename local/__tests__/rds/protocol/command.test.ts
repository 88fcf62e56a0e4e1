import { once } from 'node:events';
import { duplexPair, PassThrough, type Duplex } from 'node:stream';
import { execute, forwardCommand } from '../../../rds/protocol/command';
import { frame } from '../../../rds/protocol/packets';
import { Command, errorPacket, OK, Status } from '../../../rds/protocol/wire';

const STATEMENT = { sequence: 0, payload: Buffer.from('\x03SELECT 1') };
const ERROR = errorPacket({ errno: 1064, sqlState: '42000', message: 'no' });
const DISCONNECTED = 'The client or the database disconnected before the end of a response';

/** A connection to a database that answers the first command with these chunks. */
function databaseAnswering(...chunks: readonly Buffer[]): { server: Duplex; received: Promise<Buffer> } {
  const [server, database] = duplexPair();
  const received = once(database, 'data').then(([command]: Buffer[]) => {
    for (const chunk of chunks) database.write(chunk);
    return command ?? Buffer.alloc(0);
  });
  return { server, received };
}

describe('a command', () => {
  it('reaches the database; the client receives the whole response, and the proxy receives the status flags', async () => {
    const response = frame(1, OK);
    const { server, received } = databaseAnswering(response.subarray(0, 6), response.subarray(6));
    const client = new PassThrough();
    expect(await forwardCommand(server, STATEMENT, client)).toBe(Status.AUTOCOMMIT);
    expect(await received).toEqual(frame(0, STATEMENT.payload));
    expect(client.read()).toEqual(response);
  });

  it('returns no status flags if the database answers with an error; the client receives the error', async () => {
    const { server } = databaseAnswering(frame(1, ERROR));
    const client = new PassThrough();
    expect(await forwardCommand(server, STATEMENT, client)).toBeUndefined();
    expect(client.read()).toEqual(frame(1, ERROR));
  });

  it.each(['database', 'client'] as const)('fails if the %s disconnects in the middle of a response', async (peer) => {
    const { server, received } = databaseAnswering(frame(1, OK).subarray(0, 6));
    const client = new PassThrough();
    const forwarded = forwardCommand(server, STATEMENT, client);
    await received;
    (peer === 'database' ? server : client).destroy();
    await expect(forwarded).rejects.toThrow(DISCONNECTED);
  });

  it('fails if the database requests a file of the client: only a pinned session can pass the file on', async () => {
    const { server } = databaseAnswering(frame(1, Buffer.from('\xfbrows.csv', 'latin1')));
    await expect(forwardCommand(server, STATEMENT, new PassThrough())).rejects.toThrow(/LOAD DATA LOCAL/);
  });
});

describe('a client that reads slowly', () => {
  const [first, rest] = [frame(1, OK).subarray(0, 6), frame(1, OK).subarray(6)];

  it('makes the proxy pause the connection to the database until the client has read what was sent', async () => {
    const { server, received } = databaseAnswering(first, rest);
    const client = new PassThrough({ highWaterMark: 1 });
    const [paused, forwarded] = [once(server, 'pause'), forwardCommand(server, STATEMENT, client)];
    await Promise.all([received, paused]);
    expect(client.read()).toEqual(first);
    expect(await forwarded).toBe(Status.AUTOCOMMIT);
    expect(client.read()).toEqual(rest);
  });

  it('leaves the connection readable for its next borrower', async () => {
    const { server } = databaseAnswering(frame(1, OK));
    await forwardCommand(server, STATEMENT, new PassThrough({ highWaterMark: 1 }));
    expect(server.isPaused()).toBe(false);
  });
});

describe('a statement that the proxy itself issues', () => {
  it('is sent as a query', async () => {
    const { server, received } = databaseAnswering(frame(1, OK));
    expect(await execute(server, 'SET NAMES utf8mb4')).toBeUndefined();
    expect(await received).toEqual(
      frame(0, Buffer.concat([Buffer.from([Command.QUERY]), Buffer.from('SET NAMES utf8mb4')])),
    );
  });

  it('returns the error packet of the database', async () => {
    const { server } = databaseAnswering(frame(1, ERROR));
    expect(await execute(server, 'SET nothing = 1')).toEqual(ERROR);
  });
});
