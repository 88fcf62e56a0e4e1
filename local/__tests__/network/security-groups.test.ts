import { reasonOfFirstBarrier } from '../../network/connection-condition';
import { SecurityGroups } from '../../network/security-groups';
import { deployed, set, without } from '../support/applied';

const FUNCTION = { name: 'a function', address: '10.20.1.6', securityGroups: ['sg-functions'] };
const INSTANCE = { name: 'the instance', address: '10.20.2.4', securityGroups: ['sg-database'] };
const CALLER = { name: 'a caller', address: '198.51.100.7', securityGroups: [] };

const conditions = (change?: Parameters<typeof deployed>[0], from = FUNCTION) =>
  new SecurityGroups(deployed(change)).conditions(from, INSTANCE, 3306);

const ofGroup = (id: string) => (rule: { security_group_id?: string }) => rule.security_group_id === id;

describe('a connection between two peers with security groups', () => {
  it('needs an egress rule of the function’s group and an ingress rule of the instance’s group', () => {
    expect(conditions().map(({ needs, found }) => [needs, found])).toEqual([
      [
        'an egress rule of the security group "functions" allows TCP 3306 to the instance (10.20.2.4, security group "database")',
        'tcp, port 3306, sg-database',
      ],
      [
        'an ingress rule of the security group "database" allows TCP 3306 from a function (10.20.1.6, security group "functions")',
        'tcp, port 3306, sg-functions',
      ],
    ]);
    expect(reasonOfFirstBarrier(conditions())).toBeUndefined();
  });

  it('is blocked without an egress rule of the function’s group; the result names the group and the fix', () => {
    const [egress] = conditions(without('aws_vpc_security_group_egress_rule', ofGroup('sg-functions')));
    expect(egress).toMatchObject({
      resources: [{ id: 'sg-functions' }],
      barrier: {
        reason:
          'no egress rule of the security group "functions" allows TCP 3306 to the instance (10.20.2.4, security group "database")',
        fix: 'In the security group "functions", add an egress rule for TCP 3306 to the instance (10.20.2.4, security group "database").',
      },
    });
  });

  it('is blocked if no group of the function allows it; the result names every group, and the fix asks for a rule in one', () => {
    const from = { ...FUNCTION, securityGroups: ['sg-functions', 'sg-client'] };
    const [egress] = conditions(
      without('aws_vpc_security_group_egress_rule', () => true),
      from,
    );
    const allowed = 'TCP 3306 to the instance (10.20.2.4, security group "database")';
    expect(egress?.barrier).toEqual({
      reason: `no egress rule of the security groups "functions" and "client" allows ${allowed}`,
      fix: `In one of the security groups "functions" and "client", add an egress rule for ${allowed}.`,
    });
    const [, ingress] = conditions(
      without('aws_vpc_security_group_ingress_rule', () => true),
      from,
    );
    expect(ingress?.barrier?.reason).toBe(
      'no ingress rule of the security group "database" allows TCP 3306 from a function (10.20.1.6, security groups "functions" and "client")',
    );
  });

  it('is blocked without an ingress rule of the instance’s group', () => {
    expect(
      reasonOfFirstBarrier(conditions(without('aws_vpc_security_group_ingress_rule', ofGroup('sg-database')))),
    ).toBe(
      'no ingress rule of the security group "database" allows TCP 3306 from a function (10.20.1.6, security group "functions")',
    );
  });

  it.each([
    ['another port', { from_port: 3307, to_port: 3400 }],
    ['another protocol', { ip_protocol: 'udp' }],
    ['another CIDR block', { referenced_security_group_id: null, cidr_ipv4: '10.99.0.0/16' }],
  ])('is blocked if the egress rules allow only %s', (_what, change) => {
    expect(reasonOfFirstBarrier(conditions(set('aws_vpc_security_group_egress_rule', change)))).toMatch(
      /^no egress rule/,
    );
  });

  it.each([
    ['every protocol', { ip_protocol: '-1', from_port: null, to_port: null }],
    ['a range that contains the port', { from_port: 1, to_port: 65_535 }],
    ['a CIDR block that contains the instance', { referenced_security_group_id: null, cidr_ipv4: '10.20.0.0/16' }],
  ])('is allowed if an egress rule allows %s', (_what, change) => {
    expect(reasonOfFirstBarrier(conditions(set('aws_vpc_security_group_egress_rule', change)))).toBeUndefined();
  });
});

describe('a connection from the internet', () => {
  it('needs only an ingress rule for the caller’s address', () => {
    expect(conditions(undefined, CALLER).map(({ needs }) => needs)).toEqual([
      'an ingress rule of the security group "database" allows TCP 3306 from a caller (198.51.100.7)',
    ]);
    expect(reasonOfFirstBarrier(conditions(undefined, CALLER))).toBeUndefined();
  });
});
