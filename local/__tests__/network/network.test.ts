import { Network } from '../../network/network';
import { deployed, HOSTS, set, VPC_CONFIG, without, type Resources } from '../support/applied';

const ALLOWED = '127.0.0.1';
const STRANGER = '127.0.0.9';

/** Makes a network with a function in its VPC. */
function inVpc(change?: (resources: Resources) => void) {
  const network = new Network();
  network.update(deployed(change));
  return { network, caller: network.attach(VPC_CONFIG).address };
}

describe('addresses', () => {
  it('are 127.0.1.x for endpoints, the instance first, and stay the same', () => {
    const network = new Network();
    network.update(deployed(without('aws_db_proxy', () => true)));
    expect(network.hosts).toEqual({ [HOSTS.instance]: '127.0.1.1' });
    network.update(deployed());
    const all = {
      [HOSTS.instance]: '127.0.1.1',
      [HOSTS.passwordProxy]: '127.0.1.2',
      [HOSTS.iamProxy]: '127.0.1.3',
    };
    expect(network.hosts).toEqual(all);
    network.update(deployed());
    expect(network.hosts).toEqual(all);
  });

  it('stay with the remaining endpoints after an update', () => {
    const { network } = inVpc();
    network.update(deployed(without('aws_db_proxy', ({ name }) => name === 'password')));
    expect(network.hosts).toEqual({ [HOSTS.instance]: '127.0.1.1', [HOSTS.iamProxy]: '127.0.1.3' });
  });

  it('stay reserved while an endpoint is replaced, also for containers that start meanwhile', () => {
    const { network } = inVpc();
    network.update(deployed(without('aws_db_proxy', () => true)));
    const { hosts } = network.attach(VPC_CONFIG);
    expect(hosts).toMatchObject({ [HOSTS.passwordProxy]: '127.0.1.2', [HOSTS.iamProxy]: '127.0.1.3' });
    network.update(deployed(without('aws_db_proxy', ({ name }) => name === 'password')));
    expect(network.hosts).toMatchObject({ [HOSTS.iamProxy]: '127.0.1.3' });
  });

  it('also resolve CNAMEs that point to an endpoint', () => {
    const records = [
      { fqdn: 'db.example.com', type: 'CNAME', records: [HOSTS.instance] },
      { fqdn: 'www.example.com', type: 'CNAME', records: ['elsewhere.example.com'] },
      { fqdn: 'api.example.com', type: 'A', records: ['192.0.2.1'] },
    ];
    const { network } = inVpc((resources) => void (resources['aws_route53_record'] = records));
    expect(network.hosts).toMatchObject({ 'db.example.com': '127.0.1.1' });
    expect(Object.keys(network.hosts)).toHaveLength(4);
  });

  it('are 127.0.2.x for containers, and are reused after one ends', () => {
    const { network, caller } = inVpc();
    expect([caller, network.attach(VPC_CONFIG).address, network.attach().address]).toEqual([
      '127.0.2.1',
      '127.0.2.2',
      '127.0.2.3',
    ]);
    network.detach('127.0.2.2');
    expect(network.attach(VPC_CONFIG)).toEqual({ address: '127.0.2.2', hosts: network.hosts });
  });

  it('differ in their second number between deployments side by side', () => {
    const network = new Network(7);
    network.update(deployed());
    expect(Object.values(network.hosts)).toEqual(['127.7.1.1', '127.7.1.2', '127.7.1.3']);
    expect([network.attach().address, network.ec2Instance]).toEqual(['127.7.2.1', '127.7.3.1']);
  });

  it('that others see are distinct in their subnets, without AWS’s reserved ones', () => {
    const { network, caller } = inVpc();
    const [first, second] = [caller, network.attach(VPC_CONFIG).address].map((at) => network.addressOf(at));
    expect(network.addressOf('127.0.1.1')).toBe('10.20.2.4');
    expect([network.addressOf('127.0.1.2'), network.addressOf('127.0.1.3'), first, second]).toEqual([
      '10.20.1.4',
      '10.20.1.5',
      '10.20.1.6',
      '10.20.1.7',
    ]);
    expect(network.addressOf(network.ec2Instance)).toBe('10.20.0.4');
  });

  it('that others see stay distinct when an endpoint is added before the others', () => {
    const network = new Network();
    network.update(deployed(without('aws_db_proxy', ({ name }) => name === 'password')));
    network.update(deployed());
    expect(['127.0.1.2', '127.0.1.3'].map((at) => network.addressOf(at))).toEqual(['10.20.1.4', '10.20.1.5']);
  });

  it('that others see change with the subnet of an endpoint', () => {
    const { network } = inVpc();
    network.update(deployed(set('aws_db_proxy', { vpc_subnet_ids: ['subnet-public'] })));
    expect(network.addressOf('127.0.1.2')).toBe('10.20.0.5');
  });

  it('of functions outside the VPC and of callers outside the IP sets are public, distinct and in no IP set', () => {
    const { network } = inVpc();
    const addresses = ['127.0.2.2', '127.0.0.2'].map((loopback) => network.addressOf(loopback));
    expect(network.addressOf(network.attach().address)).toBe(addresses[0]);
    expect(new Set(addresses).size).toBe(2);
    expect(addresses.filter((address) => address.startsWith('203.0.113.'))).toEqual([]);
    expect(network.addressOf(ALLOWED)).toBe('203.0.113.1');
  });
});

