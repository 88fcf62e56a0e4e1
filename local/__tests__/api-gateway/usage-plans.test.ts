import { UsagePlans } from '../../api-gateway/usage-plans';
import { API_ID, appliedOf, changeValues, API_KEY, restApi, type Resources } from '../support/http-state';

const OTHER_KEY = 'the-key-of-another-0123456789';

const plansOf = (resources: Resources): UsagePlans => new UsagePlans(appliedOf(resources), API_ID);

/** Changes values of the usage plan. */
const withPlanValues = (values: object): Resources => changeValues(restApi(), 'aws_api_gateway_usage_plan', values);

/** Adds a second key to the usage plan. */
const withOtherKey = (resources: Resources): Resources => ({
  ...resources,
  aws_api_gateway_api_key: [API_KEY, OTHER_KEY].map((value, i) => ({ id: `key${i + 1}`, enabled: true, value })),
  aws_api_gateway_usage_plan_key: ['key1', 'key2'].map((key_id) => ({ key_id, usage_plan_id: 'plan1' })),
});

/** Makes one request with a key to the stage `live`. @returns the key's id, or the type of the gateway response */
function outcome(plans: UsagePlans, key: string | undefined, now = 0): string {
  try {
    return plans.admit(key, 'live', now);
  } catch (error) {
    return (error as { type: string }).type;
  }
}

describe('an API key', () => {
  it('is admitted to the stages of its usage plan, and `admit` returns the id of the key', () => {
    expect(outcome(plansOf(restApi()), API_KEY)).toBe('key1');
    expect(outcome(plansOf(withOtherKey(restApi())), OTHER_KEY)).toBe('key2');
  });

  it.each([
    ['is missing', undefined],
    ['is empty', ''],
    ['starts with a valid key', `${API_KEY}0`],
  ])('that %s is invalid', (_what, key) => {
    expect(outcome(plansOf(restApi()), key)).toBe('INVALID_API_KEY');
  });

  it.each([
    ['is disabled', changeValues(restApi(), 'aws_api_gateway_api_key', { enabled: false })],
    ['is in no usage plan', { ...restApi(), aws_api_gateway_usage_plan_key: [] }],
    ['is in a plan without stages', withPlanValues({ api_stages: null })],
    [
      'is in the plan of another stage',
      withPlanValues({ api_stages: [{ api_id: API_ID, stage: 'test', throttle: [] }] }),
    ],
    [
      'is in the plan of another API',
      withPlanValues({ api_stages: [{ api_id: 'other', stage: 'live', throttle: [] }] }),
    ],
  ])('that %s is invalid', (_what, resources) => {
    expect(outcome(plansOf(resources), API_KEY)).toBe('INVALID_API_KEY');
  });
});

describe('a usage plan', () => {
  it.each([
    ['throttle', 'THROTTLED', { throttle_settings: [{ rate_limit: 1, burst_limit: 2 }] }, 1_000],
    ['quota', 'QUOTA_EXCEEDED', { quota_settings: [{ limit: 2, offset: 0, period: 'DAY' }] }, 86_400_000],
  ])('applies its %s to each key separately, and admits a refused key again later', (_what, type, values, later) => {
    const plans = plansOf(withOtherKey(withPlanValues(values)));
    const outcomes = [API_KEY, API_KEY, API_KEY, OTHER_KEY].map((key) => outcome(plans, key));
    expect(outcomes).toEqual(['key1', 'key1', type, 'key2']);
    expect([later - 1, later].map((now) => outcome(plans, API_KEY, now))).toEqual([type, 'key1']);
  });
});
