import { ec2InstanceOf, endpointsOf } from '../../network/peers';
import { deployed, HOSTS, set, without } from '../support/applied';

describe('the applied endpoints', () => {
  it('are the DB instances, then the proxies, each named by its host name', () => {
    expect(endpointsOf(deployed())).toEqual([
      {
        kind: 'instance',
        name: HOSTS.instance,
        port: 3306,
        subnet: 'subnet-database',
        securityGroups: ['sg-database'],
        isPublic: true,
      },
      ...[HOSTS.passwordProxy, HOSTS.iamProxy].map((name) => ({
        kind: 'proxy',
        name,
        port: 3306,
        subnet: 'subnet-private',
        securityGroups: ['sg-proxies'],
        isPublic: false,
      })),
    ]);
  });

  it('have the configured port if they are DB instances, and port 3306 if they are proxies', () => {
    const endpoints = endpointsOf(deployed(set('aws_db_instance', { port: 3307 })));
    expect(endpoints.map(({ kind, port }) => [kind, port])).toEqual([
      ['instance', 3307],
      ['proxy', 3306],
      ['proxy', 3306],
    ]);
  });

  it('are missing until they have a host name', () => {
    const applied = deployed((resources) => {
      set('aws_db_instance', { address: null })(resources);
      set('aws_db_proxy', { endpoint: '' })(resources);
    });
    expect(endpointsOf(applied)).toEqual([]);
  });
});

describe('the subnet of a DB instance', () => {
  const subnetIn = (availability_zone: string): string | undefined => {
    const [instance] = endpointsOf(
      deployed((resources) => {
        const [first] = resources['aws_subnet'] ?? [];
        resources['aws_subnet']?.push({ ...first, id: 'subnet-b', availability_zone: 'eu-central-1b' });
        set('aws_db_subnet_group', { subnet_ids: ['subnet-database', 'subnet-b'] })(resources);
        set('aws_db_instance', { availability_zone })(resources);
      }),
    );
    return instance?.subnet;
  };

  it('is in the DB subnet group and in the availability zone of the instance', () => {
    expect([subnetIn('eu-central-1a'), subnetIn('eu-central-1b')]).toEqual(['subnet-database', 'subnet-b']);
  });

  it('is the first subnet of the DB subnet group if none is in that availability zone', () => {
    expect(subnetIn('eu-central-1c')).toBe('subnet-database');
  });
});

describe('the EC2 instance', () => {
  it('has a private address, a subnet and security groups, and is public if it has a public address', () => {
    expect(ec2InstanceOf(deployed())).toEqual({
      name: 'the EC2 instance',
      address: '10.20.0.4',
      subnet: 'subnet-public',
      securityGroups: ['sg-client'],
      isPublic: true,
    });
    expect(ec2InstanceOf(deployed(set('aws_instance', { associate_public_ip_address: false })))).toMatchObject({
      isPublic: false,
    });
  });

  it('is undefined if none is applied', () => {
    expect(ec2InstanceOf(deployed(without('aws_instance', () => true)))).toBeUndefined();
  });
});
