import type { Applied } from '../applied';
import type { ConnectionCondition } from './connection-condition';
import type { EndpointPeer, VpcPeer } from './peers';
import type { DbInstanceNetwork, RouteTableRoute, VpcEndpoint } from './resources';
import { SecurityGroups, type Side } from './security-groups';
import { Subnets } from './subnets';

const HTTPS = 443;

/** Secrets Manager's public endpoint. The address stands for any address of AWS. */
const SECRETS_MANAGER: Side = { name: 'Secrets Manager', address: '198.51.100.1', securityGroups: [] };

/** Lists the conditions of a connection. If a condition fails, its `barrier` says what is missing, and its `found` is not used. */
export class Reachability {
  private readonly subnets: Subnets;
  private readonly securityGroups: SecurityGroups;

  constructor(private readonly applied: Applied) {
    this.subnets = new Subnets(applied);
    this.securityGroups = new SecurityGroups(applied);
  }

  /** Lists the conditions of a connection from a caller to an endpoint. */
  toEndpoint(caller: Side | VpcPeer, endpoint: EndpointPeer): ConnectionCondition[] {
    const path = isInVpc(caller) ? [this.sameVpcCondition(caller, endpoint)] : this.publicPathConditions(endpoint);
    return [...path, ...this.securityGroups.conditions(caller, endpoint, endpoint.port)];
  }

  /**
   * Lists the conditions of a call to Secrets Manager. From a VPC the call goes through the interface endpoint with private DNS
   * if there is one, otherwise through the internet. A caller outside the VPC always reaches Secrets Manager.
   */
  toSecretsManager(caller: Side | VpcPeer): ConnectionCondition[] {
    if (!isInVpc(caller)) return [];
    const { vpc_id } = this.subnets.get(caller.subnet);
    const endpoint = this.applied.find<VpcEndpoint>(
      'aws_vpc_endpoint',
      (candidate) => candidate.vpc_id === vpc_id && isForSecretsManager(candidate),
    );
    return endpoint === undefined ? this.internetConditions(caller) : this.interfaceConditions(caller, endpoint);
  }

  private sameVpcCondition(caller: VpcPeer, endpoint: EndpointPeer): ConnectionCondition {
    const [callerSubnet, endpointSubnet] = [this.subnets.get(caller.subnet), this.subnets.get(endpoint.subnet)];
    const resources = [...new Set([callerSubnet, endpointSubnet])];
    const needs = `${caller.name} and ${endpoint.name} are in the same VPC`;
    const found = `${callerSubnet.vpc_id} (${resources.map(({ id }) => id).join(', ')})`;
    if (callerSubnet.vpc_id === endpointSubnet.vpc_id) return { needs, found, resources };
    const reason = `${caller.name} is in ${callerSubnet.vpc_id}, ${endpoint.name} in ${endpointSubnet.vpc_id}`;
    const fix = `Put ${caller.name} into a subnet of ${endpointSubnet.vpc_id}.`;
    return { needs, found, resources, barrier: { reason, fix } };
  }

  private publicPathConditions(endpoint: EndpointPeer): ConnectionCondition[] {
    const { kind, name } = endpoint;
    if (kind === 'instance')
      return [this.publicAccessCondition(endpoint), this.publicNameCondition(endpoint), this.routeCondition(endpoint)];
    const reason = `${name} is a proxy, and proxies are never public`;
    const fix = 'Connect to the instance instead, or connect to the proxy from inside the VPC.';
    const needs = `${name} is reachable from outside its VPC`;
    return [{ needs, found: '', resources: [], barrier: { reason, fix } }];
  }

  private publicAccessCondition({ name, isPublic }: EndpointPeer): ConnectionCondition {
    const instance = this.applied.find<DbInstanceNetwork>('aws_db_instance', ({ address }) => address === name);
    const reason = `${name} is not publicly accessible`;
    const fix = 'Set publicly_accessible of the instance to true (database.publicAccess).';
    return {
      needs: `${name} is publicly accessible`,
      found: `publicly_accessible is ${isPublic}`,
      resources: instance ? [instance] : [],
      ...(!isPublic && { barrier: { reason, fix } }),
    };
  }

  private publicNameCondition({ name, subnet }: EndpointPeer): ConnectionCondition {
    const vpc = this.subnets.vpcOf(subnet);
    const reason = `${name} has no public name: DNS support and DNS hostnames of its VPC must be on`;
    const fix = 'Set enable_dns_support and enable_dns_hostnames of the VPC to true.';
    const isNamed = vpc?.enable_dns_support === true && vpc.enable_dns_hostnames;
    return {
      needs: 'the VPC has DNS support and DNS hostnames, so that the instance’s name resolves to its public address',
      found: 'both are on',
      resources: vpc ? [vpc] : [],
      ...(!isNamed && { barrier: { reason, fix } }),
    };
  }

  private routeCondition({ name, subnet }: EndpointPeer): ConnectionCondition {
    const route = this.subnets.internetRoute(subnet);
    const needs = `the subnet of ${name} has a route to an internet gateway`;
    if (route) return { needs, found: describeRoute(route), resources: [route] };
    const reason = `${name} is in ${subnet}, a subnet without a route to an internet gateway`;
    const fix = `In the route table of ${subnet}, add an aws_route for 0.0.0.0/0 to an internet gateway.`;
    return { needs, found: '', resources: [this.subnets.get(subnet)], barrier: { reason, fix } };
  }

  private internetConditions(caller: VpcPeer): ConnectionCondition[] {
    const { subnet, isPublic, name } = caller;
    const route = (isPublic ? this.subnets.internetRoute(subnet) : undefined) ?? this.subnets.natRoute(subnet);
    const needs = `${name} can reach Secrets Manager`;
    const rules = this.securityGroups.conditions(caller, SECRETS_MANAGER, HTTPS);
    if (route) return [{ needs, found: describeRoute(route), resources: [route] }, ...rules];
    const reason = `${name} has neither an interface endpoint of Secrets Manager with private DNS nor a way to the internet`;
    const fix = 'Add an interface endpoint of Secrets Manager with private DNS to the VPC.';
    return [{ needs, found: '', resources: [this.subnets.get(subnet)], barrier: { reason, fix } }];
  }

  private interfaceConditions(caller: VpcPeer, endpoint: VpcEndpoint): ConnectionCondition[] {
    // Any address of the subnet will do: no security group rule names the endpoint's own address.
    const address = this.subnets.freeAddress(endpoint.subnet_ids[0] ?? '', new Set());
    const side = { name: 'the endpoint of Secrets Manager', address, securityGroups: endpoint.security_group_ids };
    const needs = 'the VPC has an interface endpoint of Secrets Manager with private DNS';
    const found = endpoint.service_name;
    return [{ needs, found, resources: [endpoint] }, ...this.securityGroups.conditions(caller, side, HTTPS)];
  }
}

const describeRoute = ({ destination_cidr_block: to, gateway_id, nat_gateway_id }: RouteTableRoute): string =>
  `${to ?? ''} via ${(gateway_id ?? '') || (nat_gateway_id ?? '')}`;

const isInVpc = (caller: Side | VpcPeer): caller is VpcPeer => 'subnet' in caller;

const isForSecretsManager = (endpoint: VpcEndpoint): boolean =>
  endpoint.vpc_endpoint_type === 'Interface' &&
  endpoint.private_dns_enabled &&
  endpoint.service_name.endsWith('.secretsmanager');
