import { z } from 'zod';
import { anyRegion, matching, must } from '../fields';
import { choice } from '../union';

const RESERVED_BUCKET = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|[.]mrap|--x-s3|--table-s3)$/;
const LIKE_AN_ADDRESS = /^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$/;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucketName = must(
  matching(
    /^[a-z0-9](?!.*[.][.])[a-z0-9.-]{1,61}[a-z0-9]$/,
    'must be the name of an S3 bucket',
    'A bucket name has 3 to 63 lower-case letters, digits, hyphens and single dots, and begins and ends with a letter or digit. Write the name alone, as in acme-terraform-state.',
  ),
  (name) => !RESERVED_BUCKET.test(name) && !LIKE_AN_ADDRESS.test(name),
  'must not be a name that S3 reserves',
  'S3 reserves names that look like an IP address, and some prefixes and suffixes, such as xn-- and -s3alias. Write the name of your bucket.',
);

export const backend = choice(
  'type',
  [
    z.strictObject({ type: z.literal('local') }).describe('State in a local file.'),
    z
      .strictObject({
        type: z.literal('s3'),
        bucket: bucketName.describe('Bucket for the state. It must exist and have versioning.'),
        region: anyRegion.describe('Region of the bucket.'),
      })
      .describe('Encrypted state in S3, with a lock file in the same bucket.'),
    z
      .strictObject({
        type: z.literal('cloud'),
        // HashiCorp documents the characters but no lengths. These limits catch obvious mistakes.
        // https://developer.hashicorp.com/terraform/cloud-docs/api-docs/workspaces#create-a-workspace
        organization: matching(
          /^[A-Za-z0-9_-]{3,40}$/,
          'must be the name of an organization',
          'Write 3 to 40 letters, digits, hyphens and underscores.',
        ).describe('Organization in Terraform Cloud.'),
        workspace: matching(
          /^[A-Za-z0-9_-]{1,90}$/,
          'must be the name of a workspace',
          'Write 1 to 90 letters, digits, hyphens and underscores.',
        ).describe('Workspace in Terraform Cloud, for this environment only.'),
      })
      .describe('State and runs in Terraform Cloud.'),
  ],
  [
    { type: 'local' },
    { type: 's3', bucket: 'acme-terraform-state', region: 'eu-central-1' },
    { type: 'cloud', organization: 'acme', workspace: 'login-matrix-dev' },
  ],
)
  .default({ type: 'local' })
  .describe('Where Terraform keeps the state.');
