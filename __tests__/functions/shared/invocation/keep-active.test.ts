import { isKeepActive } from '../../../../functions/shared/invocation/keep-active';

describe('the event of the schedule', () => {
  it.each([
    [{ keepActive: true }, true],
    [{ keepActive: 'true' }, false],
    [{}, false],
    [null, false],
  ])('is recognised: %j %s', (event, is) => {
    expect(isKeepActive(event)).toBe(is);
  });
});
