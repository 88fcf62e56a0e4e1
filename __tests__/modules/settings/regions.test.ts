import { isInOtherPartition, REGIONS, zonePrefix, zonesOf } from '../../../modules/settings/regions';

describe('the ids of zones', () => {
  it.each([
    ['eu-central-1', 'euc1'],
    ['us-east-1', 'use1'],
    ['ap-southeast-2', 'apse2'],
    ['ap-northeast-1', 'apne1'],
    ['me-south-1', 'mes1'],
  ])('in %s begin with %s', (region, prefix) => {
    expect(zonePrefix(region)).toBe(prefix);
    expect(zonesOf(region)).toContain(`${prefix}-az1`);
    expect(zonesOf(region).filter((zone) => !zone.startsWith(`${prefix}-az`))).toEqual([]);
  });

  it('begin with a prefix that no other region has', () => {
    expect(new Set(REGIONS.map(zonePrefix)).size).toBe(REGIONS.length);
  });
});

it.each(['cn-north-1', 'us-gov-west-1', 'us-iso-east-1', 'us-isob-east-1', 'eusc-de-east-1'])(
  'the region %s belongs to a partition other than "aws" and is not in REGIONS',
  (region) => {
    expect(isInOtherPartition(region)).toBe(true);
    expect(REGIONS).not.toContain(region);
  },
);
