import { appliedOf } from '../../../local/__tests__/support';
import { fromConnectionCondition, toCondition } from '../../../start/explain/condition';

const applied = appliedOf({ aws_subnet: [{ id: 'subnet-1' }, { id: 'subnet-2' }] });
const [first, second] = applied.all<object>('aws_subnet');

describe('a condition', () => {
  it('holds if there is no fix, and lists the address of each resource once', () => {
    const finding = { needs: 'a subnet', found: 'two', resources: [first, undefined, second, first] };
    const where = ['aws_subnet.r0', 'aws_subnet.r1'];
    expect(toCondition(applied, finding)).toEqual({ needs: 'a subnet', holds: true, found: 'two', where });
  });

  it('does not hold if there is a fix', () => {
    const finding = { needs: 'a subnet', found: 'none', resources: [], fix: 'Add one.' };
    expect(toCondition(applied, finding)).toMatchObject({ holds: false, fix: 'Add one.' });
  });
});

describe('a condition of the network path', () => {
  const condition = { needs: 'a rule', found: 'tcp', resources: [] };

  it('without a barrier shows what was found', () => {
    expect(fromConnectionCondition(condition)).toMatchObject({ found: 'tcp', fix: undefined });
  });

  it('with a barrier shows the reason and the fix', () => {
    const barrier = { reason: 'no rule', fix: 'Add one.' };
    expect(fromConnectionCondition({ ...condition, barrier })).toMatchObject({ found: 'no rule', fix: 'Add one.' });
  });
});
