import type { ChangedState } from './changed-state';

/** The value of the second key. */
export const SECOND_KEY = 'second-key-of-the-api-0123456789012345678';

/** Changes the state like `api.keyGenerations: [1, 2]`: the usage plan has both keys, CloudFront sends the second. */
export function addSecondKey(state: ChangedState): void {
  const first = state.one('aws_api_gateway_api_key', 'generation-1');
  const inPlan = state.one('aws_api_gateway_usage_plan_key', 'generation-1');
  state.add('aws_api_gateway_api_key', 'api_keys_generation-2', { ...first, id: 'second', value: SECOND_KEY });
  state.add('aws_api_gateway_usage_plan_key', 'api_keys_generation-2-in-plan', { ...inPlan, key_id: 'second' });
  state.one('aws_cloudfront_distribution')['origin'][0].custom_header = [{ name: 'x-api-key', value: SECOND_KEY }];
}

/** Changes the state like `api.keyGenerations: [2]`: the usage plan has only the second key. */
export function replaceFirstKey(state: ChangedState): void {
  addSecondKey(state);
  state.remove('aws_api_gateway_api_key', 'generation-1');
  state.remove('aws_api_gateway_usage_plan_key', 'generation-1');
}
