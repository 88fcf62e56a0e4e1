import { problemsOf, smallest } from '../../support/settings';

const domain = (domainName: string): object => ({
  edge: { ...smallest.edge, customDomain: { enabled: true, domainName, hostedZoneId: 'Z0123456789ABCDEFGHIJ' } },
});
const s3 = (bucket: string, region = 'eu-central-1'): object => ({ backend: { type: 's3', bucket, region } });
const cloud = (organization: string, workspace: string): object => ({
  backend: { type: 'cloud', organization, workspace },
});
const vpc = (cidr: string): object => ({ network: { ...smallest.network, cidr } });
const zones = (region: string, ...ids: string[]): object => ({ region, network: { ...smallest.network, zones: ids } });
const open = (...cidrs: string[]): object => ({
  database: { publicAccess: { enabled: true, cidrs, reason: 'a test' } },
});
const email = (address: string): object => ({ alarms: { enabled: true, email: address } });
const hundredTags = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`tag-${index}`, '']));

const TAG_VALUE = 'AWS accepts up to 256 letters, digits, spaces and _ . : / = + - @, and reserves the prefix aws:.';
const TAG_KEYS =
  'A key is 1 to 128 letters, digits, spaces and _ . : / = + - @; it does not begin with aws:, differs from the others in more than its case, and is not Environment, which the stack sets.';
const BUCKET =
  'It has 3 to 63 lower-case letters, digits, hyphens and single dots, and begins and ends with a letter or digit. Write the name alone, as in acme-terraform-state.';
const RESERVED_BUCKET =
  'S3 reserves names that look like an IP address, and the prefixes and suffixes of access points and directory buckets. Write the name of your bucket.';
const PARTITION =
  'It belongs to another partition: China, GovCloud, a sovereign or an isolated cloud. This deployment is for the partition aws, whose names and certificate authorities it knows.';
const NO_HOSTS =
  'It is reserved, or for loopback, link-local or multicast. Choose a private block, as in 10.20.0.0/16.';
const NO_SUCH_CLASS =
  'Write it as in db.t4g.small. If the class is new in RDS, add it to modules/settings/machine-types.ts.';
const ENGINE =
  'The parameter group, the users and IAM logins need MySQL 8.4. Write 8.4 to let RDS choose its newest version.';
const EMAIL = 'SNS asks it to confirm the subscription. Write it without a name, as in platform@example.com.';
const DOMAIN =
  'Write it in lower case, without a dot at the end, and names in other scripts as xn--…, as in api.example.com.';

const offices = (version: 'ipv4' | 'ipv6', ...cidrs: string[]): object => ({
  edge: { allowlist: { ...smallest.edge.allowlist, [version]: cidrs } },
});
const NO_OFFICE =
  'CloudFront sees the public address of an office, never a private, loopback, link-local or multicast one. Find it there with: curl https://checkip.amazonaws.com.';

