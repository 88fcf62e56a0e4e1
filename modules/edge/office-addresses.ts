import { Wafv2IpSet } from '@cdktf/provider-aws/lib/wafv2-ip-set';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';

export interface OfficeAddressesProps {
  readonly name: string;
  /** Defaults of the two variables. */
  readonly allowlist: { readonly ipv4: readonly string[]; readonly ipv6: readonly string[] };
  /** Provider of us-east-1. */
  readonly global: AwsProvider;
}

interface Family {
  readonly version: 'IPV4' | 'IPV6';
  readonly variable: string;
  /** Terraform's test whether an entry `c` is of this version. `cidrnetmask` knows IPv4 only, which tells the two apart. */
  readonly test: string;
  /** Bits of an address. */
  readonly bits: number;
  readonly example: string;
}

const FAMILIES: readonly Family[] = [
  {
    version: 'IPV4',
    variable: 'office_ipv4_cidrs',
    test: 'can(cidrnetmask(c))',
    bits: 32,
    example: '203.0.113.0/24',
  },
  {
    version: 'IPV6',
    variable: 'office_ipv6_cidrs',
    test: '!can(cidrnetmask(c))',
    bits: 128,
    example: '2001:db8:1::/48',
  },
];

const NOBODY = 'At least one office must be listed, or nobody can call the API.';

/**
 * Who may call: one IP set for each version, fed by a Terraform variable, so that a workspace of Terraform Cloud can
 * change the offices without a new synth.
 */
export class OfficeAddresses extends Construct {
  /** ARNs of the sets. */
  readonly setArns: readonly string[];

  constructor(scope: Construct, id: string, props: OfficeAddressesProps) {
    super(scope, id);
    const defaults = { IPV4: props.allowlist.ipv4, IPV6: props.allowlist.ipv6 };
    this.setArns = FAMILIES.map((family) => {
      const addresses = this.variable(family, defaults[family.version]);
      return new Wafv2IpSet(this, family.version.toLowerCase(), {
        provider: props.global,
        name: `${props.name}-${family.version.toLowerCase()}`,
        description: 'Offices that may call the API',
        scope: 'CLOUDFRONT',
        ipAddressVersion: family.version,
        addresses: addresses.listValue,
      }).arn;
    });
  }

  private variable({ variable, version, test, bits, example }: Family, defaults: readonly string[]): TerraformVariable {
    const all = FAMILIES.map((family) => `length(var.${family.variable})`).join(' + ');
    const isLast = FAMILIES.at(-1)?.variable === variable;
    const declared = new TerraformVariable(this, variable, {
      type: 'list(string)',
      nullable: false,
      default: [...defaults],
      description: `${version} blocks of the offices, in CIDR notation`,
      validation: [
        {
          condition: `\${alltrue([for c in var.${variable} : try(${test} && ${isExact(bits)} && ${isNarrow}, false)])}`,
          errorMessage: `Each entry of ${variable} must be an ${version} block in CIDR notation that begins with its first address, as in ${example}, and not open to every address.`,
        },
        {
          condition: `\${length(distinct(var.${variable})) == length(var.${variable})}`,
          errorMessage: `${variable} must list each block once.`,
        },
        // On one of the two only: variables whose rules read each other are a cycle.
        ...(isLast ? [{ condition: `\${${all} > 0}`, errorMessage: NOBODY }] : []),
      ],
    });
    declared.overrideLogicalId(variable);
    return declared;
  }
}

/** Terraform's test whether an entry `c` names its block by the first address, in whatever spelling. */
const isExact = (bits: number): string => `cidrhost(c, 0) == cidrhost(format("%s/${bits}", split("/", c)[0]), 0)`;

const isNarrow = 'tonumber(split("/", c)[1]) > 0';
