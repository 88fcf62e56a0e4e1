import { flag, group, oneOf } from '../fields';
import { ARM_INSTANCE_TYPES } from '../machine-types';

export const client = group({
  enabled: flag(false, 'Whether an EC2 instance with the mysql client is deployed.'),
  instanceType: oneOf(
    ARM_INSTANCE_TYPES,
    'must be an instance type of EC2 with a Graviton2 processor or newer',
    'The client host runs Amazon Linux 2023 for Arm. An example is t4g.micro. If your type is new in EC2, add it to modules/settings/machine-types.ts.',
  )
    .default('t4g.micro')
    .describe('EC2 instance type.'),
}).describe('The client host. People connect to it through Session Manager.');
