import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { Token, type Precondition } from 'cdktf';
import { Construct } from 'constructs';
import type { Settings } from '../settings/settings';
import type { DatabaseInstance } from './database-instance';
import { TerraformData } from './terraform-data';

export interface FixedSettingsProps {
  readonly settings: Settings;
  /** Once this instance exists, the settings are fixed. Region and account are fixed from the first apply on. */
  readonly instance: DatabaseInstance;
}

type StoredValues = Readonly<Record<string, string>>;

interface StoreOptions {
  /** Whether the stored values stay when the settings change. @default true */
  readonly isFixed?: boolean;
}

/** Every environment has at least two zones; a region has at most six (us-east-1). */
const [FEWEST_ZONES, MOST_ZONES] = [2, 6];

const REMEDY =
  'Restore the old value, or create another environment; destroying the existing environment deletes its data.';

const WHILE_INSTANCE_EXISTS = `this value cannot change while the instance exists. ${REMEDY}`;

const WHILE_RESOURCES_EXIST =
  'this value cannot change while resources of the environment exist. Restore the old value. The value can change only after you destroy the environment, which deletes the data of the environment.';

/**
 * Stores the settings with which the instance was created, and fails the plan if one of them has changed. Without this check, the
 * apply of a changed network would fail only after minutes: AWS refuses to delete subnets and subnet groups that an instance uses.
 * With another `name` or `database.name`, the API would no longer find its data.
 *
 * The first apply stores region and account even if it fails later. In another region or account the provider finds nothing,
 * so Terraform would forget what exists and create it again there.
 *
 * Also fails the plan if RDS would not turn on IAM database authentication until the maintenance window.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBSubnetGroup.html
 * https://github.com/hashicorp/terraform-provider-aws/issues/32810
 */
export class FixedSettings extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: FixedSettingsProps,
  ) {
    super(scope, id);
    const { name, region, network, database } = props.settings;
    const { accountId } = new DataAwsCallerIdentity(this, 'caller-identity');
    const location = this.store('location', { region, account: accountId });
    const vpc = this.remember('vpc', { cidr: network.cidr });
    const identity = this.remember('identity', { name, database: database.name });
    const precondition = [
      this.mustStay('region', region, location('region'), { reason: WHILE_RESOURCES_EXIST }),
      // An earlier version of this check stored an empty account if the settings named none.
      this.mustStay('the account of the credentials', accountId, location('account'), {
        unless: `${location('account')} == ""`,
        reason: WHILE_RESOURCES_EXIST,
      }),
      this.mustStay('name', name, identity('name')),
      this.mustStay('database.name', database.name, identity('database')),
      this.mustStay('network.cidr', network.cidr, vpc('cidr')),
      ...network.zones.flatMap((zone, index) => this.zoneMustStay(zone, index, vpc('cidr'))),
      ...this.zonesMustRemain(),
      ...this.iamMustNotWait(),
    ];
    new TerraformData(this, 'check', { lifecycle: { precondition } });
  }

  private zoneMustStay(zone: string, index: number, firstCidr: string): Precondition[] {
    const { subnets, cidr } = this.props.settings.network;
    const blocks = Object.values(subnets).flatMap((tier) => tier[index] ?? []);
    const first = this.remember(`zone-${index}`, { zone, blocks: blocks.join(' ') });
    return [
      this.mustStay(`network.zones.${index}`, zone, first('zone')),
      // If the block of the VPC changed, so did all subnets. The message about the VPC is enough.
      this.mustStay(`network.subnets of ${zone}`, blocks.join(' '), first('blocks'), {
        unless: `${firstCidr} != "${cidr}"`,
      }),
    ];
  }

  /** Fails if a zone was removed. The state stores each zone that is added, and keeps it after the removal. */
  private zonesMustRemain(): Precondition[] {
    const { network } = this.props.settings;
    const indexes = Array.from({ length: MOST_ZONES - FEWEST_ZONES }, (_, offset) => FEWEST_ZONES + offset);
    return indexes.flatMap((index) => {
      const zone = network.zones[index];
      // A copy of the zone in the state. Its only purpose is the error: if the settings lack this zone, the copy still names it.
      const last = this.remember(`place-${index}`, { zone: zone ?? '' }, { isFixed: zone === undefined })('zone');
      if (zone !== undefined) return [];
      const errorMessage = `network.zones lacks \${${last}}, with which this environment was deployed: zones can only be added. ${REMEDY}`;
      return [{ condition: `\${${last} == ""}`, errorMessage }];
    });
  }

  /**
   * Fails if RDS would turn on IAM database authentication only in the maintenance window. The bootstrap creates users that need
   * IAM authentication, so every apply would fail until that window.
   *
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
   */
  private iamMustNotWait(): Precondition[] {
    const { iamAuthentication, applyImmediately } = this.props.settings.database;
    const wouldWait = iamAuthentication && !applyImmediately;
    // If `wouldWait` is true, the stored value does not change. The stored value then shows whether IAM is already on.
    const last = this.remember('iam', { on: String(iamAuthentication) }, { isFixed: wouldWait })('on');
    if (!wouldWait) return [];
    const errorMessage =
      'database.iamAuthentication cannot be turned on while database.applyImmediately is false: RDS would wait for the maintenance window, but this deployment creates users that need IAM now. Set database.applyImmediately to true for this deployment. RDS then also applies all other waiting changes; aws rds describe-db-instances lists them as PendingModifiedValues.';
    return [{ condition: `\${${last} == "true"}`, errorMessage }];
  }

  /**
   * Stores values once the instance exists: the resource id of the instance is among them, so Terraform cannot store them earlier.
   * If a first deployment failed before that, these settings may still change. The parameters are those of `store`.
   */
  private remember(id: string, values: StoredValues, options?: StoreOptions): (name: string) => string {
    return this.store(id, { ...values, instance: this.props.instance.resourceId }, options);
  }

  /** Writes values into the state. Returns a function from the name of a value to its Terraform expression. */
  private store(id: string, input: StoredValues, { isFixed = true }: StoreOptions = {}): (name: string) => string {
    const stored = new TerraformData(this, id, {
      input,
      ...(isFixed && { lifecycle: { ignoreChanges: ['input'] } }),
    });
    return (name) => `terraform_data.${stored.friendlyUniqueId}.output.${name}`;
  }

  private mustStay(
    setting: string,
    value: string,
    first: string,
    { unless = 'false', reason = WHILE_INSTANCE_EXISTS }: { readonly unless?: string; readonly reason?: string } = {},
  ): Precondition {
    // In a Terraform expression, a reference has no quotes.
    const operand = Token.isUnresolved(value) ? value : `"${value}"`;
    return {
      condition: `\${${first} == ${operand} || ${unless}}`,
      errorMessage: `${setting} is ${value}, but this environment was deployed with \${${first}}: ${reason}`,
    };
  }
}
