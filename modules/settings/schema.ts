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
    z.strictObject({ type: z.literal('local') }).describe('State in a file beside the project.'),
    z
      .strictObject({
        type: z.literal('s3'),
        bucket: bucketName.describe('Bucket of the state; it must exist, with versioning.'),
        region: anyRegion.describe('Region of the bucket.'),
      })
      .describe('Encrypted state in S3, locked by a file beside it.'),
    z
      .strictObject({
        type: z.literal('cloud'),
        // HashiCorp documents the characters, and no lengths; these stop what cannot be meant.
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
        ).describe('Workspace in Terraform Cloud, of this environment alone.'),
      })
      .describe('State, and runs, in Terraform Cloud.'),
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
  cidr: vpcBlock.describe('IPv4 block of the VPC, /16 to /28, private as a rule. Fixed once deployed.'),
  zones: z
    .array(
      must(
        z.string(),
        (zone) => /^[a-z]+\d-az\d+$/.test(zone),
        'must be the id of an availability zone',
        'Ids, unlike names, mean the same zone in every account. Write it as in euc1-az1.',
      ),
    )
    .describe(
      'Ids of the availability zones, at least two; use1-az3 has no RDS Proxy. Once deployed, zones can only be added, at the end.',
    ),
  subnets: z
    .strictObject({
      public: subnetBlocks.describe('One block for each zone: the client host.'),
      private: subnetBlocks.describe('One block for each zone: functions, proxies, endpoint.'),
      database: subnetBlocks.describe('One block for each zone: the instance.'),
    })
    .optional()
    .describe('Blocks of the subnets, one for each zone. Left out: cut from the VPC’s block. Fixed once deployed.'),
});

const maxConnections = (count: number): z.ZodDefault<z.ZodNumber> =>
  integer(1, 10_000, 'It becomes MAX_USER_CONNECTIONS of the user.')
    .default(count)
    .describe('Connections that the user may hold at a time.');

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
        .describe('Who may reach port 3306 from outside. Lambda outside a VPC has no fixed addresses: 0.0.0.0/0.'),
      reason: text.describe('Why the risk is taken, for whoever reads the settings next.'),
    }),
  ],
  [{ enabled: false }, { enabled: true, cidrs: ['0.0.0.0/0'], reason: 'GET / is called from outside the VPC.' }],
)
  .default({ enabled: false })
  .describe(
    'Whether the instance has a public address. Over it IAM users log in, and the master user, all of them over TLS only.',
  );

const passwordRotation = choice(
  'enabled',
  [
    z.strictObject({ enabled: z.literal(false) }),
    z.strictObject({
      enabled: z.literal(true),
      days: integer(1, 1000, 'Secrets Manager knows no shorter and no longer interval.').describe(
        'Days from one rotation to the next. A password is valid for twice as long.',
      ),
    }),
  ],
  [{ enabled: false }, { enabled: true, days: 30 }],
)
  .default({ enabled: false })
  .describe('Whether the passwords of database users are rotated, the first time at once. IAM users have none.');

/**
 * RDS began with 8.4.3. MySQL 8.4 gets a release each quarter, until its support ends in April 2032 with 8.4.32 at the latest.
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
  `must be a time of every day, UTC, of at least ${LEAST_WINDOW_MINUTES} minutes`,
  'RDS takes two times of the day in 24 hours. Write them as in 01:00-01:30.',
);

const maintenanceWindow = must(
  z.string(),
  (text) => weeklyMinutes(text) >= LEAST_WINDOW_MINUTES && weeklyMinutes(text) < MOST_WINDOW_MINUTES,
  `must be a time of every week, UTC, of at least ${LEAST_WINDOW_MINUTES} minutes and less than 24 hours`,
  'RDS takes two times with their days, in lower case. Write them as in sun:02:00-sun:03:00.',
);

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections */
export const MOST_CONNECTIONS = 100_000;

