import { BORROW_TIMEOUT } from '../../../rds/protocol/mysql-errors';
import { Refused } from '../../../rds/protocol/refused';
import { errorPacket } from '../../../rds/protocol/wire';

describe('a refusal', () => {
  it('has the error packet for the client and the message of the error', () => {
    const refused = Refused.by(BORROW_TIMEOUT);
    expect(refused.payload).toEqual(errorPacket(BORROW_TIMEOUT));
    expect(refused.message).toBe('Timed-out waiting to acquire database connection');
  });

  it('of a login is MySQL’s error 1045 with user and address, without the reason', () => {
    const message = "Access denied for user 'items'@'10.20.1.6' (using password: YES)";
    const refused = Refused.accessDenied('items', '10.20.1.6');
    expect(refused.payload).toEqual(errorPacket({ errno: 1045, sqlState: '28000', message }));
    expect(refused.message).toBe(message);
  });

  it('by the database server is passed on as it is', () => {
    const payload = errorPacket({ errno: 1040, sqlState: '08004', message: 'Too many connections' });
    const refused = Refused.byServer(payload);
    expect(refused.payload).toBe(payload);
    expect(refused.message).toBe('Too many connections');
  });

  it('by the database server before its greeting, without an SQLSTATE, has the whole message', () => {
    const payload = Buffer.from('\xff\x10\x04Too many connections', 'latin1');
    expect(Refused.byServer(payload).message).toBe('Too many connections');
  });
});