const refused: [change: object, ...problems: string[]][] = [
  [{ tags: { team: '${team}' } }, `tags.team must be the value of a tag, got "\${team}": ${TAG_VALUE}`],
  [{ tags: { team: 'a%{b' } }, `tags.team must be the value of a tag, got "a%{b": ${TAG_VALUE}`],
  [{ tags: { team: 'price ${1 + 1}' } }, `tags.team must be the value of a tag, got "price \${1 + 1}": ${TAG_VALUE}`],
  [{ tags: { team: 'AWS:x' } }, `tags.team must be the value of a tag, got "AWS:x": ${TAG_VALUE}`],
  [{ tags: { team: 'v'.repeat(257) } }, `tags.team must be the value of a tag, got "${'v'.repeat(119)}…: ${TAG_VALUE}`],
  [{ tags: { '': 'x' } }, `tags must have keys that AWS accepts, got {"":"x"}: Change "". ${TAG_KEYS}`],
  [{ tags: { 'aws:x': 'x' } }, `tags must have keys that AWS accepts, got {"aws:x":"x"}: Change "aws:x". ${TAG_KEYS}`],
  [
    { tags: { Team: 'a', team: 'b' } },
    `tags must have keys that AWS accepts, got {"Team":"a","team":"b"}: Change "team". ${TAG_KEYS}`,
  ],
  [
    { tags: { environment: 'x' } },
    `tags must have keys that AWS accepts, got {"environment":"x"}: Change "environment". ${TAG_KEYS}`,
  ],
  [
    { tags: hundredTags },
    `tags must be at most 48 tags, got ${JSON.stringify(hundredTags).slice(0, 120)}…: AWS allows 50 on a resource, and the stack adds Environment and Name. Remove some.`,
  ],
  ...['12345678901', '1111222233334', '1111-2222-3333', ''].map((accountId): [object, string] => [
    { accountId },
    `accountId must be the id of an AWS account, got "${accountId}": It has 12 digits. Write it in quotes, as in "111122223333".`,
  ]),
  [{ accountId: 111122223333 }, 'accountId must be a string, got 111122223333: Write it in quotes.'],
  [{ tags: { team: 1 } }, 'tags.team must be a string, got 1: Write it in quotes.'],

  [s3('State_Bucket'), `backend.bucket must be the name of an S3 bucket, got "State_Bucket": ${BUCKET}`],
  [s3('My_Bucket!'), `backend.bucket must be the name of an S3 bucket, got "My_Bucket!": ${BUCKET}`],
  [s3('s3://my-bucket'), `backend.bucket must be the name of an S3 bucket, got "s3://my-bucket": ${BUCKET}`],
  [s3('state-${env}'), `backend.bucket must be the name of an S3 bucket, got "state-\${env}": ${BUCKET}`],
  [s3('ab'), `backend.bucket must be the name of an S3 bucket, got "ab": ${BUCKET}`],
  [s3('a..b'), `backend.bucket must be the name of an S3 bucket, got "a..b": ${BUCKET}`],
  [s3('a'.repeat(64)), `backend.bucket must be the name of an S3 bucket, got "${'a'.repeat(64)}": ${BUCKET}`],
  [s3('xn--state'), `backend.bucket must not be a name that S3 reserves, got "xn--state": ${RESERVED_BUCKET}`],
  [s3('192.168.5.4'), `backend.bucket must not be a name that S3 reserves, got "192.168.5.4": ${RESERVED_BUCKET}`],
  [
    s3('state', 'us-gov-west-1'),
    `backend.region must be an AWS region of the partition aws, got "us-gov-west-1": ${PARTITION}`,
  ],
  [
    s3('state', 'eu-centrall-1'),
    'backend.region must be an AWS region of the partition aws, got "eu-centrall-1": Did you mean eu-central-1? Write the code of a region, as in eu-central-1.',
  ],
  [
    s3('state', 'EU'),
    'backend.region must be an AWS region of the partition aws, got "EU": Write the code of a region, as in eu-central-1.',
  ],
  [
    cloud('acme', 'prod: ${x}'),
    'backend.workspace must be the name of a workspace, got "prod: ${x}": Terraform Cloud takes 1 to 90 letters, digits, hyphens and underscores.',
  ],
  [
    cloud('a b', 'prod'),
    'backend.organization must be the name of an organization, got "a b": Terraform Cloud takes 3 to 40 letters, digits, hyphens and underscores.',
  ],

  [
    zones('us-gov-west-1', 'usgw1-az1', 'usgw1-az2'),
    `region must be an AWS region of the partition aws, got "us-gov-west-1": ${PARTITION}`,
  ],
  [{ region: 'cn-north-1' }, `region must be an AWS region of the partition aws, got "cn-north-1": ${PARTITION}`],
  [
    { region: 'eu_central_1' },
    'region must be an AWS region of the partition aws, got "eu_central_1": Did you mean eu-central-1? Write the code of a region, as in eu-central-1.',
  ],
  [
    zones('il-central-1', 'ilc1-az1', 'ilc1-az2'),
    'region must be a region whose RDS certificate authorities are in certs/rds, got "il-central-1": Logins are verified against the region’s own certificate authorities. Run npm run certs:refresh to fetch them, or choose another region.',
  ],
  [
    zones('eu-central-1', 'eu-central-1a', 'eu-central-1b'),
    'network.zones.0 must be the id of an availability zone, got "eu-central-1a": Unlike names, ids mean the same zone in every account. Write it as in euc1-az1.',
    'network.zones.1 must be the id of an availability zone, got "eu-central-1b": Unlike names, ids mean the same zone in every account. Write it as in euc1-az1.',
  ],

  ...['127.0.0.0/16', '169.254.0.0/16', '224.0.0.0/16', '0.0.0.0/16', '240.0.0.0/16'].map((cidr): [object, string] => [
    vpc(cidr),
    `network.cidr must be a block of host addresses, got "${cidr}": ${NO_HOSTS}`,
  ]),
  ...[
    ...['192.168.1.0/24', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.1/32', '169.254.0.0/16', '224.0.0.0/4'],
    ...['fd00::/8', 'fe80::/10', '::1/128', 'ff00::/8'],
  ].map((cidr): [object, string] => {
    const version = cidr.includes(':') ? 'ipv6' : 'ipv4';
    const rule = `edge.allowlist.${version}.0 must be a block of public addresses, got "${cidr}"`;
    return [offices(version, cidr), `${rule}: ${NO_OFFICE}`];
  }),
  [
    offices('ipv6', '::/1', '8000::/1'),
    `edge.allowlist.ipv6.1 must be a block of public addresses, got "8000::/1": ${NO_OFFICE}`,
  ],
  [vpc('::/0'), 'network.cidr must be an IPv4 block in CIDR notation, got "::/0": Write it as in 10.20.0.0/16.'],
  [
    vpc('10.020.0.0/16'),
    'network.cidr must be an IPv4 block in CIDR notation, got "10.020.0.0/16": Write it as in 10.20.0.0/16.',
  ],
  [
    vpc('10.0.0.0/8'),
    'network.cidr must be a block from /16 to /28, got "10.0.0.0/8": Amazon VPC supports no other size. Write it as in 10.20.0.0/16.',
  ],
  [
    vpc('10.20.1.0/16'),
    'network.cidr must start at the first address of its block, got "10.20.1.0/16": The bits behind the prefix must be zero. Write 10.20.0.0/16, or a longer prefix.',
  ],

  [
    { database: { instanceClass: 'db.t9x.gigantic' } },
    `database.instanceClass must be an instance class that supports MySQL 8.4, got "db.t9x.gigantic": ${NO_SUCH_CLASS}`,
  ],
  [
    { database: { instanceClass: 'db.t4g.nano' } },
    `database.instanceClass must be an instance class that supports MySQL 8.4, got "db.t4g.nano": ${NO_SUCH_CLASS}`,
  ],
  ...['8.4.99', '8.4.2', '8.4.03', '8.0', '8.4 '].map((engineVersion): [object, string] => [
    { database: { engineVersion } },
    `database.engineVersion must be 8.4, or a version from 8.4.3 to 8.4.32, got "${engineVersion}": ${ENGINE}`,
  ]),
  [
    { database: { allocatedStorageGib: 9_999_999 } },
    'database.allocatedStorageGib must be a whole number from 20 to 65536, got 9999999: RDS for MySQL supports 20 GiB to 64 TiB of gp3 storage.',
  ],
  [
    { database: { allocatedStorageGib: NaN } },
    'database.allocatedStorageGib must be a number, got NaN: Write a number, without quotes.',
  ],
  [
    { database: { backupRetentionDays: 1.5 } },
    'database.backupRetentionDays must be a whole number from 0 to 35, got 1.5: RDS keeps automated backups for 35 days at most; 0 switches them off.',
  ],
  ...['10.0.0.0/8', '127.0.0.1/32', '169.254.0.0/16'].map((cidr): [object, string] => [
    open(cidr),
    `database.publicAccess.cidrs.0 must be a block of public addresses, got "${cidr}": Clients on the internet have no private, loopback, link-local or multicast addresses. List the public addresses of the clients.`,
  ]),

  [
    domain(`${'a'.repeat(53)}.example.com`),
    `edge.customDomain.domainName must be at most 64 characters long, got "${'a'.repeat(53)}.example.com": ACM issues no certificate for a longer name. Choose a shorter one.`,
  ],
  [domain('api.example.com.'), `edge.customDomain.domainName must be a domain name, got "api.example.com.": ${DOMAIN}`],
  [domain('*.example.com'), `edge.customDomain.domainName must be a domain name, got "*.example.com": ${DOMAIN}`],
  [
    domain('api.corp.internal'),
    'edge.customDomain.domainName must be a name of the public DNS, got "api.corp.internal": No public certificate is issued for such a name. Choose one in a domain of your own.',
  ],
  [
    domain('d123.cloudfront.net'),
    'edge.customDomain.domainName must not be a name in a domain of AWS, got "d123.cloudfront.net": ACM issues certificates for your own domains only. Choose a name in one, or remove edge.customDomain to use CloudFront’s own name.',
  ],
  ...['Ann <ann@acme.org>', 'ann@acme', 'ann@acme..org', 'a@b.org,c@d.org', `${'a'.repeat(65)}@acme.org`].map(
    (address): [object, string] => [
      email(address),
      `alarms.email must be one e-mail address, got "${address}": ${EMAIL}`,
    ],
  ),
  ...['1:00-01:30', '01:00-24:00', '01:00 - 02:00', 'mon:01:00-mon:02:00', '01:00-01:29', '01:00-01:00'].map(
    (backupWindow): [object, string] => [
      { database: { backupWindow } },
      `database.backupWindow must be a daily window in UTC of at least 30 minutes, got "${backupWindow}": RDS expects two times of day in 24-hour format. Write them as in 01:00-01:30.`,
    ],
  ),
  ...['Sun:02:00-Sun:03:00', 'sun:2:00-sun:3:00', '02:00-03:00', 'sun:02:00-sun:02:29', 'sun:02:00-mon:02:00'].map(
    (maintenanceWindow): [object, string] => [
      { database: { maintenanceWindow } },
      `database.maintenanceWindow must be a weekly window in UTC of at least 30 minutes and less than 24 hours, got "${maintenanceWindow}": RDS expects two times with lower-case days. Write them as in sun:02:00-sun:03:00.`,
    ],
  ),
  [
    { client: { enabled: false, instanceType: 't3.nano' } },
    'client.instanceType must be an instance type of EC2 with an Arm processor, got "t3.nano": The client host runs an Arm image. Write it as in t4g.micro. If the type is new in EC2, add it to modules/settings/machine-types.ts.',
  ],
];

describe('a value outside the limits of AWS is rejected', () => {
  it.each(refused)('%j', (change, ...problems) => {
    expect(problemsOf({ ...smallest, ...change })).toEqual(problems);
  });
});

describe('a value within the limits of AWS is accepted', () => {
  it.each([
    { tags: { team: 'Plattform & Co'.replace('&', '+'), 'cost-center': 'a:b/c=d@e', Größe: '' } },
    { accountId: '012345678901' },
    s3('acme.terraform-state'),
    s3('state', 'il-central-1'),
    s3('state', 'ca-west-1'),
    s3('state', 'mx-central-1'),
    s3('state', 'ap-southeast-5'),
    cloud('acme-corp', 'login_matrix-dev'),
    offices('ipv4', '192.0.2.0/24', '203.0.113.0/24'),
    offices('ipv6', '2001:db8::/32'),
    vpc('100.64.0.0/16'),
    vpc('8.8.0.0/16'),
    zones('us-east-1', 'use1-az1', 'use1-az6'),
    zones('ca-central-1', 'cac1-az1', 'cac1-az4'),
    { database: { engineVersion: '8.4.7', instanceClass: 'db.r8g.48xlarge', allocatedStorageGib: 65_536 } },
    { database: { instanceClass: 'db.t3.micro' } },
    open('0.0.0.0/0'),
    domain('api.xn--p1ai'),
    domain(`${'a'.repeat(52)}.example.com`),
    email("o'hara+alarms@mail.acme.org"),
    { client: { instanceType: 'c7gn.medium' } },
    { logRetentionDays: 2192 },
  ])('%j', (change) => {
    expect(problemsOf({ ...smallest, ...change })).toEqual([]);
  });
});

const PUBLIC_ACCESS =
  '{ enabled: false } or { enabled: true, cidrs: ["0.0.0.0/0"], reason: "GET / is called from outside the VPC." }';
const ALARMS = '{ enabled: false }, { enabled: true } or { enabled: true, email: "platform@example.com" }';

describe('a mistake gets a message with the right form', () => {
  it.each<[object, ...string[]]>([
    [
      { database: { publicAccess: true } },
      `database.publicAccess must be ${PUBLIC_ACCESS}, got true: Write one of these forms.`,
    ],
    [
      { alarms: { email: 'a@b.org' } },
      `alarms must be ${ALARMS}, got {"email":"a@b.org"}: Write one of these forms; enabled chooses it.`,
    ],
    [
      { database: { passwordRotation: 30 } },
      'database.passwordRotation must be { enabled: false } or { enabled: true, days: 30 }, got 30: Write one of these forms.',
    ],
    [
      { database: { multiAz: 'true' } },
      'database.multiAz must be a boolean, got "true": Write true or false, without quotes.',
    ],
    [
      { functions: { items: { memoryMib: '512' } } },
      'functions.items.memoryMib must be a number, got "512": Write a number, without quotes.',
    ],
    [
      { network: { ...smallest.network, zones: 'euc1-az1' } },
      'network.zones must be a list, got "euc1-az1": Write a list in brackets, even for a single entry: ["…"].',
    ],
    [
      { api: () => 1 },
      'api must be an object, got a function: Write an object, { … }, with the settings below it; docs/settings.md lists them.',
    ],
    [{ name: 5n }, 'name must be a string, got 5n: Write it in quotes.'],
    [
      { database: { multiAZ: true } },
      'database.multiAZ is not a known setting, got true: Did you mean database.multiAz? Correct its spelling or remove it; docs/settings.md lists the settings.',
    ],
    [
      { multiAz: true },
      'multiAz is not a known setting, got true: Did you mean database.multiAz? Correct its spelling or remove it; docs/settings.md lists the settings.',
    ],
    [
      { api: { quota: { period: 'day' } } },
      'api.quota.period must be one of DAY, WEEK, MONTH, got "day": Did you mean DAY? Write one of them exactly as shown.',
    ],
  ])('%j', (change, ...problems) => {
    expect(problemsOf({ ...smallest, ...change })).toEqual(problems);
  });
});
