import { z } from 'zod';
import { ROUTE_NAMES, ROUTE_USER_NAMES, routeOf, userOf } from '../../contract/routes';
import { officeBlock, publicBlock, subnetBlock, vpcBlock } from './address-fields';
import { anyRegion, databaseName, eachOf, integer, matching, must, oneOf, region, text, userName } from './fields';
import { ARM_INSTANCE_TYPES, DB_INSTANCE_CLASSES } from './machine-types';
import { bucketName, domainName, emailAddress, tags } from './names-elsewhere';
import { choice } from './union';
import { dailyMinutes, weeklyMinutes } from './windows';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html, in days. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const backend = choice(
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
          'Terraform Cloud takes 3 to 40 letters, digits, hyphens and underscores.',
        ).describe('Organization in Terraform Cloud.'),
        workspace: matching(
          /^[A-Za-z0-9_-]{1,90}$/,
          'must be the name of a workspace',
          'Terraform Cloud takes 1 to 90 letters, digits, hyphens and underscores.',
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

const subnetBlocks = z.array(subnetBlock);

const network = z.strictObject({
  cidr: vpcBlock.describe('IPv4 block of the VPC, /16 to /28, normally private. Fixed once deployed.'),
  zones: z
    .array(
      must(
        z.string(),
        (zone) => /^[a-z]+\d-az\d+$/.test(zone),
        'must be the id of an availability zone',
        'Unlike names, ids mean the same zone in every account. Write it as in euc1-az1.',
      ),
    )
    .describe(
      'Ids of the availability zones, at least two. RDS Proxy does not run in use1-az3. Once deployed, zones can only be added, at the end of the list.',
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

const maxConnections = (count: number): z.ZodDefault<z.ZodNumber> =>
  integer(1, 10_000, 'It becomes MAX_USER_CONNECTIONS of the user.')
    .default(count)
    .describe('Maximum number of simultaneous connections of the user.');

const user = (name: string, connections: number) =>
  z
    .strictObject({
      name: userName.default(name).describe('Name of the user in MySQL.'),
      maxConnections: maxConnections(connections),
    })
    .prefault({});

const routeUsers = eachOf(ROUTE_USER_NAMES, (name) => {
  const { name: fallback, maxConnections: connections, purpose } = userOf(name);
  return user(fallback, connections).describe(`User of ${purpose}.`);
});

const clientUser = z.strictObject({
  name: userName.describe('Name of the user in MySQL.'),
  maxConnections: maxConnections(5),
});

const publicAccess = choice(
  'enabled',
  [
    z.strictObject({ enabled: z.literal(false) }),
    z.strictObject({
      enabled: z.literal(true),
      cidrs: z
        .array(publicBlock)
        .describe(
          'Blocks that may reach port 3306 from outside the VPC. Lambda outside a VPC has no fixed address, so `publicApi` needs 0.0.0.0/0.',
        ),
      reason: text.describe('Why the risk is acceptable, for later readers of the settings.'),
    }),
  ],
  [{ enabled: false }, { enabled: true, cidrs: ['0.0.0.0/0'], reason: 'GET / is called from outside the VPC.' }],
)
  .default({ enabled: false })
  .describe(
    'Whether the instance has a public address. IAM users and the master user can log in through it, over TLS only.',
  );

const passwordRotation = choice(
  'enabled',
  [
    z.strictObject({ enabled: z.literal(false) }),
    z.strictObject({
      enabled: z.literal(true),
      days: integer(1, 1000, 'Secrets Manager supports no other interval.').describe(
        'Days between rotations. A password is valid for twice as long.',
      ),
    }),
  ],
  [{ enabled: false }, { enabled: true, days: 30 }],
)
  .default({ enabled: false })
  .describe(
    'Whether the passwords of database users are rotated, the first time immediately. IAM users have no password.',
  );

/**
 * The first 8.4 version on RDS is 8.4.3. MySQL 8.4 gets a release each quarter until April 2032, so at most 8.4.32.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MySQL.Concepts.VersionMgmt.html
 */
const [FIRST_PATCH, LAST_PATCH] = [3, 32];

function isEngineVersion(version: string): boolean {
  if (version === '8.4') return true;
  const patch = /^8[.]4[.]([1-9][0-9]?)$/.exec(version)?.[1];
  return patch !== undefined && Number(patch) >= FIRST_PATCH && Number(patch) <= LAST_PATCH;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
const LEAST_WINDOW_MINUTES = 30;
const MOST_WINDOW_MINUTES = 24 * 60;

const backupWindow = must(
  z.string(),
  (text) => dailyMinutes(text) >= LEAST_WINDOW_MINUTES,
  `must be a daily window in UTC of at least ${LEAST_WINDOW_MINUTES} minutes`,
  'RDS expects two times of day in 24-hour format. Write them as in 01:00-01:30.',
);

const maintenanceWindow = must(
  z.string(),
  (text) => weeklyMinutes(text) >= LEAST_WINDOW_MINUTES && weeklyMinutes(text) < MOST_WINDOW_MINUTES,
  `must be a weekly window in UTC of at least ${LEAST_WINDOW_MINUTES} minutes and less than 24 hours`,
  'RDS expects two times with lower-case days. Write them as in sun:02:00-sun:03:00.',
);

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections */
export const MOST_CONNECTIONS = 100_000;

const database = z
  .strictObject({
    engineVersion: must(
      z.string(),
      isEngineVersion,
      `must be 8.4, or a version from 8.4.${FIRST_PATCH} to 8.4.${LAST_PATCH}`,
      'The parameter group, the users and IAM logins need MySQL 8.4. Write 8.4 to let RDS choose its newest version.',
    )
      .default('8.4')
      .describe('Version of MySQL. RDS cannot downgrade.'),
    instanceClass: oneOf(
      DB_INSTANCE_CLASSES,
      'must be an instance class that supports MySQL 8.4',
      'Write it as in db.t4g.small. If the class is new in RDS, add it to modules/settings/machine-types.ts.',
    )
      .default('db.t4g.micro')
      .describe('Class of the instance.'),
    maxConnections: integer(
      10,
      MOST_CONNECTIONS,
      'RDS for MySQL allows no more, and fewer would leave none for the functions.',
    )
      .optional()
      .describe('`max_connections` of the instance. If omitted, 64 for each GiB of memory of its class.'),
    allocatedStorageGib: integer(20, 65_536, 'RDS for MySQL supports 20 GiB to 64 TiB of gp3 storage.')
      .default(20)
      .describe('Storage in GiB. RDS can enlarge it but not shrink it.'),
    multiAz: z.boolean().default(false).describe('Whether a standby runs in another zone.'),
    backupRetentionDays: integer(0, 35, 'RDS keeps automated backups for 35 days at most; 0 switches them off.')
      .default(1)
      .describe('Days to keep automated backups.'),
    backupWindow: backupWindow
      .optional()
      .describe('Daily backup window in UTC, as in `01:00-01:30`. If omitted, RDS chooses.'),
    maintenanceWindow: maintenanceWindow
      .optional()
      .describe(
        'Weekly window in UTC in which RDS may interrupt the instance, as in `sun:02:00-sun:03:00`. If omitted, RDS chooses.',
      ),
    applyImmediately: z
      .boolean()
      .default(true)
      .describe(
        'Whether a change that interrupts the instance, such as its class, happens during the deployment. Otherwise it waits for the maintenance window.',
      ),
    deletionProtection: z.boolean().default(false).describe('Whether AWS refuses to delete the instance.'),
    finalSnapshot: z.boolean().default(false).describe('Whether deleting the instance leaves a snapshot.'),
    name: databaseName.default('app').describe('Name of the database.'),
    iamAuthentication: z
      .boolean()
      .default(true)
      .describe('Whether the instance accepts IAM logins. `GET /items` is deployed only if it does.'),
    publicAccess,
    passwordRotation,
    users: z
      .strictObject({
        ...routeUsers,
        clients: z
          .array(clientUser)
          .default([])
          .describe('Users for people and hosts. They log in by IAM and may read the database.'),
      })
      .prefault({}),
  })
  .prefault({});

const share = integer(1, 100, 'It is a percentage of the instance’s connections.')
  .default(20)
  .describe('Percentage of the instance’s connections that the proxy may hold.');

const proxies = z
  .strictObject({
    password: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Whether the proxy and `GET /func1` are deployed.'),
        requireTls: z
          .boolean()
          .default(false)
          .describe(
            'Whether the proxy refuses every client without TLS. It always refuses `caching_sha2_password` without TLS.',
          ),
        maxConnectionsPercent: share,
      })
      .prefault({}),
    iam: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Whether the proxy and `GET /func2` are deployed.'),
        requireTls: z.boolean().default(true).describe('Must be true: RDS Proxy refuses IAM logins without TLS.'),
        upstream: z
          .enum(['secret', 'iam'])
          .optional()
          .describe(
            'How the proxy logs in to the instance: with the password in a secret, or by IAM with its own role and no secret. If omitted, with the secret; AWS provider 5.100 is enough then. Both values need provider 6.15. To go back from `iam`, write `secret`: if the setting is omitted, the proxy keeps its scheme.',
          ),
        maxConnectionsPercent: share,
      })
      .prefault({}),
    borrowTimeoutSeconds: integer(
      1,
      4,
      'The functions cancel a statement after 5 s, including the wait for a connection.',
    )
      .default(3)
      .describe('Seconds that a client waits for a connection from a proxy’s pool.'),
  })
  .prefault({});

const sizing = z
  .strictObject({
    memoryMib: integer(128, 10_240, 'Lambda supports no other size. CPU grows with memory.')
      .default(512)
      .describe('Memory in MiB.'),
    reservedConcurrency: integer(
      1,
      10_000,
      'It is the number of executions that Lambda reserves, and also their limit.',
    )
      .optional()
      .describe('Reserved concurrent executions. If omitted, the function shares the unreserved ones of the account.'),
  })
  .prefault({});

const functions = z
  .strictObject({
    timeoutSeconds: integer(
      9,
      29,
      'A function waits up to 3 s for the database and 5 s for a statement. API Gateway times out after 29 s.',
    )
      .default(10)
      .describe('Time limit of a call in seconds; `/auth-matrix` has 15.'),
    accountConcurrency: integer(
      10,
      1_000_000,
      'No account has a lower quota. Look it up under Service Quotas, Lambda, Concurrent executions.',
    )
      .default(10)
      .describe('Concurrent executions that Lambda allows in this account and region. New accounts have 10.'),
    ...eachOf(ROUTE_NAMES, (name) => sizing.describe(`\`GET ${routeOf(name).path}\`.`)),
  })
  .prefault({});

const accessLog = choice(
  'enabled',
  [
    z.strictObject({ enabled: z.literal(false) }),
    z.strictObject({
      enabled: z.literal(true),
      ownsAccountRole: z
        .boolean()
        .default(true)
        .describe(
          'Whether this stack sets the role that API Gateway uses for logs. An account has one for each region; if this stack does not set it, another must.',
        ),
    }),
  ],
  [{ enabled: false }, { enabled: true }, { enabled: true, ownsAccountRole: false }],
)
  .default({ enabled: true, ownsAccountRole: true })
  .describe('Whether API Gateway logs each request.');

const api = z
  .strictObject({
    throttle: z
      .strictObject({
        ratePerSecond: integer(1, 10_000, 'API Gateway’s own limit is 10 000.')
          .default(20)
          .describe('Requests per second of all callers together.'),
        burst: integer(1, 5_000, 'API Gateway’s own limit is 5 000.')
          .default(10)
          .describe('Simultaneous requests of all callers together; at most `functions.accountConcurrency`.'),
      })
      .prefault({}),
    quota: z
      .strictObject({
        limit: integer(1, 2_000_000_000, 'It is the number of requests in a period.')
          .default(100_000)
          .describe('Requests per period.'),
        period: z.enum(['DAY', 'WEEK', 'MONTH']).default('DAY').describe('Period of the quota.'),
      })
      .prefault({}),
    keyGenerations: z
      .array(integer(1, 1_000_000, 'Generations are counted 1, 2, 3 …'))
      .default([1])
      .describe(
        'Valid generations of the API key; CloudFront sends the last. To rotate, deploy `[1]`, then `[1, 2]`, then `[2]`.',
      ),
    accessLog,
  })
  .prefault({});

/** https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
export const BLOCKS_IN_AN_IP_SET = 10_000;

const officeBlocks = (family: 4 | 6) =>
  must(
    z.array(officeBlock(family)),
    (blocks) => blocks.length <= BLOCKS_IN_AN_IP_SET,
    `must list at most ${BLOCKS_IN_AN_IP_SET} blocks`,
    'An IP set of AWS WAF holds no more. Combine adjacent blocks into larger ones.',
  );

const rateLimit = z
  .strictObject({
    requests: integer(10, 2_000_000_000, 'AWS WAF supports no lower limit.')
      .default(600)
      .describe('Requests from one address in the window. All people in an office behind NAT share an address.'),
    windowSeconds: z.literal([60, 120, 300, 600]).default(60).describe('Length of the window in seconds.'),
  })
  .prefault({})
  .describe('Limit for each address, so that one caller cannot use up the rate of all. Above it AWS WAF answers 429.');

const edge = z.strictObject({
  allowlist: z
    .strictObject({
      ipv4: officeBlocks(4).default([]).describe('IPv4 blocks of the offices.'),
      ipv6: officeBlocks(6).default([]).describe('IPv6 blocks of the offices.'),
    })
    .describe(
      'Addresses that may call the API: the defaults of the Terraform variables `office_ipv4_cidrs` and `office_ipv6_cidrs`.',
    ),
  rateLimit,
  customDomain: choice(
    'enabled',
    [
      z.strictObject({ enabled: z.literal(false) }),
      z.strictObject({
        enabled: z.literal(true),
        domainName: domainName.describe('Name of the API, at most 64 characters.'),
        hostedZoneId: matching(
          /^Z[A-Z0-9]{4,31}$/,
          'must be the id of a hosted zone',
          'It gets the records of the name and of the certificate validation. Write it as in Z0123456789ABCDEFGHIJ.',
        ).describe('Hosted zone of the name in Route 53.'),
      }),
    ],
    [{ enabled: false }, { enabled: true, domainName: 'api.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' }],
  )
    .default({ enabled: false })
    .describe(
      'A custom domain with its own certificate and TLS 1.2 or newer. If disabled, the API has the name that CloudFront assigns.',
    ),
});

const client = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Whether an EC2 instance with the mysql client is deployed.'),
    instanceType: oneOf(
      ARM_INSTANCE_TYPES,
      'must be an instance type of EC2 with an Arm processor',
      'The client host runs an Arm image. Write it as in t4g.micro. If the type is new in EC2, add it to modules/settings/machine-types.ts.',
    )
      .default('t4g.micro')
      .describe('EC2 instance type.'),
  })
  .prefault({})
  .describe('The client host. People connect to it through Session Manager.');

const alarms = choice(
  'enabled',
  [
    z.strictObject({ enabled: z.literal(false) }),
    z.strictObject({
      enabled: z.literal(true),
      email: emailAddress
        .optional()
        .describe('Address that gets the alarms. If omitted, only later subscribers of the topics get them.'),
    }),
  ],
  [{ enabled: false }, { enabled: true }, { enabled: true, email: 'platform@example.com' }],
)
  .default({ enabled: false })
  .describe('Alarms and their SNS topics.');

/** All settings of an environment, with their defaults and every rule about a single setting. */
export const schema = z.strictObject({
  name: must(
    z.string(),
    (name) => /^[a-z]([a-z0-9]|-(?=[a-z0-9]))*$/.test(name),
    'must be lower-case letters, digits and single hyphens, starting with a letter',
    'It is part of the names of resources. Choose another.',
  ).describe('Name of the environment and its stack.'),
  region: region.describe(
    'AWS region of all resources except CloudFront, its WAF and its certificate. Fixed once deployed.',
  ),
  accountId: matching(
    /^\d{12}$/,
    'must be the id of an AWS account',
    'It has 12 digits. Write it in quotes, as in "111122223333".',
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
  publicApi: z
    .strictObject({
      enabled: z.boolean().default(false).describe('Whether `GET /` is deployed, with a function outside the VPC.'),
    })
    .prefault({}),
  authMatrix: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe('Whether `GET /auth-matrix` is deployed, which tries every way to log in.'),
    })
    .prefault({}),
  edge,
  client,
  alarms,
  logRetentionDays: z.literal(RETENTION_DAYS).default(30).describe('Days to keep logs.'),
});
