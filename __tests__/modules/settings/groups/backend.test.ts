import { itAccepts, itRejects, problemsWith } from '../../../support/settings';

const s3 = (bucket: string, region = 'eu-central-1'): object => ({ backend: { type: 's3', bucket, region } });
const cloud = (organization: string, workspace: string): object => ({
  backend: { type: 'cloud', organization, workspace },
});

describe('a bucket is rejected', () => {
  it.each(['State_Bucket', 'My_Bucket!', 's3://my-bucket', 'state-${env}', 'ab', 'a..b', 'a'.repeat(64)])(
    'if S3 does not allow its name: %s',
    (bucket) => {
      expect(problemsWith(s3(bucket))).toEqual([
        `backend.bucket must be the name of an S3 bucket, got "${bucket}": A bucket name has 3 to 63 lower-case letters, digits, hyphens and single dots, and begins and ends with a letter or digit. Write the name alone, as in acme-terraform-state.`,
      ]);
    },
  );

  it.each(['xn--state', 'state-s3alias', '192.168.5.4'])('if S3 reserves its name: %s', (bucket) => {
    expect(problemsWith(s3(bucket))).toEqual([
      `backend.bucket must not be a name that S3 reserves, got "${bucket}": S3 reserves names that look like an IP address, and some prefixes and suffixes, such as xn-- and -s3alias. Write the name of your bucket.`,
    ]);
  });
});

itRejects('a backend is rejected for %s', [
  [
    'a region that does not exist',
    s3('state', 'EU'),
    'backend.region must be an AWS region of the partition aws, got "EU": Write the code of a region, as in eu-central-1.',
  ],
  [
    'an organization with characters that Terraform Cloud does not allow',
    cloud('a b', 'prod'),
    'backend.organization must be the name of an organization, got "a b": Write 3 to 40 letters, digits, hyphens and underscores.',
  ],
  [
    'a workspace with characters that Terraform Cloud does not allow',
    cloud('acme', 'prod: ${x}'),
    'backend.workspace must be the name of a workspace, got "prod: ${x}": Write 1 to 90 letters, digits, hyphens and underscores.',
  ],
]);

itAccepts('a backend is accepted: %j', [
  s3('acme.terraform-state'),
  s3('abc'),
  s3('a'.repeat(63)),
  // certs/ has no certificate authorities of RDS for this region, but a bucket does not need them.
  s3('state', 'il-central-1'),
  cloud('acme-corp', 'login_matrix-dev'),
  { backend: { type: 'local' } },
]);
