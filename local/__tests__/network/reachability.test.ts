import { reasonOfFirstBarrier } from '../../network/connection-condition';
import { ec2InstanceOf, endpointsOf, type VpcPeer } from '../../network/peers';
import { Reachability } from '../../network/reachability';
import { deployed, HOSTS, set, without } from '../support/applied';

type Change = Parameters<typeof deployed>[0];

const FUNCTION: VpcPeer = {
  name: 'a function',
  address: '10.20.1.6',
  securityGroups: ['sg-functions'],
  subnet: 'subnet-private',
  isPublic: false,
};
const CALLER = { name: 'a caller', address: '198.51.100.7', securityGroups: [] };

/** Lists the conditions of a connection to the endpoint with this host name. */
function toEndpoint(from: typeof CALLER | VpcPeer, host: string, change?: Change) {
  const applied = deployed(change);
  const endpoint = endpointsOf(applied).find(({ name }) => name === host);
  if (endpoint === undefined) throw new Error(`No endpoint ${host} is applied`);
  return new Reachability(applied).toEndpoint(from, { ...endpoint, address: '10.20.2.4' });
}

describe('a database endpoint, called from inside a VPC', () => {
  it('is reachable from the same VPC, by the rules of both security groups', () => {
    const conditions = toEndpoint(FUNCTION, HOSTS.instance);
    expect(conditions.map(({ needs }) => needs)).toEqual([
      `a function and ${HOSTS.instance} are in the same VPC`,
      expect.stringMatching(/^an egress rule of the security group "functions" allows TCP 3306/),
      expect.stringMatching(/^an ingress rule of the security group "database" allows TCP 3306/),
    ]);
    expect(reasonOfFirstBarrier(conditions)).toBeUndefined();
  });

  it('is unreachable from another VPC', () => {
    const conditions = toEndpoint({ ...FUNCTION, subnet: 'subnet-far' }, HOSTS.instance, (resources) => {
      resources['aws_subnet']?.push({ ...resources['aws_subnet'][0], id: 'subnet-far', vpc_id: 'vpc-2' });
    });
    expect(conditions[0]?.barrier).toEqual({
      reason: `a function is in vpc-2, ${HOSTS.instance} in vpc-1`,
      fix: 'Put a function into a subnet of vpc-1.',
    });
  });
});

describe('a database endpoint, called from the internet', () => {
  it('is reachable if it is public and has a public name, a route and an ingress rule', () => {
    const conditions = toEndpoint(CALLER, HOSTS.instance);
    expect(conditions.map(({ needs }) => needs)).toEqual([
      `${HOSTS.instance} is publicly accessible`,
      expect.stringMatching(/^the VPC has DNS support and DNS hostnames/),
      `the subnet of ${HOSTS.instance} has a route to an internet gateway`,
      expect.stringMatching(/^an ingress rule of the security group "database" allows TCP 3306 from a caller/),
    ]);
    expect(reasonOfFirstBarrier(conditions)).toBeUndefined();
  });

  it.each([
    ['is not public', set('aws_db_instance', { publicly_accessible: false }), 'is not publicly accessible'],
    [
      'is in a subnet without a route to the internet',
      without('aws_route', ({ route_table_id }) => route_table_id === 'rtb-database'),
      'is in subnet-database, a subnet without a route to an internet gateway',
    ],
    [
      'has a VPC without DNS hostnames',
      set('aws_vpc', { enable_dns_hostnames: false }),
      'has no public name: DNS support and DNS hostnames of its VPC must be on',
    ],
  ])('is unreachable if it %s', (_flaw, change, reason) => {
    expect(reasonOfFirstBarrier(toEndpoint(CALLER, HOSTS.instance, change))).toBe(`${HOSTS.instance} ${reason}`);
  });

  it('is unreachable if it is a proxy', () => {
    expect(toEndpoint(CALLER, HOSTS.iamProxy)[0]?.barrier).toEqual({
      reason: `${HOSTS.iamProxy} is a proxy, and proxies are never public`,
      fix: 'Connect to the instance instead, or connect to the proxy from inside the VPC.',
    });
  });
});

describe('Secrets Manager', () => {
  const barrier = (change?: Change, from: typeof CALLER | VpcPeer = FUNCTION) =>
    reasonOfFirstBarrier(new Reachability(deployed(change)).toSecretsManager(from));
  const removeEndpoint = without('aws_vpc_endpoint', () => true);

  it('is reachable from a private subnet through an interface endpoint', () => {
    expect(barrier()).toBeUndefined();
  });

  it.each([
    ['an interface endpoint', removeEndpoint, /^a function has neither an interface endpoint of Secrets Manager/],
    ['private DNS of the endpoint', set('aws_vpc_endpoint', { private_dns_enabled: false }), /^a function has neither/],
    [
      'an egress rule',
      without('aws_vpc_security_group_egress_rule', ({ to_port }) => to_port === 443),
      /^no egress rule of the security group "functions" allows TCP 443 to the endpoint of Secrets Manager \(10\.20\.1\.4, security group "endpoint"\)$/,
    ],
    [
      'an ingress rule',
      without('aws_vpc_security_group_ingress_rule', ({ to_port }) => to_port === 443),
      /^no ingress rule of the security group "endpoint" allows TCP 443 from a function/,
    ],
  ])('is unreachable from a private subnet without %s', (_missing, change, reason) => {
    expect(barrier(change)).toMatch(reason);
  });

  it('is reachable from a private subnet through a NAT gateway instead of an endpoint', () => {
    const nat = { route_table_id: 'rtb-private', destination_cidr_block: '0.0.0.0/0', nat_gateway_id: 'nat-1' };
    const conditions = new Reachability(
      deployed((resources) => {
        removeEndpoint(resources);
        resources['aws_route']?.push({ ...nat, gateway_id: '' });
        set('aws_vpc_security_group_egress_rule', { referenced_security_group_id: null, cidr_ipv4: '0.0.0.0/0' })(
          resources,
        );
      }),
    ).toSecretsManager(FUNCTION);
    expect(conditions[0]).toMatchObject({ found: '0.0.0.0/0 via nat-1' });
    expect(reasonOfFirstBarrier(conditions)).toBeUndefined();
  });

  it('is reachable over the internet from a host with a public address, if an egress rule allows it', () => {
    const host = ec2InstanceOf(deployed());
    expect(barrier(removeEndpoint, host)).toBeUndefined();
    const removeRule = without('aws_vpc_security_group_egress_rule', ({ cidr_ipv4 }) => cidr_ipv4 !== null);
    const change: Change = (resources) => [removeEndpoint, removeRule].forEach((remove) => remove(resources));
    expect(barrier(change, host)).toMatch(/^no egress rule of the security group "client" allows TCP 443/);
  });

  it('is reachable from outside the VPC without conditions', () => {
    expect(new Reachability(deployed()).toSecretsManager(CALLER)).toEqual([]);
  });
});