const database = z
  .strictObject({
    engineVersion: must(
      z.string(),
      isEngineVersion,
      `must be 8.4, or a version of it from 8.4.${FIRST_PATCH} on`,
      'The parameter group, the users and IAM logins are made for MySQL 8.4. Write 8.4 to let RDS choose the newest.',
    )
      .default('8.4')
      .describe('Version of MySQL. RDS does not go back to an older one.'),
    instanceClass: oneOf(
      DB_INSTANCE_CLASSES,
      'must be a class on which RDS runs MySQL 8.4',
      'Write it as in db.t4g.small. If RDS has got it since, add it to modules/settings/machine-types.ts.',
    )
      .default('db.t4g.micro')
      .describe('Class of the instance.'),
    maxConnections: integer(10, MOST_CONNECTIONS, 'RDS for MySQL takes no more, and fewer leave none to the functions.')
      .optional()
      .describe('`max_connections` of the instance. Left out: 64 for each GiB of memory of its class.'),
    allocatedStorageGib: integer(20, 65_536, 'gp3 storage of RDS for MySQL holds 20 GiB to 64 TiB.')
      .default(20)
      .describe('Storage, GiB. RDS can add some, and take none away.'),
    multiAz: z.boolean().default(false).describe('Whether a standby runs in another zone.'),
    backupRetentionDays: integer(0, 35, 'RDS keeps automated backups for 35 days at most; 0 switches them off.')
      .default(1)
      .describe('Days that automated backups are kept.'),
    backupWindow: backupWindow
      .optional()
      .describe('When RDS backs up, every day, UTC, as in `01:00-01:30`. Left out: RDS chooses.'),
    maintenanceWindow: maintenanceWindow
      .optional()
      .describe(
        'When RDS may interrupt the instance, every week, UTC, as in `sun:02:00-sun:03:00`. Left out: RDS chooses.',
      ),
    applyImmediately: z
      .boolean()
      .default(true)
      .describe(
        'Whether a change that interrupts the instance, as of its class, takes place during the deployment. Otherwise it waits for the maintenance window.',
      ),
    deletionProtection: z.boolean().default(false).describe('Whether deleting the instance is refused.'),
    finalSnapshot: z.boolean().default(false).describe('Whether deleting the instance leaves a snapshot.'),
    name: databaseName.default('app').describe('Name of the database.'),
    iamAuthentication: z
      .boolean()
      .default(true)
      .describe('Whether the instance takes IAM logins. `GET /items` is deployed only where it does.'),
    publicAccess,
    passwordRotation,
    users: z
      .strictObject({
        ...routeUsers,
        clients: z
          .array(clientUser)
          .default([])
          .describe('Users for people and hosts, by IAM, who may read the database.'),
      })
      .prefault({}),
  })
  .prefault({});

const share = integer(1, 100, 'It is the part of the instance’s connections that the proxy may hold.')
  .default(20)
  .describe('Part of the instance’s connections that the proxy may hold, percent.');

const proxies = z
  .strictObject({
    password: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Whether the proxy, and `GET /func1`, are deployed.'),
        requireTls: z
          .boolean()
          .default(false)
          .describe('Whether the proxy refuses every client without TLS; `caching_sha2_password` it always does.'),
        maxConnectionsPercent: share,
      })
      .prefault({}),
    iam: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Whether the proxy, and `GET /func2`, are deployed.'),
        requireTls: z.boolean().default(true).describe('Must be true: RDS Proxy refuses IAM logins without TLS.'),
        upstream: z
          .enum(['secret', 'iam'])
          .optional()
          .describe(
            'How the proxy logs in to the instance: with the password in a secret, or by IAM as its own role, without a secret. Left out: with the secret, and AWS provider 5.100; both values need provider 6.15. Once deployed with `iam`, write `secret` to go back: the proxy keeps its scheme where the setting is left out.',
          ),
        maxConnectionsPercent: share,
      })
      .prefault({}),
    borrowTimeoutSeconds: integer(
      1,
      4,
      'The functions give a statement up after 5 s, the wait for a connection included.',
    )
      .default(3)
      .describe('How long a client waits for a connection of a proxy’s pool, seconds.'),
  })
  .prefault({});

const sizing = z
  .strictObject({
    memoryMib: integer(128, 10_240, 'Lambda takes no other; CPU grows with it.').default(512).describe('Memory, MiB.'),
    reservedConcurrency: integer(1, 10_000, 'It is both the least and the most that runs at a time.')
      .optional()
      .describe('Executions set aside. Left out: the function shares what the account has left.'),
  })
  .prefault({});

const functions = z
  .strictObject({
    timeoutSeconds: integer(
      9,
      29,
      'In less, a function that waits 3 s for the database and 5 s for a statement could not answer; API Gateway gives up after 29 s.',
    )
      .default(10)
      .describe('How long a call may take, seconds; `/auth-matrix` has 15.'),
    accountConcurrency: integer(
      10,
      1_000_000,
      'No account has less. Read it under Service Quotas, Lambda, Concurrent executions.',
    )
      .default(10)
      .describe('Executions that Lambda lets run at a time in this account and region. New accounts have 10.'),
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
          'Whether this stack sets the one role by which API Gateway logs in this account and region. Another stack must, where it does not.',
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
          .describe('Requests a second.'),
        burst: integer(1, 5_000, 'API Gateway’s own limit is 5 000.')
          .default(10)
          .describe('Requests at a time; at most `functions.accountConcurrency`.'),
      })
      .prefault({}),
    quota: z
      .strictObject({
        limit: integer(1, 2_000_000_000, 'It is the number of requests in a period.')
          .default(100_000)
          .describe('Requests in a period.'),
        period: z.enum(['DAY', 'WEEK', 'MONTH']).default('DAY').describe('The period.'),
      })
      .prefault({}),
    keyGenerations: z
      .array(integer(1, 1_000_000, 'Generations are counted 1, 2, 3 …'))
      .default([1])
      .describe(
        'Generations of the API key that are valid; CloudFront sends the last. `[1]`, `[1, 2]`, `[2]` rotates.',
      ),
    accessLog,
  })
  .prefault({});

