import { allFeatures, noFeatures, synthesise } from '../../support/stack';

const stack = synthesise(allFeatures);

describe('the network', () => {
  it('has DNS support and DNS hostnames, which a public instance and interface endpoints need', () => {
    expect(stack.one('aws_vpc')).toMatchObject({ enable_dns_support: true, enable_dns_hostnames: true });
  });

  it('has a public, a private and a database subnet in each zone', () => {
    const subnets = Object.values(stack.all('aws_subnet')).map(({ cidr_block, availability_zone_id, tags }) => [
      (tags as { Name: string }).Name.replace('login-matrix-test-', ''),
      availability_zone_id,
      cidr_block,
    ]);
    expect(subnets).toEqual([
      ['database-euc1-az1', 'euc1-az1', '10.20.128.0/20'],
      ['database-euc1-az2', 'euc1-az2', '10.20.144.0/20'],
      ['private-euc1-az1', 'euc1-az1', '10.20.64.0/20'],
      ['private-euc1-az2', 'euc1-az2', '10.20.80.0/20'],
      ['public-euc1-az1', 'euc1-az1', '10.20.0.0/20'],
      ['public-euc1-az2', 'euc1-az2', '10.20.16.0/20'],
    ]);
  });

  it('routes the database subnets to the internet only with public access; subnets and route tables stay the same', () => {
    const publicDatabase = {
      ...noFeatures,
      database: { ...noFeatures.database, publicAccess: allFeatures.database?.publicAccess },
    };
    const [closedStack, openStack] = [synthesise(noFeatures), synthesise(publicDatabase)];
    const closedRoutes = Object.keys(closedStack.all('aws_route'));
    const openRoutes = Object.keys(openStack.all('aws_route'));
    expect(openRoutes.filter((route) => !closedRoutes.includes(route))).toEqual([
      expect.stringContaining('database-routes-internet'),
    ]);
    for (const type of ['aws_subnet', 'aws_route_table', 'aws_route_table_association', 'aws_db_subnet_group']) {
      expect(openStack.all(type)).toEqual(closedStack.all(type));
    }
    // The route has an effect only for an instance with a public address.
    expect(openStack.one('aws_db_instance').publicly_accessible).toBe(true);
    expect(closedStack.one('aws_db_instance').publicly_accessible).toBe(false);
  });

  it('gives the private subnets no route out of the VPC', () => {
    expect(Object.keys(stack.all('aws_route')).some((name) => name.includes('private'))).toBe(false);
  });

  it('removes all rules of the default security group', () => {
    const group = stack.one('aws_default_security_group');
    expect(group).not.toHaveProperty('ingress');
    expect(group).not.toHaveProperty('egress');
  });
});
