import { z } from 'zod';
import { flag, group, matching, must, region } from './fields';
import { alarms } from './groups/alarms';
import { api } from './groups/api';
import { backend } from './groups/backend';
import { client } from './groups/client';
import { database } from './groups/database';
import { edge } from './groups/edge';
import { functions } from './groups/functions';
import { network } from './groups/network';
import { proxies } from './groups/proxies';
import { tags } from './groups/tags';

/** CloudWatch Logs accepts only these: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** All settings of an environment, with their defaults and most rules that concern only one setting. The other rules are in `rules/`. */
export const schema = z.strictObject({
  name: must(
    z.string(),
    (name) => /^[a-z]([a-z0-9]|-(?=[a-z0-9]))*$/.test(name),
    'must be lower-case letters, digits and single hyphens, start with a letter and not end with a hyphen',
    'The name is part of the names of resources. Choose another.',
  ).describe('Name of the environment and its stack.'),
  region: region.describe(
    'AWS region of all resources except CloudFront and its WAF, certificate and alarms. Fixed once deployed.',
  ),
  accountId: matching(
    /^\d{12}$/,
    'must be the id of an AWS account',
    'An account id has 12 digits. Write it in quotes, as in "111122223333".',
  )
    .optional()
    .describe(
      'Account of the environment; Terraform refuses to deploy to another. If omitted, the account of the credentials.',
    ),
  tags: tags.default({}).describe('Tags of every resource, in addition to Environment; at most 48.'),
  backend,
  network,
  database,
  proxies,
  functions,
  api,
  publicApi: group({
    enabled: flag(false, 'Whether `GET /` is deployed, with a function outside the VPC.'),
  }),
  authMatrix: group({
    enabled: flag(
      true,
      'Whether `GET /auth-matrix` is deployed, which tries every way to log in to the database from inside the VPC.',
    ),
  }),
  edge,
  client,
  alarms,
  logRetentionDays: z.literal(RETENTION_DAYS).default(30).describe('Days to keep logs.'),
});
