import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { OfficeAddresses } from '../../../modules/edge/office-addresses';
import { synthesiseAlone } from '../../support/synthesised-stack';

const stack = synthesiseAlone((scope) => {
  const global = new AwsProvider(scope, 'aws-global', { alias: 'global', region: 'us-east-1' });
  const allowlist = { ipv4: ['203.0.113.0/24'], ipv6: ['2001:db8:1::/48'] };
  new OfficeAddresses(scope, 'offices', { name: 'login-matrix-test', allowlist, global });
});

describe('the addresses of the offices', () => {
  it('are Terraform variables that the IP sets read, with the settings as defaults', () => {
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
