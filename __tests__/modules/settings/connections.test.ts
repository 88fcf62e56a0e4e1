import { DB_INSTANCE_CLASSES } from '../../../modules/settings/machine-types';
import { parseSettings } from '../../../modules/settings/settings';
import { noFeatures } from '../../support/stack';

const maxConnections = (database: object): number => parseSettings({ ...noFeatures, database }).database.maxConnections;

describe('the connections of the instance', () => {
  it.each([
    ['db.t4g.micro', 1],
    ['db.t3.small', 2],
    ['db.t4g.medium', 4],
    ['db.t3.2xlarge', 32],
    ['db.m7g.large', 8],
    ['db.m5.12xlarge', 192],
    ['db.r7g.xlarge', 32],
    ['db.r8g.48xlarge', 1536],
    ['db.x2g.large', 32],
    ['db.x2idn.16xlarge', 1024],
    ['db.x2iedn.xlarge', 128],
    ['db.x2iezn.2xlarge', 256],
  ])('are 64 for each GiB of memory: %s has %i GiB', (instanceClass, gib) => {
    expect(maxConnections({ instanceClass })).toBe(64 * gib);
  });

  it('are at most 100,000', () => {
    expect(maxConnections({ instanceClass: 'db.x2iedn.32xlarge' })).toBe(100_000);
  });

  it('are known for every class', () => {
    for (const instanceClass of DB_INSTANCE_CLASSES)
      expect(maxConnections({ instanceClass })).toBeGreaterThanOrEqual(64);
  });

  it('are as many as maxConnections in the settings, if it is set', () => {
    expect(maxConnections({ maxConnections: 80 })).toBe(80);
  });
});
