import { SecurityGroups } from '../../../modules/network/security-groups';
import { synthesiseAlone } from '../../support/synthesised-stack';

const stack = synthesiseAlone((scope) => {
  new SecurityGroups(scope, 'security-groups', {
    name: 'login-matrix-test',
    vpcId: 'vpc-1',
    roles: ['database', 'bootstrap', 'rotation', 'endpoint', 'functions', 'password-proxy', 'iam-proxy', 'client'],
    publicCidrs: ['0.0.0.0/0'],
  });
});

describe('the security groups', () => {
  /** Returns `from -> to:port` for each rule of a type. */
  function connectionsOf(type: string): string[] {
    return Object.values(stack.all(type)).map((rule) => {
      const nameOf = (id: unknown): string => /security-groups_(.*)_[0-9A-F]{8}/.exec(String(id))?.[1] ?? String(id);
      const [own, peer] = [rule.security_group_id, rule.referenced_security_group_id ?? rule.cidr_ipv4].map(nameOf);
      expect(rule).toMatchObject({ ip_protocol: 'tcp', to_port: rule.from_port as number });
      return type.includes('egress') ? `${own} -> ${peer}:${rule.from_port}` : `${peer} -> ${own}:${rule.from_port}`;
    });
  }

  const withinVpc = [
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

  it('have inbound rules for exactly the allowed connections', () => {
    expect(connectionsOf('aws_vpc_security_group_ingress_rule').sort()).toEqual([
      '0.0.0.0/0 -> database:3306',
      ...withinVpc,
    ]);
  });

  it('have outbound rules for exactly the allowed connections', () => {
    expect(connectionsOf('aws_vpc_security_group_egress_rule').sort()).toEqual(
      [...withinVpc, 'client -> 0.0.0.0/0:443'].sort(),
    );
  });

  it('have no inline rules, because these would conflict with separate rule resources', () => {
    for (const group of Object.values(stack.all('aws_security_group'))) {
      expect(group).not.toHaveProperty('ingress');
      expect(group).not.toHaveProperty('egress');
    }
  });
});
