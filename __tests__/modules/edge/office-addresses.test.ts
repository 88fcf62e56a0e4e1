import { everything, synthesise } from '../../support/stack';

const stack = synthesise(everything);

describe('the offices', () => {
  it('are variables whose defaults are the settings', () => {
    expect(stack.json['variable']).toMatchObject({
      office_ipv4_cidrs: { type: 'list(string)', default: ['203.0.113.0/24'], nullable: false },
      office_ipv6_cidrs: { type: 'list(string)', default: ['2001:db8:1::/48'], nullable: false },
    });
    expect(stack.one('aws_wafv2_ip_set', 'ipv4')).toMatchObject({
      ip_address_version: 'IPV4',
      addresses: '${var.office_ipv4_cidrs}',
    });
    expect(stack.one('aws_wafv2_ip_set', 'ipv6')).toMatchObject({
      ip_address_version: 'IPV6',
      addresses: '${var.office_ipv6_cidrs}',
    });
  });
});
