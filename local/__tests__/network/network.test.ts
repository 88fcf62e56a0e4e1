import { Network } from '../../network/network';
import { deployed, HOSTS, set, VPC_CONFIG, without, type Resources } from '../support/applied';

/** Loopback address of a caller that the applied IP set allows. */
const ALLOWED = '127.0.0.1';
/** Loopback address of a caller that no IP set allows. */
const STRANGER = '127.0.0.9';

/** Loopback addresses of the endpoints. */
const LOOPBACKS = {
  [HOSTS.instance]: '127.0.1.1',
  [HOSTS.passwordProxy]: '127.0.1.2',
  [HOSTS.iamProxy]: '127.0.1.3',
};

const withoutProxies = without('aws_db_proxy', () => true);
const withoutPasswordProxy = without('aws_db_proxy', ({ name }) => name === 'password');

/** Makes a network with a function in its VPC. `caller` is the loopback address of the function. */
function networkWithFunction(change?: (resources: Resources) => void) {
  const network = new Network();
  network.update(deployed(change));
  return { network, caller: network.attach(VPC_CONFIG).address };
}

describe('loopback addresses', () => {
  it('are 127.0.1.x for endpoints, the instance first, and stay the same after updates', () => {
    const network = new Network();
    network.update(deployed(withoutProxies));
    expect(network.hosts).toEqual({ [HOSTS.instance]: '127.0.1.1' });
    network.update(deployed());
    expect(network.hosts).toEqual(LOOPBACKS);
    network.update(deployed());
    expect(network.hosts).toEqual(LOOPBACKS);
  });

  it('stay with the remaining endpoints after an update', () => {
    const { network } = networkWithFunction();
    network.update(deployed(withoutPasswordProxy));
    expect(network.hosts).toEqual({ [HOSTS.instance]: '127.0.1.1', [HOSTS.iamProxy]: '127.0.1.3' });
  });

  it('stay reserved while an endpoint is replaced, and containers that start meanwhile can resolve its host', () => {
    const { network } = networkWithFunction();
    network.update(deployed(withoutProxies));
    const { hosts } = network.attach(VPC_CONFIG);
    expect(hosts).toMatchObject({ [HOSTS.passwordProxy]: '127.0.1.2', [HOSTS.iamProxy]: '127.0.1.3' });
    network.update(deployed(withoutPasswordProxy));
    expect(network.hosts).toMatchObject({ [HOSTS.iamProxy]: '127.0.1.3' });
  });

  it('are the same for an endpoint and a CNAME that points to it', () => {
    const records = [
      { fqdn: 'db.example.com', type: 'CNAME', records: [HOSTS.instance] },
      { fqdn: 'www.example.com', type: 'CNAME', records: ['elsewhere.example.com'] },
      { fqdn: 'api.example.com', type: 'A', records: ['192.0.2.1'] },
    ];
    const { network } = networkWithFunction((resources) => void (resources['aws_route53_record'] = records));
    expect(network.hosts).toEqual({ ...LOOPBACKS, 'db.example.com': '127.0.1.1' });
  });

  it('are 127.0.2.x for containers, and are reused after a container ends', () => {
    const { network, caller } = networkWithFunction();
    expect([caller, network.attach(VPC_CONFIG).address, network.attach().address]).toEqual([
      '127.0.2.1',
      '127.0.2.2',
      '127.0.2.3',
    ]);
    network.detach('127.0.2.2');
    expect(network.attach(VPC_CONFIG)).toEqual({ address: '127.0.2.2', hosts: network.hosts });
  });

  it('run out after 254 containers, and the error says what to do', () => {
    const network = new Network();
    for (let count = 0; count < 254; count += 1) network.attach();
    expect(() => network.attach()).toThrow(
      'All 254 addresses for containers, 127.0.2.1 to 127.0.2.254, are in use. Send fewer requests at a time.',
    );
  });

  it('differ in their second octet between deployments side by side', () => {
    const network = new Network(7);
    network.update(deployed());
    expect(Object.values(network.hosts)).toEqual(['127.7.1.1', '127.7.1.2', '127.7.1.3']);
    expect([network.attach().address, network.ec2Instance]).toEqual(['127.7.2.1', '127.7.3.1']);
  });
});