describe('a function in the VPC', () => {
  it.each(Object.values(HOSTS))('reaches %s', (host) => {
    const { network, caller } = inVpc();
    expect(network.judge(caller, host)).toBeUndefined();
  });

  it('reaches no endpoint of another VPC', () => {
    const { network } = inVpc((resources) => {
      resources['aws_subnet']?.push({ ...resources['aws_subnet'][0], id: 'subnet-far', vpc_id: 'vpc-2' });
    });
    const { address } = network.attach({ ...VPC_CONFIG, subnet_ids: ['subnet-far'] });
    expect(network.judge(address, HOSTS.instance)).toBe(`a function is in vpc-2, ${HOSTS.instance} in vpc-1`);
  });
});

describe('a proxy', () => {
  it('reaches its instance by the rules of its own group', () => {
    expect(inVpc().network.judge('127.0.1.3', HOSTS.instance)).toBeUndefined();
    const egress = ({ security_group_id }: Record<string, unknown>) => security_group_id === 'sg-proxies';
    const { network } = inVpc(without('aws_vpc_security_group_egress_rule', egress));
    expect(network.judge('127.0.1.3', HOSTS.instance)).toMatch(/^no egress rule of proxies allows TCP 3306/);
  });
});

describe.each([
  ['a caller outside the IP sets', STRANGER],
  ['a caller in an IP set', ALLOWED],
])('%s', (_who, from) => {
  it('reaches a public instance but no proxy', () => {
    const { network } = inVpc();
    expect(network.judge(from, HOSTS.instance)).toBeUndefined();
    expect(network.judge(from, HOSTS.iamProxy)).toBe(`${HOSTS.iamProxy} is a proxy, and proxies are never public`);
  });

  it('does not reach a public instance without an ingress rule for its address', () => {
    const { network } = inVpc(without('aws_vpc_security_group_ingress_rule', ({ cidr_ipv4 }) => cidr_ipv4 !== null));
    expect(network.judge(from, HOSTS.instance)).toBe(
      `no ingress rule of database allows TCP 3306 from a caller on the internet (${network.addressOf(from)})`,
    );
  });
});

describe('the EC2 instance', () => {
  it('reaches the instance but no proxy, by the rules of its group', () => {
    const { network } = inVpc();
    expect(network.judge(network.ec2Instance, HOSTS.instance)).toBeUndefined();
    expect(network.judge(network.ec2Instance, HOSTS.iamProxy)).toMatch(/^no egress rule of client allows TCP 3306/);
  });

  it('is a caller on the internet if it is not applied', () => {
    const { network } = inVpc(without('aws_instance', () => true));
    expect(network.judge(network.ec2Instance, HOSTS.iamProxy)).toMatch(/proxies are never public$/);
  });
});

describe('Secrets Manager', () => {
  it('is reachable from a function in the VPC through the interface endpoint', () => {
    const { network, caller } = inVpc();
    expect(network.judgeSecretsManager(caller)).toBeUndefined();
  });

  it('is reachable from outside the VPC without conditions', () => {
    const { network } = inVpc();
    expect(network.judgeSecretsManager(network.attach().address)).toBeUndefined();
  });

  it('is reachable over the internet if a public caller has a route and a rule', () => {
    const noEndpoint = without('aws_vpc_endpoint', () => true);
    const open = inVpc(noEndpoint).network;
    expect(open.judgeSecretsManager(open.ec2Instance)).toBeUndefined();
    const { network } = inVpc((resources) => {
      noEndpoint(resources);
      without('aws_vpc_security_group_egress_rule', ({ cidr_ipv4 }) => cidr_ipv4 !== null)(resources);
    });
    expect(network.judgeSecretsManager(network.ec2Instance)).toMatch(/^no egress rule of client allows TCP 443/);
  });
});
