import { Applied } from '../applied';
import { appliedOf } from './support/http-state';

const [VPC, OTHER_VPC, SUBNET] = [{ id: 'vpc-1' }, { id: 'vpc-2' }, { id: 'subnet-1' }];
const applied = appliedOf({ aws_vpc: [VPC, OTHER_VPC], aws_subnet: [SUBNET] });

describe('the applied resources', () => {
  it('are found by their type, in the order of the state; the types are listed in alphabetical order', () => {
    expect(applied.all('aws_vpc')).toEqual([VPC, OTHER_VPC]);
    expect(applied.all('aws_db_proxy')).toEqual([]);
    expect(applied.types).toEqual(['aws_subnet', 'aws_vpc']);
  });

  it('are found by a condition; if several match, the first is returned', () => {
    expect(applied.find('aws_vpc', ({ id }: typeof VPC) => id === 'vpc-2')).toBe(OTHER_VPC);
    expect(applied.find('aws_vpc', () => true)).toBe(VPC);
    expect(applied.find('aws_vpc', ({ id }: typeof VPC) => id === 'vpc-3')).toBeUndefined();
  });

  it('have an address in Terraform’s state; a copy of a resource has none', () => {
    expect(applied.addressOf(OTHER_VPC)).toBe('aws_vpc.r1');
    expect(applied.addressOf(SUBNET)).toBe('aws_subnet.r0');
    expect(applied.addressOf({ id: 'vpc-1' })).toBe('');
  });

  it('do not exist before the first apply', () => {
    const none = new Applied({});
    expect([none.all('aws_vpc'), none.types, none.find('aws_vpc', () => true)]).toEqual([[], [], undefined]);
  });
});
