import { Applied } from '../applied';
import { reasonOfFirstBarrier, type ConnectionCondition } from './connection-condition';
import { publicAddressOf } from './internet';
import { ec2InstanceOf, endpointsOf, type EndpointPeer, type VpcPeer } from './peers';
import { Reachability } from './reachability';
import type { Route53Record, VpcConfig } from './resources';
import type { Side } from './security-groups';
import { Subnets } from './subnets';

const LAST_HOST = 254;

/** Number of endpoint names to remember. If there are more, deleted endpoints lose their loopback addresses. */
const REMEMBERED_NAMES = 100;

/** The network addresses of a container. */
export interface Attachment {
  /** Loopback source address of all its connections, by which endpoints identify the caller. */
  readonly address: string;
  /** Names that its DNS resolves, with the loopback addresses of their endpoints. */
  readonly hosts: Readonly<Record<string, string>>;
}

/**
 * Decides which connections succeed, from the applied VPC, subnets, routes and security groups. Each peer has a loopback
 * address: endpoints 127.n.1.x, containers 127.n.2.x, the EC2 instance 127.n.3.1, where n is the deployment's number. Containers
 * outside the VPC are on the internet. So are callers from all other addresses, for example 127.0.0.1.
 */
export class Network {
  /** Loopback address of the applied EC2 instance. */
  readonly ec2Instance: string;

  private applied = new Applied({});
  private readonly endpoints = new Map<string, EndpointPeer>();
  /**
   * Loopback addresses by the names of endpoints. A deleted endpoint keeps its loopback address. If the
   * endpoint is created again, containers still reach it, although they resolve its name only once.
   */
  private readonly loopbacks = new Map<string, string>();
  /** Containers by loopback address; `undefined` for a container outside the VPC. */
  private readonly containers = new Map<string, VpcPeer | undefined>();

  /** @param number second octet of all loopback addresses; each deployment on the machine has a number of its own */
  constructor(private readonly number = 0) {
    this.ec2Instance = this.loopback(3, 1);
  }

  /** Reads the newly applied resources. An endpoint keeps its private address while it stays in its subnet. */
  update(applied: Applied): void {
    this.applied = applied;
    const endpoints = endpointsOf(applied);
    const subnets = new Map(endpoints.map(({ name, subnet }) => [name, subnet]));
    // Deleted and moved endpoints give up their private addresses first, so that new endpoints can get these addresses.
    for (const { name, subnet } of this.endpoints.values()) {
      if (subnets.get(name) !== subnet) this.endpoints.delete(name);
    }
    for (const endpoint of endpoints) {
      const address = this.endpoints.get(endpoint.name)?.address ?? this.freeAddress(endpoint.subnet);
      this.endpoints.set(endpoint.name, { ...endpoint, address });
    }
    if (this.loopbacks.size > REMEMBERED_NAMES) {
      for (const host of this.loopbacks.keys()) if (!this.endpoints.has(host)) this.loopbacks.delete(host);
    }
    for (const host of this.endpoints.keys()) {
      if (!this.loopbacks.has(host)) this.loopbacks.set(host, this.freeLoopback(1, [...this.loopbacks.values()]));
    }
  }

  /**
   * Loopback addresses of the endpoints' names, and of CNAMEs that point to them. The names are public and resolve
   * everywhere.
   */
  get hosts(): Readonly<Record<string, string>> {
    const aliases = this.applied
      .all<Route53Record>('aws_route53_record')
      .filter(({ type }) => type === 'CNAME')
      .map(({ fqdn, records }) => [fqdn, this.loopbacks.get(records[0] ?? '')] as const)
      .filter(([, address]) => address !== undefined);
    const present = [...this.loopbacks].filter(([host]) => this.endpoints.has(host));
    return Object.fromEntries([...present, ...(aliases as [string, string][])]);
  }

