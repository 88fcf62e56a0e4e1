import { Applied } from '../../../local';
import { fromConnectionCondition, toCondition } from '../../../start/explain/condition';

const resource = (name: string) => ({
  address: `aws_subnet.${name}`,
  mode: 'managed' as const,
  type: 'aws_subnet',
  name,
  values: { id: `subnet-${name}` },
});

const applied = new Applied({ values: { root_module: { resources: [resource('one'), resource('two')] } } });
const [one, two] = applied.all<object>('aws_subnet');

describe('a condition', () => {
  it('holds if there is nothing to fix, and names each deciding resource once', () => {
    expect(toCondition(applied, { needs: 'a subnet', found: 'it', resources: [one, undefined, two, one] })).toEqual({
      needs: 'a subnet',
      holds: true,
      found: 'it',
      where: ['aws_subnet.one', 'aws_subnet.two'],
    });
  });

  it('does not hold if there is a fix', () => {
    const finding = { needs: 'a subnet', found: 'none', resources: [], fix: 'Add one.' };
    expect(toCondition(applied, finding)).toMatchObject({ holds: false, fix: 'Add one.' });
  });

  it('of the network path has the reason and the fix of its barrier', () => {
    const condition = { needs: 'a rule', found: 'tcp', resources: [] };
    expect(fromConnectionCondition(condition)).toMatchObject({ found: 'tcp', fix: undefined });
    expect(fromConnectionCondition({ ...condition, barrier: { reason: 'no rule', fix: 'Add one.' } })).toMatchObject({
      found: 'no rule',
      fix: 'Add one.',
    });
  });
});
