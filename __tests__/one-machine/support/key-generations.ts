import type { ChangedState } from './changed-state';

/** The value of the second key. */
export const SECOND_KEY = 'second-key-of-the-api-0123456789012345678';

/** State after `api.keyGenerations: [1, 2]`: both keys are in the plan, CloudFront sends the second. */
export function bothKeys(state: ChangedState): void {
  const first = state.one('aws_api_gateway_api_key', 'generation-1');
  const link = state.one('aws_api_gateway_usage_plan_key', 'generation-1');
  state.add('aws_api_gateway_api_key', 'api_keys_generation-2', { ...first, id: 'second', value: SECOND_KEY });
  state.add('aws_api_gateway_usage_plan_key', 'api_keys_generation-2-in-plan', { ...link, key_id: 'second' });
  state.one('aws_cloudfront_distribution')['origin'][0].custom_header = [{ name: 'x-api-key', value: SECOND_KEY }];
}

/** State after `api.keyGenerations: [2]`. */
export function secondKey(state: ChangedState): void {
  bothKeys(state);
  state.remove('aws_api_gateway_api_key', 'generation-1');
  state.remove('aws_api_gateway_usage_plan_key', 'generation-1');
}
