import type { Socket } from 'node:net';
import { Faults } from '../../../rds/endpoints/faults';
import type { ClientConnection } from '../../../rds/protocol/client-connection';
import { errorPacket } from '../../../rds/protocol/wire';
import { CLIENT_INTERACTION_TIMEOUT } from '../../../rds/protocol/mysql-errors';

const socket = () => ({ resetAndDestroy: jest.fn() });
const client = () => ({ stream: { end: jest.fn() } });

/** Faults of an endpoint with these connections. */
const faultsOf = (sockets: readonly object[], clients: readonly object[] = []): Faults =>
  new Faults(new Set(sockets) as ReadonlySet<Socket>, new Set(clients) as ReadonlySet<ClientConnection>);

describe('every connection to an endpoint', () => {
  it('can be reset, also before its login', () => {
    const sockets = [socket(), socket()];
    faultsOf(sockets).cut();
    for (const { resetAndDestroy } of sockets) expect(resetAndDestroy).toHaveBeenCalledTimes(1);
  });

  it('can be closed normally', () => {
    const clients = [client(), client()];
    faultsOf([], clients).end();
    for (const { stream } of clients) expect(stream.end).toHaveBeenCalledWith();
  });

  it('can be closed with MySQL’s error for an idle client', () => {
    const idle = client();
    faultsOf([], [idle]).timeOut();
    const [packet] = idle.stream.end.mock.calls[0] as [Buffer];
    expect(packet.subarray(4)).toEqual(errorPacket(CLIENT_INTERACTION_TIMEOUT));
  });
});

describe('the next login of a caller', () => {
  it('is reset at the requested stage, once for each caller', () => {
    const faults = faultsOf([]);
    const callers = faults.cutNextLogins('greeting');
    expect(faults.cuts('authentication', '127.0.2.1')).toBe(false);
    expect([faults.cuts('greeting', '127.0.2.1'), faults.cuts('greeting', '127.0.2.1')]).toEqual([true, false]);
    expect(faults.cuts('greeting', '127.0.2.2')).toBe(true);
    expect([...callers]).toEqual(['127.0.2.1', '127.0.2.2']);
  });

  it('is reset again if another reset is requested', () => {
    const faults = faultsOf([]);
    faults.cutNextLogins('greeting');
    faults.cuts('greeting', '127.0.2.1');
    faults.cutNextLogins('greeting');
    expect(faults.cuts('greeting', '127.0.2.1')).toBe(true);
  });

  it('is not reset without a request, nor after the request is withdrawn', () => {
    const faults = faultsOf([]);
    expect(faults.cuts('greeting', '127.0.2.1')).toBe(false);
    faults.cutNextLogins('greeting');
    faults.cutNoMoreLogins();
    expect(faults.cuts('greeting', '127.0.2.1')).toBe(false);
  });
});
