import { BORROW_TIMEOUT } from '../../../rds/protocol/mysql-errors';
import { Refused } from '../../../rds/protocol/refused';
import { errorPacket } from '../../../rds/protocol/wire';

describe('a refusal', () => {
  it('has the error packet for the client and the message of the error', () => {
    const refused = Refused.by(BORROW_TIMEOUT);
    expect(refused.payload).toEqual(errorPacket(BORROW_TIMEOUT));
    expect(refused.message).toBe('Timed-out waiting to acquire database connection');
  });

  it('by the database server is passed on as it is', () => {
    const payload = errorPacket({ errno: 1040, sqlState: '08004', message: 'Too many connections' });
    const refused = Refused.byServer(payload);
    expect(refused.payload).toBe(payload);
    expect(refused.message).toBe('Too many connections');
  });

  it('by the database server keeps the whole message of a packet without SQLSTATE, such as one sent before the greeting', () => {
    const payload = Buffer.from('\xff\x10\x04Too many connections', 'latin1');
    expect(Refused.byServer(payload).message).toBe('Too many connections');
  });
});