describe('the IP addresses that loopback addresses stand for', () => {
  it('are distinct in their subnets, and none is reserved by AWS', () => {
    const { network, caller } = networkWithFunction();
    const { address: second } = network.attach(VPC_CONFIG);
    expect(network.addressOf('127.0.1.1')).toBe('10.20.2.4');
    const inPrivateSubnet = ['127.0.1.2', '127.0.1.3', caller, second];
    expect(inPrivateSubnet.map((loopback) => network.addressOf(loopback))).toEqual([
      '10.20.1.4',
      '10.20.1.5',
      '10.20.1.6',
      '10.20.1.7',
    ]);
    expect(network.addressOf(network.ec2Instance)).toBe('10.20.0.4');
  });

  it('stay distinct when an update adds an endpoint ahead of an existing one', () => {
    const network = new Network();
    network.update(deployed(withoutPasswordProxy));
    network.update(deployed());
    const addresses = ['127.0.1.2', '127.0.1.3'].map((loopback) => network.addressOf(loopback));
    expect(addresses).toEqual(['10.20.1.4', '10.20.1.5']);
  });

  it('change when an endpoint moves to another subnet', () => {
    const { network } = networkWithFunction();
    network.update(deployed(set('aws_db_proxy', { vpc_subnet_ids: ['subnet-public'] })));
    expect(network.addressOf('127.0.1.2')).toBe('10.20.0.5');
  });

  it('differ between a function outside the VPC and a stranger; both are public and in no IP set', () => {
    const { network } = networkWithFunction();
    const addresses = [network.attach().address, STRANGER].map((loopback) => network.addressOf(loopback));
    expect(new Set(addresses).size).toBe(2);
    expect(addresses.filter((address) => /^(203\.0\.113|10)\./.test(address))).toEqual([]);
  });

  it('lie in the applied IP set for an allowed caller', () => {
    expect(networkWithFunction().network.addressOf(ALLOWED)).toBe('203.0.113.1');
  });
});

describe('a function in the VPC', () => {
  it.each(Object.values(HOSTS))('reaches %s', (host) => {
    const { network, caller } = networkWithFunction();
    expect(network.judge(caller, host)).toBeUndefined();
  });
});

describe('a proxy', () => {
  it('reaches its instance only with an egress rule of its own security group', () => {
    const proxy = LOOPBACKS[HOSTS.iamProxy];
    expect(networkWithFunction().network.judge(proxy, HOSTS.instance)).toBeUndefined();
    const isOfProxies = ({ security_group_id }: Record<string, unknown>) => security_group_id === 'sg-proxies';
    const { network } = networkWithFunction(without('aws_vpc_security_group_egress_rule', isOfProxies));
    expect(network.judge(proxy, HOSTS.instance)).toMatch(
      /^no egress rule of the security group "proxies" allows TCP 3306/,
    );
  });
});

describe.each([
  ['a caller outside the IP sets', STRANGER],
  ['a caller in an IP set', ALLOWED],
])('%s', (_who, from) => {
  it('reaches a public instance but no proxy', () => {
    const { network } = networkWithFunction();
    expect(network.judge(from, HOSTS.instance)).toBeUndefined();
    expect(network.judge(from, HOSTS.iamProxy)).toBe(`${HOSTS.iamProxy} is a proxy, and proxies are never public`);
  });

  it('does not reach a public instance if no ingress rule allows the caller’s address', () => {
    const { network } = networkWithFunction(
      without('aws_vpc_security_group_ingress_rule', ({ cidr_ipv4 }) => cidr_ipv4 !== null),
    );
    expect(network.judge(from, HOSTS.instance)).toBe(
      `no ingress rule of the security group "database" allows TCP 3306 from a caller on the internet (${network.addressOf(from)})`,
    );
  });
});

describe('the EC2 instance', () => {
  it('reaches the database instance but no proxy, by the rules of its security group', () => {
    const { network } = networkWithFunction();
    expect(network.judge(network.ec2Instance, HOSTS.instance)).toBeUndefined();
    expect(network.judge(network.ec2Instance, HOSTS.iamProxy)).toMatch(
      /^no egress rule of the security group "client" allows TCP 3306/,
    );
  });

  it('counts as a caller on the internet if the deployment does not contain it', () => {
    const { network } = networkWithFunction(without('aws_instance', () => true));
    expect(network.judge(network.ec2Instance, HOSTS.iamProxy)).toMatch(/proxies are never public$/);
  });
});

describe('Secrets Manager', () => {
  it('is reachable from a function in the VPC and from one outside it', () => {
    const { network, caller } = networkWithFunction();
    expect(network.judgeSecretsManager(caller)).toBeUndefined();
    expect(network.judgeSecretsManager(network.attach().address)).toBeUndefined();
  });
});
