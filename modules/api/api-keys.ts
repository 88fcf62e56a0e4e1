import { ApiGatewayApiKey } from '@cdktf/provider-aws/lib/api-gateway-api-key';
import { ApiGatewayUsagePlan } from '@cdktf/provider-aws/lib/api-gateway-usage-plan';
import { ApiGatewayUsagePlanKey } from '@cdktf/provider-aws/lib/api-gateway-usage-plan-key';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

export interface ApiKeysProps {
  readonly name: string;
  readonly apiId: string;
  readonly stageName: string;
  /** Each generation is a key of its own, so adding one leaves the others as they are. */
  readonly generations: readonly number[];
  /** What all callers together may ask. */
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
  readonly quota: { readonly limit: number; readonly period: 'DAY' | 'WEEK' | 'MONTH' };
}

/**
 * The keys of the API, valid for its stage by one usage plan.
 *
 * Rotation without a gap: with generations 1 and 2 both keys are valid while CloudFront changes over to the second;
 * then the first can go.
 */
export class ApiKeys extends Construct {
  /** Value of the newest key. SECURITY: it is in the state, of necessity: CloudFront has to know it. */
  readonly newest: string;
  /** What sends the newest key waits until it is valid. */
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
      const bound = new ApiGatewayUsagePlanKey(this, `generation-${generation}-in-plan`, {
        keyId: key.id,
        keyType: 'API_KEY',
        usagePlanId: plan.id,
      });
      return { value: key.value, bound };
    });
    const newest = keys.at(-1);
    if (newest === undefined) throw new Error('An API without a key cannot be called: keyGenerations is empty');
    this.newest = newest.value;
    this.ready = keys.map(({ bound }) => bound);
  }
}
