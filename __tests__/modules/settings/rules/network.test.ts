import { itRejects, problemsWith, requiredSettings } from '../../../support/settings';

const withoutProxies = { proxies: { password: { enabled: false }, iam: { enabled: false } } };

itRejects('an environment is rejected for %s', [
  [
    'subnets outside the VPC, overlapping, and too few',
    {
      network: {
        ...requiredSettings.network,
        subnets: {
          public: ['10.20.0.0/24', '10.21.0.0/24'],
          private: ['10.20.2.0/23', '10.20.3.0/24'],
          database: ['10.20.4.0/24'],
        },
      },
    },
    'network.subnets.database must hold 2 blocks, one for each zone, got ["10.20.4.0/24"]: Add or remove blocks, or leave network.subnets out.',
    'network.subnets.public.1 must lie inside 10.20.0.0/16 (network.cidr), got "10.21.0.0/24": A subnet is a part of its VPC. Choose a block inside.',
    'network.subnets.private.1 must not overlap 10.20.2.0/23 (network.subnets.private.0), got "10.20.3.0/24": Each address belongs to one subnet. Choose a free block.',
  ],
  [
    'a VPC too small for its subnets',
    { ...withoutProxies, network: { ...requiredSettings.network, cidr: '10.20.0.0/26' } },
    'network.cidr must be /24 or larger, got "10.20.0.0/26": The block is cut into 16 blocks. A subnet is at least a /28. Use a larger block, or set network.subnets.',
  ],
  [
    'a VPC whose default private subnets are too small for two proxies',
    { network: { ...requiredSettings.network, cidr: '10.20.0.0/24' } },
    'network.cidr must be /23 or larger, got "10.20.0.0/24": The block is cut into 16 blocks. A private subnet needs 29 addresses: 10 for each proxy of a db.t4g.micro instance, 4 for functions and the VPC endpoint, 5 that AWS reserves. Use a larger block, or set network.subnets. In a deployed environment the blocks cannot change: keep database.instanceClass and the proxies as they were, or choose a smaller class.',
  ],
  [
    'a private subnet too small for a proxy of a large instance',
    {
      database: { instanceClass: 'db.m7g.8xlarge' },
      proxies: { iam: { enabled: false } },
      network: {
        ...requiredSettings.network,
        subnets: {
          public: ['10.20.0.0/28', '10.20.0.16/28'],
          private: ['10.20.1.0/26', '10.20.2.0/27'],
          database: ['10.20.4.0/28', '10.20.4.16/28'],
        },
      },
    },
    'network.subnets.private.1 must be /26 or larger, got "10.20.2.0/27": A private subnet needs 54 addresses: 45 for a proxy of a db.m7g.8xlarge instance, 4 for functions and the VPC endpoint, 5 that AWS reserves. Use a larger block. In a deployed environment the blocks cannot change: keep database.instanceClass and the proxies as they were, or choose a smaller class.',
  ],
  [
    'more zones than the default subnets have room for',
    {
      region: 'us-east-1',
      network: { ...requiredSettings.network, zones: ['use1-az1', 'use1-az2', 'use1-az4', 'use1-az5', 'use1-az6'] },
    },
    'network.zones must name at most 4 zones, got ["use1-az1","use1-az2","use1-az4","use1-az5","use1-az6"]: The default subnets have no room for more zones. Remove some, or set network.subnets.',
  ],
  [
    'a single zone',
    { network: { ...requiredSettings.network, zones: ['euc1-az2'] } },
    'network.zones must name at least two zones, got ["euc1-az2"]: RDS and RDS Proxy need subnets in two zones. Add one, for example euc1-az1.',
  ],
  [
    'the same zone twice',
    { region: 'us-east-1', network: { ...requiredSettings.network, zones: ['use1-az1', 'use1-az2', 'use1-az2'] } },
    'network.zones must name each zone once, got ["use1-az1","use1-az2","use1-az2"]: Each zone gets subnets of its own. Remove the duplicate, or name another zone, for example use1-az4.',
  ],
  [
    'the same zone twice, when the region has no other zone to suggest',
    { network: { ...requiredSettings.network, zones: ['euc1-az1', 'euc1-az2', 'euc1-az3', 'euc1-az3'] } },
    'network.zones must name each zone once, got ["euc1-az1","euc1-az2","euc1-az3","euc1-az3"]: Each zone gets subnets of its own. Remove the duplicate.',
  ],
  [
    'the zone without RDS Proxy',
    { region: 'us-east-1', network: { ...requiredSettings.network, zones: ['use1-az2', 'use1-az3'] } },
    'network.zones.1 must not be use1-az3, got "use1-az3": RDS Proxy does not run there. Choose another zone of us-east-1.',
  ],
  [
    'another region’s zone without RDS Proxy',
    { region: 'us-west-1', network: { ...requiredSettings.network, zones: ['usw1-az1', 'usw1-az2'] } },
    'network.zones.1 must not be usw1-az2, got "usw1-az2": RDS Proxy does not run there. Choose another zone of us-west-1.',
  ],
  [
    'a zone that its region does not have',
    { network: { ...requiredSettings.network, zones: ['euc1-az1', 'euc1-az9'] } },
    'network.zones.1 must be a zone of eu-central-1, got "euc1-az9": Did you mean euc1-az1? The region has the zones euc1-az1, euc1-az2, euc1-az3. Correct the zone or the region.',
  ],
]);

it('a third private subnet may be too small for a proxy, because proxies use the first two', () => {
  const network = {
    cidr: '10.20.0.0/16',
    zones: ['euc1-az1', 'euc1-az2', 'euc1-az3'],
    subnets: {
      public: ['10.20.0.0/28', '10.20.0.16/28', '10.20.0.32/28'],
      private: ['10.20.1.0/24', '10.20.2.0/24', '10.20.3.0/28'],
      database: ['10.20.4.0/28', '10.20.4.16/28', '10.20.4.32/28'],
    },
  };
  expect(problemsWith({ network })).toEqual([]);
});
