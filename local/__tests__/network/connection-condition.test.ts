import { reasonOfFirstBarrier, type ConnectionCondition } from '../../network/connection-condition';

const fulfilled: ConnectionCondition = { needs: 'a rule', found: 'port 3306', resources: [] };
const unfulfilled = (reason: string): ConnectionCondition => ({ ...fulfilled, barrier: { reason, fix: 'Add it.' } });

describe('a connection', () => {
  it('succeeds if all its conditions hold, or if it has none', () => {
    expect(reasonOfFirstBarrier([fulfilled, fulfilled])).toBeUndefined();
    expect(reasonOfFirstBarrier([])).toBeUndefined();
  });

  it('fails with the reason of the first condition that does not hold', () => {
    expect(reasonOfFirstBarrier([fulfilled, unfulfilled('no egress rule'), unfulfilled('no ingress rule')])).toBe(
      'no egress rule',
    );
  });
});
