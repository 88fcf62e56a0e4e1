import { DataResource } from 'cdktf';
import { Construct } from 'constructs';
import type { DatabaseInstance } from './database-instance';

export interface FixedSettingsProps {
  /** Name of the environment. */
  readonly environment: string;
  readonly region: string;
  /** IPv4 block of the VPC. */
  readonly cidr: string;
  /** Ids of the availability zones. */
  readonly zones: readonly string[];
  /** Blocks of each tier, one for each zone. */
  readonly subnets: Readonly<Record<string, readonly string[]>>;
  /** What makes the settings fixed, once it is there. */
  readonly instance: DatabaseInstance;
}

interface Precondition {
  readonly condition: string;
  readonly errorMessage: string;
}

/** Every environment has two zones; no region has more than the six of us-east-1. */
const [FEWEST_ZONES, MOST_ZONES] = [2, 6];

const REMEDY = 'Set it back, or make a new environment; destroying this one deletes its data.';

/**
 * Remembers the settings with which the instance was made, and lets the plan fail where one of them has changed since. Terraform
 * would replace the subnets and their group, and AWS refuses to delete what the instance uses, minutes into the apply.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBSubnetGroup.html
 */
export class FixedSettings extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: FixedSettingsProps,
  ) {
    super(scope, id);
    const vpc = this.remember('vpc', { region: props.region, cidr: props.cidr });
    const precondition = [
      this.mustStay('region', props.region, vpc('region')),
      this.mustStay('network.cidr', props.cidr, vpc('cidr')),
      ...props.zones.flatMap((zone, index) => this.zoneMustStay(zone, index, vpc('cidr'))),
      ...this.noZoneMayGo(),
    ];
    new DataResource(this, 'check', { lifecycle: { precondition } });
  }

  private zoneMustStay(zone: string, index: number, firstCidr: string): Precondition[] {
    const { subnets, cidr } = this.props;
    const blocks = Object.values(subnets).flatMap((tier) => tier[index] ?? []);
    const first = this.remember(`zone-${index}`, { zone, blocks: blocks.join(' ') });
    return [
      this.mustStay(`network.zones.${index}`, zone, first('zone')),
      // Cut from another block they all change, and the message about that block is enough.
      this.mustStay(`network.subnets of ${zone}`, blocks.join(' '), first('blocks'), `${firstCidr} != "${cidr}"`),
    ];
  }

  /** The memory of a place takes up the zone that is added there, but not that it has gone from the settings. */
  private noZoneMayGo(): Precondition[] {
    const { zones, environment } = this.props;
    const places = Array.from({ length: MOST_ZONES - FEWEST_ZONES }, (_, more) => FEWEST_ZONES + more);
    return places.flatMap((index) => {
      const zone = zones[index];
      const last = this.remember(`place-${index}`, { zone: zone ?? '' }, zone === undefined)('zone');
      if (zone !== undefined) return [];
      const errorMessage = `network.zones lacks \${${last}}, with which environment ${environment} was deployed: zones can only be added. ${REMEDY}`;
      return [{ condition: `\${${last} == ""}`, errorMessage }];
    });
  }

  /**
   * Writes values into the state once the instance is there. A first deployment that fails before may be corrected.
   *
   * @param isFixed whether the values stay as they were written first. What is not written yet fails no plan.
   * @returns Terraform's expression for a value.
   */
  private remember(id: string, values: Readonly<Record<string, string>>, isFixed = true): (name: string) => string {
    const memory = new DataResource(this, id, {
      input: { ...values, instance: this.props.instance.resourceId },
      ...(isFixed && { lifecycle: { ignoreChanges: ['input'] } }),
    });
    return (name) => `terraform_data.${memory.friendlyUniqueId}.output.${name}`;
  }

  private mustStay(setting: string, value: string, first: string, unless = 'false'): Precondition {
    return {
      condition: `\${${first} == "${value}" || ${unless}}`,
      errorMessage: `${setting} is ${value}, but environment ${this.props.environment} was deployed with \${${first}}: it cannot change under a database. ${REMEDY}`,
    };
  }
}
