import { problemsOf, requiredSettings } from '../../../support/settings';

const s3 = (bucket: string, region = 'eu-central-1'): object => ({ type: 's3', bucket, region });
const cloud = (organization: string, workspace: string): object => ({ type: 'cloud', organization, workspace });

const problemsWith = (backend: object): string[] => problemsOf({ ...requiredSettings, backend });

describe('a bucket is rejected', () => {
  it.each(['State_Bucket', 'My_Bucket!', 's3://my-bucket', 'state-${env}', 'ab', 'a..b', 'a'.repeat(64)])(
    'if S3 does not allow its name: %s',
    (bucket) => {
      expect(problemsWith(s3(bucket))).toEqual([
        `backend.bucket must be the name of an S3 bucket, got "${bucket}": It has 3 to 63 lower-case letters, digits, hyphens and single dots, and begins and ends with a letter or digit. Write the name alone, as in acme-terraform-state.`,
      ]);
    },
  );

  it.each(['xn--state', 'state-s3alias', '192.168.5.4'])('if S3 reserves its name: %s', (bucket) => {
    expect(problemsWith(s3(bucket))).toEqual([
      `backend.bucket must not be a name that S3 reserves, got "${bucket}": S3 reserves names that look like an IP address, and the prefixes and suffixes of access points and directory buckets. Write the name of your bucket.`,
    ]);
  });

  it.each([
    [
      'us-gov-west-1',
      'It belongs to another partition: China, GovCloud, a sovereign or an isolated cloud. This deployment is for the partition aws, whose names and certificate authorities it knows.',
    ],
    ['eu-centrall-1', 'Did you mean eu-central-1? Write the code of a region, as in eu-central-1.'],
    ['EU', 'Write the code of a region, as in eu-central-1.'],
  ])('if it is in no region of the partition: %s', (region, remedy) => {
    expect(problemsWith(s3('state', region))).toEqual([
      `backend.region must be an AWS region of the partition aws, got "${region}": ${remedy}`,
    ]);
  });
});

describe('the backend of Terraform Cloud is rejected', () => {
  it('for an organization with characters that Terraform Cloud does not allow', () => {
    expect(problemsWith(cloud('a b', 'prod'))).toEqual([
      'backend.organization must be the name of an organization, got "a b": Terraform Cloud takes 3 to 40 letters, digits, hyphens and underscores.',
    ]);
  });

  it('for a workspace with characters that Terraform Cloud does not allow', () => {
    expect(problemsWith(cloud('acme', 'prod: ${x}'))).toEqual([
      'backend.workspace must be the name of a workspace, got "prod: ${x}": Terraform Cloud takes 1 to 90 letters, digits, hyphens and underscores.',
    ]);
  });
});

describe('a backend is accepted', () => {
  it.each([
    s3('acme.terraform-state'),
    s3('abc'),
    s3('a'.repeat(63)),
    // Regions without RDS certificate authorities in certs/: the state needs none.
    s3('state', 'il-central-1'),
    s3('state', 'ca-west-1'),
    s3('state', 'mx-central-1'),
    s3('state', 'ap-southeast-5'),
    cloud('acme-corp', 'login_matrix-dev'),
    { type: 'local' },
  ])('%j', (backend) => {
    expect(problemsWith(backend)).toEqual([]);
  });
});
