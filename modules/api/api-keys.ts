import { ApiGatewayApiKey } from '@cdktf/provider-aws/lib/api-gateway-api-key';
import { ApiGatewayUsagePlan } from '@cdktf/provider-aws/lib/api-gateway-usage-plan';
import { ApiGatewayUsagePlanKey } from '@cdktf/provider-aws/lib/api-gateway-usage-plan-key';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

export interface ApiKeysProps {
  readonly name: string;
  readonly apiId: string;
  readonly stageName: string;
  /** Generations of the key, oldest first, at least one. Each generation is a separate key, so adding one does not change the others. */
  readonly generations: readonly number[];
  /** Request limits of each key. All callers share the key that CloudFront sends. */
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
  readonly quota: { readonly limit: number; readonly period: 'DAY' | 'WEEK' | 'MONTH' };
}

/**
 * The keys of the API. One usage plan makes them valid for the API's stage.
 *
 * To rotate, deploy generations 1 and 2: both keys are valid while CloudFront switches to the second. Then deploy only generation 2.
 * API Gateway may refuse a new key for some seconds (docs/operations.md).
 */
export class ApiKeys extends Construct {
  /** Value of the newest key. SECURITY: it is in Terraform's state, because CloudFront has to send it. */
  readonly newest: string;
  /** Resources that add the keys to the usage plan. A resource that sends a key must depend on them. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ApiKeysProps) {
    super(scope, id);
    const plan = new ApiGatewayUsagePlan(this, 'plan', {
      name: props.name,
      apiStages: [{ apiId: props.apiId, stage: props.stageName }],
      throttleSettings: { rateLimit: props.throttle.ratePerSecond, burstLimit: props.throttle.burst },
      quotaSettings: props.quota,
    });
    const keys = props.generations.map((generation) => {
      const key = new ApiGatewayApiKey(this, `generation-${generation}`, { name: `${props.name}-${generation}` });
      const planKey = new ApiGatewayUsagePlanKey(this, `generation-${generation}-in-plan`, {
        keyId: key.id,
        keyType: 'API_KEY',
        usagePlanId: plan.id,
      });
      return { value: key.value, planKey };
    });
    // Never empty: a rule of the settings requires a generation.
    this.newest = keys.at(-1)?.value ?? '';
    this.ready = keys.map(({ planKey }) => planKey);
  }
}
