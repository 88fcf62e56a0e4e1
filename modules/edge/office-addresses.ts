import { Wafv2IpSet } from '@cdktf/provider-aws/lib/wafv2-ip-set';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import { ON_ONE_MACHINE } from '../terraform/example-values';
import { BLOCK_LIMITS } from '../settings/groups/edge';
import {
  areBlocks,
  areDistinct,
  areNoExamples,
  arePublic,
  beginAtFirstAddress,
  excludeAnAddress,
} from './office-rules';

export interface OfficeAddressesProps {
  readonly name: string;
  /** Blocks of the offices: the defaults of the Terraform variables. */
  readonly allowlist: Readonly<Record<IpSet['id'], readonly string[]>>;
  /** Provider of us-east-1. */
  readonly global: AwsProvider;
}

const IP_SETS = [
  { id: 'ipv4', version: 'IPV4', family: 4, variable: 'office_ipv4_cidrs', example: '203.0.113.0/24' },
  { id: 'ipv6', version: 'IPV6', family: 6, variable: 'office_ipv6_cidrs', example: '2001:db8:1::/48' },
] as const;
type IpSet = (typeof IP_SETS)[number];

/**
 * IP sets of the allowed offices, one for each IP version. Each reads a Terraform variable, so that a Terraform Cloud workspace
 * can change the offices without a new synth.
 */
export class OfficeAddresses extends Construct {
  readonly ipSetArns: readonly string[];

  constructor(scope: Construct, id: string, props: OfficeAddressesProps) {
    super(scope, id);
    this.ipSetArns = IP_SETS.map((set) => {
      const addresses = this.addVariable(set, props.allowlist[set.id]);
      return new Wafv2IpSet(this, set.id, {
        provider: props.global,
        name: `${props.name}-${set.id}`,
        description: 'Offices that may call the API',
        scope: 'CLOUDFRONT',
        ipAddressVersion: set.version,
        addresses: addresses.listValue,
        lifecycle: {
          precondition: [
            {
              condition: `\${${ON_ONE_MACHINE} || ${areNoExamples(`var.${set.variable}`, set.family)}}`,
              errorMessage: `${set.variable} contains a block that is reserved for examples: no client has an address in it. Set the addresses of your offices in the setting edge.allowlist or in this Terraform variable.`,
            },
          ],
        },
      }).arn;
    });
  }

  private addVariable({ variable, version, family, example }: IpSet, defaults: readonly string[]): TerraformVariable {
    const list = `var.${variable}`;
    const limit = BLOCK_LIMITS[family];
    const sum = IP_SETS.map((set) => `length(var.${set.variable})`).join(' + ');
    const isLast = IP_SETS.at(-1)?.variable === variable;
    const declared = new TerraformVariable(this, variable, {
      type: 'list(string)',
      nullable: false,
      default: [...defaults],
      description: `${version} blocks of the offices, in CIDR notation`,
      validation: [
        {
          condition: `\${${areBlocks(list, family)} && ${beginAtFirstAddress(list, family)}}`,
          errorMessage: `Each entry of ${variable} must be an ${version} block in CIDR notation that begins with its first address, as in ${example}.`,
        },
        {
          condition: `\${${arePublic(list, family)}}`,
          errorMessage: `Each entry of ${variable} must contain at least one public address, because CloudFront sees only public addresses. List the public addresses of your offices.`,
        },
        {
          condition: `\${${areDistinct(list, family)}}`,
          errorMessage: `${variable} must not list a block twice: AWS WAF stores each block once. Remove one of the two.`,
        },
        {
          condition: `\${${excludeAnAddress(list, family)}}`,
          errorMessage: `${variable} must not allow every address, but its blocks together contain every public address.`,
        },
        {
          condition: `\${length(${list}) <= ${limit.most}}`,
          errorMessage: `${variable} must list at most ${limit.most} blocks. ${limit.reason} Combine adjacent blocks into larger ones.`,
        },
        // On one variable only: Terraform reports a cycle if the rules of each variable read the other variable.
        ...(isLast
          ? [
              {
                condition: `\${${sum} > 0}`,
                errorMessage: `${IP_SETS.map((set) => set.variable).join(' and ')} are empty, so no client can call the API. List at least one block in one of them.`,
              },
            ]
          : []),
      ],
    });
    declared.overrideLogicalId(variable);
    return declared;
  }
}
