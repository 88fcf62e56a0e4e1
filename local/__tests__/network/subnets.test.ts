import { Subnets } from '../../network/subnets';
import { deployed, set, without } from '../support/applied';

const subnets = (change?: Parameters<typeof deployed>[0]) => new Subnets(deployed(change));

describe('the free address of a subnet', () => {
  it('is the first one that AWS does not reserve and no other interface has', () => {
    expect(subnets().freeAddress('subnet-private', new Set())).toBe('10.20.1.4');
    expect(subnets().freeAddress('subnet-private', new Set(['10.20.1.4', '10.20.1.5']))).toBe('10.20.1.6');
  });

  it('is an error if the subnet is full', () => {
    const small = subnets(set('aws_subnet', { cidr_block: '10.20.1.0/28' }));
    // AWS reserves .0 to .3, and .15.
    const taken = new Set(Array.from({ length: 11 }, (_, index) => `10.20.1.${index + 4}`));
    expect(() => small.freeAddress('subnet-private', taken)).toThrow(
      'The subnet subnet-private (10.20.1.0/28) has no address left. Give it a larger block.',
    );
  });

  it('is an error if the subnet is not applied', () => {
    expect(() => subnets().freeAddress('subnet-other', new Set())).toThrow(
      'The subnet subnet-other is used but not applied. Apply it, or use another.',
    );
  });
});

describe('the default route of a subnet', () => {
  it('leads to the internet gateway if the subnet’s own route table has a route to it', () => {
    expect(subnets().internetRoute('subnet-public')).toMatchObject({ route_table_id: 'rtb-public' });
    expect(subnets().internetRoute('subnet-private')).toBeUndefined();
  });

  it('is that of the main route table if no route table is associated with the subnet', () => {
    const main = subnets((resources) => {
      resources['aws_route_table_association'] = [];
      set('aws_route', { route_table_id: 'rtb-main' })(resources);
    });
    expect(main.internetRoute('subnet-private')).toMatchObject({ route_table_id: 'rtb-main' });
  });

  it('does not lead to the internet if its gateway is not applied', () => {
    expect(subnets(without('aws_internet_gateway', () => true)).internetRoute('subnet-public')).toBeUndefined();
  });

  it('may lead to a NAT gateway instead', () => {
    const nat = subnets(set('aws_route', { gateway_id: '', nat_gateway_id: 'nat-1' }));
    expect(nat.natRoute('subnet-public')).toMatchObject({ nat_gateway_id: 'nat-1' });
    expect(nat.internetRoute('subnet-public')).toBeUndefined();
    expect(subnets().natRoute('subnet-public')).toBeUndefined();
  });
});
