import { z } from 'zod';
import { subnetBlock, vpcBlock } from '../address-fields';
import { must } from '../fields';

const subnetBlocks = z.array(subnetBlock);

export const network = z.strictObject({
  cidr: vpcBlock.describe('IPv4 block of the VPC, /16 to /28, normally private. Fixed once deployed.'),
  zones: z
    .array(
      must(
        z.string(),
        (zone) => /^[a-z]+\d-az\d+$/.test(zone),
        'must be the id of an availability zone',
        'Unlike a name, an id means the same zone in every account. Write the id, as in euc1-az1.',
      ),
    )
    .describe(
      'Ids of the availability zones, at least two. RDS Proxy does not run in use1-az3 or usw1-az2. Once deployed, zones can only be added, at the end of the list.',
    ),
  subnets: z
    .strictObject({
      public: subnetBlocks.describe('One block for each zone, for the client host.'),
      private: subnetBlocks.describe(
        'One block for each zone, for functions, proxies and the Secrets Manager endpoint.',
      ),
      database: subnetBlocks.describe('One block for each zone, for the instance.'),
    })
    .optional()
    .describe('Blocks of the subnets. If omitted, they are cut from `network.cidr`. Fixed once deployed.'),
});
