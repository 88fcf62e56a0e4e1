import type { Applied } from '../applied';
import type { EndpointPeer, VpcPeer } from './peers';
import type { VpcEndpoint } from './resources';
import { SecurityGroups, type Side } from './security-groups';
import { Subnets } from './subnets';

const HTTPS = 443;

/** As a VPC sees it on the internet: any address of AWS would do. */
const SECRETS_MANAGER: Side = { name: 'Secrets Manager', address: '198.51.100.1', securityGroups: [] };

/** Says which connections get through, and which rule, route or setting is missing for the others. */
export class Reachability {
  private readonly subnets: Subnets;
  private readonly securityGroups: SecurityGroups;

  constructor(private readonly applied: Applied) {
    this.subnets = new Subnets(applied);
    this.securityGroups = new SecurityGroups(applied);
  }

  /** Why a caller does not get through to an endpoint, or `undefined` where it does. */
  toEndpoint(caller: Side | VpcPeer, endpoint: EndpointPeer): string | undefined {
    const barrier = isInVpc(caller) ? this.notInVpc(caller, endpoint) : this.notPublic(endpoint);
    return barrier ?? this.securityGroups.refusal(caller, endpoint, endpoint.port);
  }

  /**
   * Why a caller does not get through to Secrets Manager, or `undefined` where it does. From a VPC the way is its
   * interface endpoint where private DNS leads there, else the internet.
   */
  toSecretsManager(caller: Side | VpcPeer): string | undefined {
    if (!isInVpc(caller)) return undefined;
    const { vpc_id } = this.subnets.get(caller.subnet);
    const endpoint = this.applied.find<VpcEndpoint>(
      'aws_vpc_endpoint',
      (candidate) => candidate.vpc_id === vpc_id && isForSecretsManager(candidate),
    );
    return endpoint === undefined ? this.outward(caller) : this.throughInterface(caller, endpoint);
  }

  private notInVpc(caller: VpcPeer, endpoint: EndpointPeer): string | undefined {
    const [own, other] = [caller, endpoint].map(({ subnet }) => this.subnets.get(subnet).vpc_id);
    return own === other ? undefined : `${caller.name} is in ${own ?? ''}, ${endpoint.name} in ${other ?? ''}`;
  }

  private notPublic({ kind, name, isPublic, subnet }: EndpointPeer): string | undefined {
    if (kind === 'proxy') return `${name} is a proxy, and proxies are never public`;
    if (!isPublic) return `${name} is not publicly accessible`;
    const vpc = this.subnets.vpcOf(subnet);
    if (!vpc?.enable_dns_support || !vpc.enable_dns_hostnames) {
      return `${name} has no public name: DNS support and DNS hostnames of its VPC must be on`;
    }
    if (this.subnets.hasInternetGateway(subnet)) return undefined;
    return `${name} has no route to an internet gateway in its subnet ${subnet}`;
  }

  private outward(caller: VpcPeer): string | undefined {
    const { subnet, isPublic, name } = caller;
    const isRouted = (isPublic && this.subnets.hasInternetGateway(subnet)) || this.subnets.hasNatGateway(subnet);
    if (isRouted) return this.securityGroups.refusal(caller, SECRETS_MANAGER, HTTPS);
    return `${name} has no way to Secrets Manager: neither an interface endpoint with private DNS nor the internet`;
  }

  private throughInterface(caller: VpcPeer, endpoint: VpcEndpoint): string | undefined {
    // Whatever address the endpoint has, a rule for a block sees one of its subnet.
    const address = this.subnets.freeAddress(endpoint.subnet_ids[0] ?? '', new Set());
    const side = { name: 'the endpoint of Secrets Manager', address, securityGroups: endpoint.security_group_ids };
    return this.securityGroups.refusal(caller, side, HTTPS);
  }
}

const isInVpc = (caller: Side | VpcPeer): caller is VpcPeer => 'subnet' in caller;

const isForSecretsManager = (endpoint: VpcEndpoint): boolean =>
  endpoint.vpc_endpoint_type === 'Interface' &&
  endpoint.private_dns_enabled &&
  endpoint.service_name.endsWith('.secretsmanager');
