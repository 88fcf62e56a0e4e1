import { Construct } from 'constructs';
import type { DatabaseInstance } from './database-instance';
import { TerraformData } from './terraform-data';

export interface FixedSettingsProps {
  /** Name of the environment. */
  readonly environment: string;
  readonly region: string;
  /** Account of the deployment. @default - the account of the credentials */
  readonly accountId: string | undefined;
  /** Name of the database. */
  readonly databaseName: string;
  /** IPv4 block of the VPC. */
  readonly cidr: string;
  /** Ids of the availability zones. */
  readonly zones: readonly string[];
  /** Blocks of each tier, one for each zone. */
  readonly subnets: Readonly<Record<string, readonly string[]>>;
  /** The instance. Once it exists, the settings are fixed. */
  readonly instance: DatabaseInstance;
}

interface Precondition {
  readonly condition: string;
  readonly errorMessage: string;
}

/** Every environment has at least two zones; a region has at most six (us-east-1). */
const [FEWEST_ZONES, MOST_ZONES] = [2, 6];

const REMEDY = 'Restore the old value, or create a new environment; destroying this one deletes its data.';

/**
 * Stores the settings with which the instance was created, and fails the plan if one of them has changed. Without this, Terraform
 * would replace the subnets and their group, and AWS would refuse that minutes into the apply, because the instance uses them.
 * Under another name, account or region, or with another database, the API would answer without its data.
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
    const identity = this.remember('identity', {
      name: props.environment,
      account: props.accountId ?? '',
      database: props.databaseName,
    });
    const precondition = [
      this.mustStay('name', props.environment, identity('name')),
      ...this.accountMustStay(identity('account')),
      this.mustStay('database.name', props.databaseName, identity('database')),
      this.mustStay('region', props.region, vpc('region')),
      this.mustStay('network.cidr', props.cidr, vpc('cidr')),
      ...props.zones.flatMap((zone, index) => this.zoneMustStay(zone, index, vpc('cidr'))),
      ...this.noZoneMayGo(),
    ];
    new TerraformData(this, 'check', { lifecycle: { precondition } });
  }

  /** Adding or removing accountId changes nothing, because the credentials determine the account. */
  private accountMustStay(first: string): Precondition[] {
    const { accountId } = this.props;
    return accountId === undefined ? [] : [this.mustStay('accountId', accountId, first, `${first} == ""`)];
  }

  private zoneMustStay(zone: string, index: number, firstCidr: string): Precondition[] {
    const { subnets, cidr } = this.props;
    const blocks = Object.values(subnets).flatMap((tier) => tier[index] ?? []);
    const first = this.remember(`zone-${index}`, { zone, blocks: blocks.join(' ') });
    return [
      this.mustStay(`network.zones.${index}`, zone, first('zone')),
      // If the block of the VPC changed, so did all subnets. The message about the VPC is enough.
      this.mustStay(`network.subnets of ${zone}`, blocks.join(' '), first('blocks'), `${firstCidr} != "${cidr}"`),
    ];
  }

  /** Fails if a zone was removed. The state stores each zone that is added, and keeps it after the removal. */
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
   * Writes values into the state once the instance exists. Until then, the settings of a failed first deployment may change.
   *
   * @param isFixed whether the first values stay. A value that is not written yet fails no plan.
   * @returns Terraform expression for a value.
   */
  private remember(id: string, values: Readonly<Record<string, string>>, isFixed = true): (name: string) => string {
    const memory = new TerraformData(this, id, {
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
