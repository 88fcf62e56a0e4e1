import type { Applied } from '../applied';
import type { DbInstanceNetwork, DbProxyNetwork, DbSubnetGroup, Ec2Instance } from './resources';
import type { Side } from './security-groups';
import { Subnets } from './subnets';

/** A network interface in the VPC. */
export interface VpcPeer extends Side {
  /** Subnet id. */
  readonly subnet: string;
  /** Whether it also has a public address. */
  readonly isPublic: boolean;
}

/** An endpoint of an instance or a proxy, which callers address by its host name. */
export interface EndpointPeer extends VpcPeer {
  readonly kind: 'instance' | 'proxy';
  readonly port: number;
}

/** RDS Proxy for MySQL listens only on this port. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html */
export const MYSQL_PORT = 3306;

/** Lists the applied endpoints that already have a host name, instances first. Their addresses are missing: `Network` assigns them. */
export function endpointsOf(applied: Applied): Omit<EndpointPeer, 'address'>[] {
  const instances = applied
    .all<DbInstanceNetwork>('aws_db_instance')
    .filter(({ address }) => Boolean(address))
    .map((instance) => ({
      kind: 'instance' as const,
      name: instance.address ?? '',
      port: instance.port,
      subnet: subnetOf(instance, applied),
      securityGroups: instance.vpc_security_group_ids,
      isPublic: instance.publicly_accessible,
    }));
  const proxies = applied
    .all<DbProxyNetwork>('aws_db_proxy')
    .filter(({ endpoint }) => Boolean(endpoint))
    .map((proxy) => ({
      kind: 'proxy' as const,
      name: proxy.endpoint ?? '',
      port: MYSQL_PORT,
      subnet: proxy.vpc_subnet_ids[0] ?? '',
      securityGroups: proxy.vpc_security_group_ids,
      isPublic: false,
    }));
  return [...instances, ...proxies];
}

/** Returns the EC2 instance, or `undefined` if none is applied. */
export function ec2InstanceOf(applied: Applied): VpcPeer | undefined {
  const [instance] = applied.all<Ec2Instance>('aws_instance');
  if (instance === undefined) return undefined;
  return {
    name: 'the EC2 instance',
    address: instance.private_ip,
    subnet: instance.subnet_id,
    securityGroups: instance.vpc_security_group_ids,
    isPublic: instance.associate_public_ip_address,
  };
}

/** Returns the id of a subnet in the instance's subnet group: one in the instance's availability zone or, if none is there, the first. */
function subnetOf(instance: DbInstanceNetwork, applied: Applied): string {
  const subnets = new Subnets(applied);
  const group = applied.find<DbSubnetGroup>(
    'aws_db_subnet_group',
    ({ name }) => name === instance.db_subnet_group_name,
  );
  const ids = group?.subnet_ids ?? [];
  return ids.find((id) => subnets.get(id).availability_zone === instance.availability_zone) ?? ids[0] ?? '';
}
