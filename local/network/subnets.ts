import ipaddr from 'ipaddr.js';
import type { Applied } from '../applied';
import type { RouteTableRoute, RouteTableAssociation, Subnet, Vpc } from './resources';

/** AWS reserves the first four addresses of a subnet, and the last. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED_AT_START = 4;

/** Finds routes and free addresses of the applied subnets. */
export class Subnets {
  constructor(private readonly applied: Applied) {}

  /** @throws Error if the subnet is not applied. */
  get(id: string): Subnet {
    const subnet = this.applied.find<Subnet>('aws_subnet', (candidate) => candidate.id === id);
    if (subnet === undefined) throw new Error(`The subnet ${id} is used but not applied. Apply it, or use another.`);
    return subnet;
  }

  vpcOf(id: string): Vpc | undefined {
    const { vpc_id } = this.get(id);
    return this.applied.find<Vpc>('aws_vpc', (vpc) => vpc.id === vpc_id);
  }

  /** The subnet's default route, if it points to an applied internet gateway. */
  internetRoute(id: string): RouteTableRoute | undefined {
    const route = this.defaultRoute(id);
    const gateway = this.applied.find<{ id: string }>(
      'aws_internet_gateway',
      (candidate) => candidate.id === route?.gateway_id,
    );
    return gateway && route;
  }

  /** The subnet's default route, if it points to a NAT gateway. */
  natRoute(id: string): RouteTableRoute | undefined {
    const route = this.defaultRoute(id);
    return route?.nat_gateway_id ? route : undefined;
  }

  /** Returns the first free address of a subnet. @throws Error if the subnet is full */
  freeAddress(id: string, taken: ReadonlySet<string | undefined>): string {
    const { cidr_block } = this.get(id);
    const [network, prefix] = ipaddr.parseCIDR(cidr_block);
    const first = Buffer.from(network.toByteArray()).readUInt32BE();
    for (let host = RESERVED_AT_START; host < 2 ** (32 - prefix) - 1; host += 1) {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(first + host);
      const address = bytes.join('.');
      if (!taken.has(address)) return address;
    }
    throw new Error(`The subnet ${id} (${cidr_block}) has no address left. Give it a larger block.`);
  }

  /**
   * Takes the route from an `aws_route`. The state of an `aws_route_table` may not contain this route, because Terraform may have read
   * the table before it created the route.
   */
  private defaultRoute(subnetId: string): RouteTableRoute | undefined {
    const association = this.applied.find<RouteTableAssociation>(
      'aws_route_table_association',
      ({ subnet_id }) => subnet_id === subnetId,
    );
    const table = association?.route_table_id ?? this.vpcOf(subnetId)?.main_route_table_id;
    return this.applied.find<RouteTableRoute>(
      'aws_route',
      (route) => route.route_table_id === table && route.destination_cidr_block === '0.0.0.0/0',
    );
  }
}