/** https://docs.aws.amazon.com/waf/latest/developerguide/limits.html */
const BLOCKS_IN_AN_IP_SET = 10_000;

const officeBlocks = (family: 4 | 6) =>
  must(
    z.array(officeBlock(family)),
    (blocks) => blocks.length <= BLOCKS_IN_AN_IP_SET,
    `must list at most ${BLOCKS_IN_AN_IP_SET} blocks`,
    'An IP set of AWS WAF holds no more. Replace neighbouring blocks by a larger one.',
  );

const rateLimit = z
  .strictObject({
    requests: integer(10, 2_000_000_000, 'AWS WAF takes no lower limit.')
      .default(600)
      .describe('Requests from one address within the window. Offices behind NAT share an address.'),
    windowSeconds: z.literal([60, 120, 300, 600]).default(60).describe('Seconds that AWS WAF looks back.'),
  })
  .prefault({})
  .describe('Limit for each address, so that no caller starves the others; beyond it AWS WAF answers 429.');

const edge = z.strictObject({
  allowlist: z
    .strictObject({
      ipv4: officeBlocks(4).default([]).describe('IPv4 blocks of the offices.'),
      ipv6: officeBlocks(6).default([]).describe('IPv6 blocks of the offices.'),
    })
    .describe('Who may call. Defaults of the Terraform variables `office_ipv4_cidrs` and `office_ipv6_cidrs`.'),
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
          'The certificate is proven, and the name is made, in it. Write it as in Z0123456789ABCDEFGHIJ.',
        ).describe('Hosted zone in Route 53 that holds the name.'),
      }),
    ],
    [{ enabled: false }, { enabled: true, domainName: 'api.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' }],
  )
    .default({ enabled: false })
    .describe('Own name with an own certificate, TLS 1.2 or newer. Off: the name that CloudFront gives.'),
});

const client = z
  .strictObject({
    enabled: z.boolean().default(false).describe('Whether an EC2 instance with the mysql client is deployed.'),
    instanceType: oneOf(
      ARM_INSTANCE_TYPES,
      'must be an instance type of EC2 with an Arm processor',
      'The client host runs an Arm image. Write it as in t4g.micro. If EC2 has got it since, add it to modules/settings/machine-types.ts.',
    )
      .default('t4g.micro')
      .describe('Type of the instance.'),
  })
  .prefault({})
  .describe('The client host, reached by Session Manager.');

const alarms = choice(
  'enabled',
  [
    z.strictObject({ enabled: z.literal(false) }),
    z.strictObject({
      enabled: z.literal(true),
      email: emailAddress.optional().describe('Who is told. Left out: whoever subscribes to the topics.'),
    }),
  ],
  [{ enabled: false }, { enabled: true }, { enabled: true, email: 'platform@example.com' }],
)
  .default({ enabled: false })
  .describe('Alarms and their SNS topics.');

/** Everything one environment can set, with defaults; every rule about a single setting. */
export const schema = z.strictObject({
  name: must(
    z.string(),
    (name) => /^[a-z]([a-z0-9]|-(?=[a-z0-9]))*$/.test(name),
    'must be lower-case letters, digits and single hyphens, starting with a letter',
    'The names of the resources are made from it. Choose another.',
  ).describe('Name of the environment and its stack.'),
  region: region.describe('AWS region of everything but CloudFront, its WAF and its certificate. Fixed once deployed.'),
  accountId: matching(
    /^\d{12}$/,
    'must be the id of an AWS account',
    'It has 12 digits. Write it in quotes, as in "111122223333".',
  )
    .optional()
    .describe(
      'Account of the environment: Terraform refuses to deploy to any other. Left out: that of the credentials.',
    ),
  tags: tags.default({}).describe('Tags of every resource, beside Environment; at most 48.'),
  backend,
  network,
  database,
  proxies,
  functions,
  api,
  publicApi: z
    .strictObject({ enabled: z.boolean().default(false).describe('Whether `GET /`, outside the VPC, is deployed.') })
    .prefault({}),
  authMatrix: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe('Whether `GET /auth-matrix`, which tries every way to log in, is deployed.'),
    })
    .prefault({}),
  edge,
  client,
  alarms,
  logRetentionDays: z.literal(RETENTION_DAYS).default(30).describe('Days that logs are kept.'),
});
