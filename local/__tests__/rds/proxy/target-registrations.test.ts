import { TargetRegistrations } from '../../../rds/proxy/target-registrations';

let registrations: TargetRegistrations;
/** Time of the clock, seconds. */
let now: number;

beforeEach(() => {
  registrations = new TargetRegistrations();
  now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now * 1000);
});

afterEach(() => {
  jest.restoreAllMocks();
});

/** Whether the proxy’s target is available at these times, seconds. */
const availableAt = (...times: readonly number[]): boolean[] =>
  times.map((time) => {
    now = time;
    return registrations.isAvailable('password');
  });

describe('the target of a proxy', () => {
  it('is available at once by default', () => {
    registrations.register('password');
    expect(availableAt(0)).toEqual([true]);
  });

  it('becomes available when the delay after its registration has passed', () => {
    registrations.delaySeconds = 2;
    registrations.register('password');
    expect(availableAt(0, 1.9, 2)).toEqual([false, false, true]);
  });

  it('is not delayed further if it is registered again or the delay is changed', () => {
    registrations.delaySeconds = 2;
    registrations.register('password');
    now = 1;
    registrations.delaySeconds = 60;
    registrations.register('password');
    expect(availableAt(1.9, 2)).toEqual([false, true]);
  });

  it('is unavailable before it is registered and after it is removed; a new registration starts a new delay', () => {
    expect(availableAt(0)).toEqual([false]);
    registrations.register('password');
    registrations.forget('password');
    expect(availableAt(1_000)).toEqual([false]);
    registrations.delaySeconds = 2;
    registrations.register('password');
    expect(availableAt(1_001, 1_002)).toEqual([false, true]);
  });
});