  /**
   * Assigns addresses to a new container of a function.
   *
   * @param vpcConfig subnets and security groups of the function; without it the function runs outside the VPC
   * @param name used in messages
   * @throws Error if the subnet is not applied, or no address is left.
   */
  attach(vpcConfig?: VpcConfig, name = 'a function'): Attachment {
    const address = this.freeLoopback(2, [...this.containers.keys()]);
    this.containers.set(address, vpcConfig && this.peerOf(vpcConfig, name));
    return { address, hosts: { ...Object.fromEntries(this.loopbacks), ...this.hosts } };
  }

  /** Frees the addresses of a container that ended. */
  detach(address: string): void {
    this.containers.delete(address);
  }

  /** Returns the IP address that endpoints see: the private one of a caller in the VPC, the public one of any other caller. */
  addressOf(loopback: string): string {
    return this.callerAt(loopback).address;
  }

  /** Returns why a connection from a loopback address to an endpoint fails; `undefined` if it succeeds. */
  judge(from: string, host: string): string | undefined {
    return reasonOfFirstBarrier(this.trace(from, host));
  }

  /** Returns why a call from a loopback address to Secrets Manager fails; `undefined` if it succeeds. */
  judgeSecretsManager(from: string): string | undefined {
    return reasonOfFirstBarrier(this.traceSecretsManager(from));
  }

  /** Lists the conditions that {@link judge} checks for a connection to an endpoint. */
  trace(from: string, host: string): ConnectionCondition[] {
    const endpoint = this.endpoints.get(host);
    if (endpoint) return new Reachability(this.applied).toEndpoint(this.callerAt(from), endpoint);
    const reason = `${host} is not an applied endpoint`;
    const fix = 'Connect to the endpoint of an instance or a proxy of the deployment.';
    return [{ needs: `${host} is an endpoint`, found: '', resources: [], barrier: { reason, fix } }];
  }

  /** Lists the conditions that {@link judgeSecretsManager} checks for a call to Secrets Manager. */
  traceSecretsManager(from: string): ConnectionCondition[] {
    return new Reachability(this.applied).toSecretsManager(this.callerAt(from));
  }

  /**
   * Returns a loopback address of this network, for example 127.0.1.200.
   *
   * @param octet third octet: 1 for endpoints, 2 for containers, 3 for the EC2 instance
   * @param host fourth octet
   */
  loopback(octet: number, host: number): string {
    return `127.${this.number}.${octet}.${host}`;
  }

  private callerAt(loopback: string): Side | VpcPeer {
    const ec2Instance = loopback === this.ec2Instance ? ec2InstanceOf(this.applied) : undefined;
    const peer = ec2Instance ?? this.containers.get(loopback) ?? this.endpointAt(loopback);
    if (peer) return peer;
    const name = this.containers.has(loopback) ? 'a function outside of the VPC' : 'a caller on the internet';
    return { name, address: publicAddressOf(this.applied, loopback), securityGroups: [] };
  }

  private endpointAt(loopback: string): EndpointPeer | undefined {
    return [...this.endpoints.values()].find(({ name }) => this.loopbacks.get(name) === loopback);
  }

  private peerOf({ subnet_ids: [subnet = ''], security_group_ids }: VpcConfig, name: string): VpcPeer {
    const address = this.freeAddress(subnet);
    return { name, address, subnet, securityGroups: security_group_ids, isPublic: false };
  }

  private freeAddress(subnet: string): string {
    const others = [ec2InstanceOf(this.applied), ...this.containers.values(), ...this.endpoints.values()];
    return new Subnets(this.applied).freeAddress(subnet, new Set(others.map((peer) => peer?.address)));
  }

  /** Returns the first free loopback address. @param octet as for {@link loopback} */
  private freeLoopback(octet: 1 | 2, taken: readonly string[]): string {
    for (let host = 1; host <= LAST_HOST; host += 1) {
      const address = this.loopback(octet, host);
      if (!taken.includes(address)) return address;
    }
    const [users, remedy] =
      octet === 1 ? ['endpoints', 'Deploy fewer endpoints.'] : ['containers', 'Send fewer requests at a time.'];
    throw new Error(
      `All ${LAST_HOST} addresses for ${users}, ${this.loopback(octet, 1)} to ${this.loopback(octet, LAST_HOST)}, are in use. ${remedy}`,
    );
  }
}
