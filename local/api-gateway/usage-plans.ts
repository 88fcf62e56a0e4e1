import type { Applied } from '../applied';
import { Quota, type QuotaSettings } from './quota';
import { GatewayError } from './gateway-error';
import { TokenBucket } from './token-bucket';

interface ApiKey {
  readonly id: string;
  readonly enabled: boolean;
  readonly value: string;
}

interface UsagePlan {
  readonly id: string;
  readonly api_stages: readonly { readonly api_id: string; readonly stage: string }[] | null;
  readonly throttle_settings: readonly { readonly rate_limit: number; readonly burst_limit: number }[];
  readonly quota_settings: readonly QuotaSettings[];
}

interface UsagePlanKey {
  readonly key_id: string;
  readonly usage_plan_id: string;
}

/** An API key in a usage plan. Each key has its own throttle and quota. */
interface Member {
  readonly keyId: string;
  readonly throttle: TokenBucket | undefined;
  readonly quota: Quota | undefined;
}

/** Checks API keys against the usage plans of an API's stages. */
export class UsagePlans {
  private readonly members = new Map<string, Member>();

  constructor(applied: Applied, apiId: string) {
    const keys = applied.all<ApiKey>('aws_api_gateway_api_key').filter(({ enabled }) => enabled);
    const links = applied.all<UsagePlanKey>('aws_api_gateway_usage_plan_key');
    for (const plan of applied.all<UsagePlan>('aws_api_gateway_usage_plan')) {
      const stages = (plan.api_stages ?? []).filter((stage) => stage.api_id === apiId);
      for (const key of keys) {
        if (!links.some((link) => link.usage_plan_id === plan.id && link.key_id === key.id)) continue;
        const member = memberOf(key, plan);
        for (const { stage } of stages) this.members.set(`${stage} ${key.value}`, member);
      }
    }
  }

  /**
   * Checks a request's API key and counts the request.
   *
   * @param key value of the header `x-api-key`
   * @param now milliseconds since the epoch
   * @returns id of the key
   * @throws GatewayError if the key is missing, disabled or in no usage plan of the stage, or exceeds its throttle or quota.
   */
  admit(key: string | undefined, stage: string, now: number): string {
    const member = key === undefined ? undefined : this.members.get(`${stage} ${key}`);
    if (member === undefined) throw new GatewayError('INVALID_API_KEY');
    if (member.throttle?.take(now) === false) throw new GatewayError('THROTTLED');
    if (member.quota?.take(now) === false) throw new GatewayError('QUOTA_EXCEEDED');
    return member.keyId;
  }
}

function memberOf(key: ApiKey, plan: UsagePlan): Member {
  const [throttle] = plan.throttle_settings;
  const [quota] = plan.quota_settings;
  return {
    keyId: key.id,
    throttle: throttle && new TokenBucket(throttle.rate_limit, throttle.burst_limit),
    quota: quota && new Quota(quota),
  };
}
