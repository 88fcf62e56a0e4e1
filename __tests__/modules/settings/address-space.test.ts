import { isForHosts, isPrivate, hasPublicAddresses } from '../../../modules/settings/address-space';
import { block } from '../../../modules/settings/cidr';

describe('the classification of a block:', () => {
  it.each([
    ['8.8.8.0/24', true],
    ['0.0.0.0/0', true],
    // One public address in the block is enough.
    ['172.0.0.0/8', true],
    ['10.0.0.0/8', false],
    ['127.0.0.1/32', false],
    ['169.254.0.0/16', false],
    ['172.16.0.0/12', false],
    ['100.64.0.0/10', false],
    ['100.128.0.0/10', true],
    ['255.255.255.255/32', false],
    // Reserved for documentation, but counted as public, so that the files in environments/ can use the block.
    ['203.0.113.0/24', true],
    ['2000::/3', true],
    ['2001:2::/48', false],
    ['4000::/3', false],
    ['fe80::/10', false],
    ['::1/128', false],
    ['fd00::/8', false],
    ['ff00::/8', false],
  ])('%s contains public addresses: %s', (cidr, expected) => {
    expect(hasPublicAddresses(block(cidr))).toBe(expected);
  });

  it.each([
    ['10.0.0.0/8', true],
    ['172.31.255.0/24', true],
    ['172.32.0.0/16', false],
    ['192.168.0.0/16', true],
    ['100.64.0.0/16', true],
    // Contains both private and public addresses.
    ['192.0.0.0/8', false],
  ])('%s is private: %s', (cidr, expected) => {
    expect(isPrivate(block(cidr))).toBe(expected);
  });

  it.each([
    ['10.20.0.0/16', true],
    ['8.8.0.0/16', true],
    ['127.0.0.0/16', false],
    ['169.254.0.0/16', false],
    ['224.0.0.0/16', false],
    ['240.0.0.0/16', false],
    ['0.0.0.0/16', false],
  ])('hosts can have addresses of %s: %s', (cidr, expected) => {
    expect(isForHosts(block(cidr))).toBe(expected);
  });
});
