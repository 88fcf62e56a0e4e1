import { isKeepActive } from '../../../../functions/shared/invocation/keep-active';

describe('the event of the schedule that keeps a function active', () => {
  it('is recognised', () => {
    expect(isKeepActive({ keepActive: true })).toBe(true);
  });

  it.each([{ keepActive: 'true' }, {}, null])('is not recognised in %j', (event) => {
    expect(isKeepActive(event)).toBe(false);
  });
});
