import { edgesBetween } from '../../../modules/network/edges';
import { everything, guarded, nothing, synthesise } from '../../support/stack';

const stack = synthesise(everything);

describe('the network', () => {
  it('has DNS, which public instances and endpoints need', () => {
    expect(stack.one('aws_vpc')).toMatchObject({ enable_dns_support: true, enable_dns_hostnames: true });
  });

  it('spreads three tiers over the zones', () => {
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

  it('routes the database subnets to the internet only with public access, which changes nothing else', () => {
    const publicly = { ...nothing, database: { ...nothing.database, publicAccess: everything.database?.publicAccess } };
    const [closed, open] = [synthesise(nothing), synthesise(publicly)];
    const routes = (of: typeof closed): string[] => Object.keys(of.all('aws_route'));
    expect(routes(open).filter((route) => !routes(closed).includes(route))).toEqual([
      expect.stringContaining('database-routes-internet'),
    ]);
    for (const type of ['aws_subnet', 'aws_route_table', 'aws_route_table_association', 'aws_db_subnet_group']) {
      expect(open.all(type)).toEqual(closed.all(type));
    }
    expect(open.one('aws_db_instance').publicly_accessible).toBe(true);
    expect(closed.one('aws_db_instance').publicly_accessible).toBe(false);
  });

  it('gives the private subnets no route except to Secrets Manager', () => {
    expect(Object.keys(stack.all('aws_route')).some((name) => name.includes('private'))).toBe(false);
    const endpoint = stack.one('aws_vpc_endpoint');
    expect(endpoint).toMatchObject({
      service_name: 'com.amazonaws.eu-central-1.secretsmanager',
      vpc_endpoint_type: 'Interface',
      private_dns_enabled: true,
    });
  });

  it('has the endpoint of Secrets Manager in every zone for a Multi-AZ database, otherwise in the first', () => {
    const subnetIds = (of: typeof stack): unknown => of.one('aws_vpc_endpoint').subnet_ids;
    const privateSubnets = (of: typeof stack): string[] =>
      Object.keys(of.all('aws_subnet'))
        .filter((name) => name.includes('private'))
        .map((name) => `\${aws_subnet.${name}.id}`);
    const [kept, single] = [synthesise(guarded), stack];
    expect(subnetIds(kept)).toEqual(privateSubnets(kept));
    expect(subnetIds(single)).toEqual(privateSubnets(single).slice(0, 1));
  });

  it('allows to write rotated secrets through that endpoint, and to read the others', () => {
    const statements = (of: typeof stack): unknown[] =>
      (
        JSON.parse(of.one('aws_vpc_endpoint').policy as string) as {
          Statement: { Action: string[]; Resource: string[] }[];
        }
      ).Statement.map(({ Action, Resource }) => [
        Action.map((action) => action.replace('secretsmanager:', '')),
        Resource,
      ]);
    const rotated = ['timestamps', 'matrix'].map(
      (user) => `\${${stack.addressOf('aws_secretsmanager_secret', user)}.arn}`,
    );
    expect(statements(stack)).toEqual([
      [['GetSecretValue'], ['*']],
      [['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'], rotated],
      [['GetRandomPassword'], ['*']],
    ]);
    expect(statements(synthesise(nothing))).toEqual([[['GetSecretValue'], ['*']]]);
  });

  it('empties the default security group', () => {
    const group = stack.one('aws_default_security_group');
    expect(group).not.toHaveProperty('ingress');
    expect(group).not.toHaveProperty('egress');
  });
});

describe('the security groups', () => {
  /** Returns `from -> to:port` for each rule. */
  function opened(type: string): string[] {
    return Object.values(stack.all(type)).map((rule) => {
      const nameOf = (id: unknown): string => /security-groups_(.*)_[0-9A-F]{8}/.exec(String(id))?.[1] ?? String(id);
      const [own, peer] = [rule.security_group_id, rule.referenced_security_group_id ?? rule.cidr_ipv4].map(nameOf);
      expect(rule).toMatchObject({ ip_protocol: 'tcp', to_port: rule.from_port as number });
      return type.includes('egress') ? `${own} -> ${peer}:${rule.from_port}` : `${peer} -> ${own}:${rule.from_port}`;
    });
  }

  const inside = [
    'bootstrap -> database:3306',
    'bootstrap -> endpoint:443',
    'client -> database:3306',
    'functions -> database:3306',
    'functions -> endpoint:443',
    'functions -> iam-proxy:3306',
    'functions -> password-proxy:3306',
    'iam-proxy -> database:3306',
    'password-proxy -> database:3306',
    'rotation -> database:3306',
    'rotation -> endpoint:443',
  ];

  it('allow inbound exactly the edges of the table', () => {
    expect(opened('aws_vpc_security_group_ingress_rule').sort()).toEqual(['0.0.0.0/0 -> database:3306', ...inside]);
  });

  it('allow outbound exactly the edges of the table', () => {
    expect(opened('aws_vpc_security_group_egress_rule').sort()).toEqual([...inside, 'client -> 0.0.0.0/0:443'].sort());
  });

  it('have no inline rules, which would conflict with the separate ones', () => {
    for (const group of Object.values(stack.all('aws_security_group'))) {
      expect(group).not.toHaveProperty('ingress');
      expect(group).not.toHaveProperty('egress');
    }
  });

  it('have no rules for a role that is not deployed', () => {
    const ends = edgesBetween(['database', 'bootstrap', 'endpoint'], []).flatMap(({ from, to }) => [from, to]);
    expect(new Set(ends)).toEqual(new Set(['bootstrap', 'database', 'endpoint']));
  });
});
