import { firstBarrier, type ConnectionCondition } from '../../network/connection-condition';

const open: ConnectionCondition = { needs: 'a rule', found: 'port 3306', resources: [] };
const closed = (reason: string): ConnectionCondition => ({ ...open, barrier: { reason, fix: 'Add it.' } });

describe('a connection', () => {
  it('succeeds if all its conditions hold, or if it has none', () => {
    expect(firstBarrier([open, open])).toBeUndefined();
    expect(firstBarrier([])).toBeUndefined();
  });

  it('fails for the first condition that does not hold', () => {
    expect(firstBarrier([open, closed('no egress rule'), closed('no ingress rule')])).toBe('no egress rule');
  });
});
