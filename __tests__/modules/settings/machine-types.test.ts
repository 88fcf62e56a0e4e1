import { ARM_INSTANCE_TYPES, DB_INSTANCE_CLASSES, DB_MEMORY_GIB } from '../../../modules/settings/machine-types';

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html */
describe('the classes of RDS instances', () => {
  it.each([
    ['db.t4g.micro', 1],
    ['db.t3.small', 2],
    ['db.t4g.medium', 4],
    ['db.t3.2xlarge', 32],
    ['db.m7g.large', 8],
    ['db.m5.12xlarge', 192],
    ['db.r7g.xlarge', 32],
    ['db.r6i.32xlarge', 1024],
    ['db.r8g.48xlarge', 1536],
    ['db.x2g.large', 32],
    ['db.x2idn.16xlarge', 1024],
    ['db.x2iedn.xlarge', 128],
    ['db.x2iezn.2xlarge', 256],
  ])('include %s with %i GiB of memory', (name, gib) => {
    expect(DB_MEMORY_GIB.get(name)).toBe(gib);
  });

  it.each(['db.t2.micro', 'db.m7g.micro', 'db.m7g.24xlarge', 'm7g.large'])('do not include %s', (name) => {
    expect(DB_INSTANCE_CLASSES.has(name)).toBe(false);
  });
});

describe('the types of EC2 instances that the image of the client host runs on', () => {
  it.each(['t4g.micro', 'c7g.metal'])('include %s', (name) => {
    expect(ARM_INSTANCE_TYPES.has(name)).toBe(true);
  });

  it.each([
    't3.micro',
    // The first Graviton: Amazon Linux 2023 needs Graviton2.
    'a1.medium',
    'db.t4g.micro',
  ])('do not include %s', (name) => {
    expect(ARM_INSTANCE_TYPES.has(name)).toBe(false);
  });
});
