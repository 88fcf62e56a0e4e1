import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { TIERS } from '../settings/rules/network';
import type { Settings } from '../settings/settings';

type Tier = (typeof TIERS)[number];

export interface NetworkProps extends Readonly<Settings['network']> {
  readonly name: string;
  /** Whether the database subnets have a route to the internet. */
  readonly publicDatabase: boolean;
}

/**
 * The VPC: public subnets for the client host, private subnets for functions and proxies, database subnets for the instance.
 * There is no NAT gateway: nothing in the private subnets needs the internet.
 */
export class Network extends Construct {
  readonly vpcId: string;
  readonly subnets: Readonly<Record<Tier, readonly Subnet[]>>;
  /**
   * Routes to the internet gateway. A public instance and the client host depend on them: RDS refuses a public instance in a VPC
   * without an internet gateway, and the client host downloads packages when it starts.
   */
  readonly internetRoutes: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    this.vpcId = this.createVpc(props);
    const gateway = new InternetGateway(this, 'internet', { vpcId: this.vpcId, tags: { Name: props.name } });

    const tables = {} as Record<Tier, RouteTable>;
    const subnets = {} as Record<Tier, readonly Subnet[]>;
    for (const tier of TIERS) {
      tables[tier] = new RouteTable(this, `${tier}-routes`, {
        vpcId: this.vpcId,
        tags: { Name: `${props.name}-${tier}` },
      });
      subnets[tier] = props.zones.map((zone, index) => {
        const name = `${props.name}-${tier}-${zone}`;
        return this.createSubnet(`${tier}-${index}`, name, zone, props.subnets[tier][index] ?? '', tables[tier]);
      });
    }
    this.subnets = subnets;

    // Only a route distinguishes public from private database subnets. A change of public access therefore replaces neither the
    // subnets nor the database instance.
    const tiers: readonly Tier[] = props.publicDatabase ? ['public', 'database'] : ['public'];
    this.internetRoutes = tiers.map((tier) => this.routeToInternet(tier, tables[tier], gateway));
  }

  private createVpc({ name, cidr }: NetworkProps): string {
    const vpc = new Vpc(this, 'vpc', {
      cidrBlock: cidr,
      // Clients in the VPC need DNS for the names of RDS and Secrets Manager. RDS requires both options for a public instance.
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: name },
    });
    // SECURITY: removes all rules of the default group, so that resources without a group of their own reach nothing.
    new DefaultSecurityGroup(this, 'default-security-group', { vpcId: vpc.id, tags: { Name: `${name}-unused` } });
    return vpc.id;
  }

  private createSubnet(id: string, name: string, zone: string, cidr: string, table: RouteTable): Subnet {
    const subnet = new Subnet(this, id, {
      vpcId: this.vpcId,
      cidrBlock: cidr,
      availabilityZoneId: zone,
      tags: { Name: name },
    });
    new RouteTableAssociation(this, `${id}-routes`, { subnetId: subnet.id, routeTableId: table.id });
    return subnet;
  }

  private routeToInternet(tier: Tier, table: RouteTable, gateway: InternetGateway): Route {
    return new Route(this, `${tier}-routes-internet`, {
      routeTableId: table.id,
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: gateway.id,
    });
  }
}
