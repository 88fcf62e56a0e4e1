import type { Applied } from '../applied';
import type { DbInstance, DbProxy, DbSubnetGroup, Instance } from './resources';
import type { Side } from './security-groups';
import { Subnets } from './subnets';

/** Somebody in the VPC. */
export interface VpcPeer extends Side {
  /** Id. */
  readonly subnet: string;
  /** Whether it has an address on the internet too. */
  readonly isPublic: boolean;
}

/** An endpoint of a database or a proxy: what callers know by its host name. */
export interface EndpointPeer extends VpcPeer {
  readonly kind: 'instance' | 'proxy';
  readonly port: number;
}

/** RDS Proxy for MySQL listens here and nowhere else. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html */
const PROXY_PORT = 3306;

type Unplaced<P> = Omit<P, 'address'>;

/** The applied endpoints that have a host name by now, instances first. They still lack an address in their subnet. */
export function endpointsOf(applied: Applied): Unplaced<EndpointPeer>[] {
  const instances = applied
    .all<DbInstance>('aws_db_instance')
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
    .all<DbProxy>('aws_db_proxy')
    .filter(({ endpoint }) => Boolean(endpoint))
    .map((proxy) => ({
      kind: 'proxy' as const,
      name: proxy.endpoint ?? '',
      port: PROXY_PORT,
      subnet: proxy.vpc_subnet_ids[0] ?? '',
      securityGroups: proxy.vpc_security_group_ids,
      isPublic: false,
    }));
  return [...instances, ...proxies];
}

/** The host from which people log in, if there is one. */
export function clientHostOf(applied: Applied): VpcPeer | undefined {
  const [host] = applied.all<Instance>('aws_instance');
  if (host === undefined) return undefined;
  return {
    name: 'the client host',
    address: host.private_ip,
    subnet: host.subnet_id,
    securityGroups: host.vpc_security_group_ids,
    isPublic: host.associate_public_ip_address,
  };
}

/** Of the subnets of its group, an instance is in that of its zone. */
function subnetOf(instance: DbInstance, applied: Applied): string {
  const subnets = new Subnets(applied);
  const group = applied.find<DbSubnetGroup>(
    'aws_db_subnet_group',
    ({ name }) => name === instance.db_subnet_group_name,
  );
  const ids = group?.subnet_ids ?? [];
  return ids.find((id) => subnets.get(id).availability_zone === instance.availability_zone) ?? ids[0] ?? '';
}
