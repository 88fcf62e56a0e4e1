import { z } from 'zod';
import { ROUTE_USER_NAMES, userOf } from '../../../contract/routes';
import { publicBlock } from '../address-fields';
import { databaseName, eachOf, flag, group, integer, must, oneOf, userName } from '../fields';
import { DB_INSTANCE_CLASSES } from '../machine-types';
import { switchable } from '../union';
import { dailyMinutes, weeklyMinutes } from '../windows';

const connectionLimit = (count: number): z.ZodDefault<z.ZodNumber> =>
  integer(1, 10_000, 'The value becomes MAX_USER_CONNECTIONS of the user.')
    .default(count)
    .describe('Maximum number of simultaneous connections of the user.');

const user = (name: string, connections: number) =>
  group({
    name: userName.default(name).describe('Name of the user in MySQL.'),
    maxConnections: connectionLimit(connections),
  });

const routeUsers = eachOf(ROUTE_USER_NAMES, (name) => {
  const { name: fallback, maxConnections: connections, purpose } = userOf(name);
  return user(fallback, connections).describe(`User of ${purpose}.`);
});

const clientUser = z.strictObject({
  name: userName.describe('Name of the user in MySQL.'),
  maxConnections: connectionLimit(5),
});

const publicAccess = switchable(
  {
    cidrs: z
      .array(publicBlock)
      .describe(
        'Blocks that may reach port 3306 from outside the VPC. `publicApi` needs 0.0.0.0/0: its function runs outside the VPC and has no fixed address.',
      ),
    reason: must(z.string(), (reason) => reason.trim() !== '', 'must not be empty', 'Fill it in.').describe(
      'Why the risk is acceptable, for later readers of the settings.',
    ),
  },
  [{ enabled: true, cidrs: ['0.0.0.0/0'], reason: 'The public route runs outside the VPC.' }],
)
  .default({ enabled: false })
  .describe(
    'Whether the instance has a public address. With it, the master user, the users of `/items` and `/`, and the client users can log in from outside the VPC, with TLS.',
  );

const passwordRotation = switchable(
  {
    days: integer(1, 1000, 'Secrets Manager supports no other number of days.').describe(
      'Days between rotations. The previous password stays valid until the next rotation.',
    ),
  },
  [{ enabled: true, days: 30 }],
)
  .default({ enabled: false })
  .describe(
    'Whether the passwords of database users are rotated. The first rotation is immediate. Users that log in by IAM have no password.',
  );

/**
 * The first 8.4 version on RDS is 8.4.3. MySQL released 8.4.0 in April 2024, and releases a patch each quarter until April 2032. The
 * last one is therefore at most 8.4.32.
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
const DAY_MINUTES = 24 * 60;

const backupWindow = must(
  z.string(),
  (text) => dailyMinutes(text) >= LEAST_WINDOW_MINUTES,
  `must be a daily window in UTC of at least ${LEAST_WINDOW_MINUTES} minutes`,
  'RDS expects two times of day in 24-hour format. Write them as in 01:00-01:30.',
);

const maintenanceWindow = must(
  z.string(),
  (text) => weeklyMinutes(text) >= LEAST_WINDOW_MINUTES && weeklyMinutes(text) < DAY_MINUTES,
  `must be a weekly window in UTC of at least ${LEAST_WINDOW_MINUTES} minutes and less than 24 hours`,
  'RDS expects two times with lower-case days. Write them as in sun:02:00-sun:03:00.',
);

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections */
export const MOST_CONNECTIONS = 100_000;

export const database = group({
  engineVersion: must(
    z.string(),
    isEngineVersion,
    `must be 8.4, or a version from 8.4.${FIRST_PATCH} to 8.4.${LAST_PATCH}`,
    'The parameter group, the users and IAM logins need MySQL 8.4. Write 8.4 to let RDS choose its default version.',
  )
    .default('8.4')
    .describe('Version of MySQL. RDS cannot downgrade.'),
  instanceClass: oneOf(
    DB_INSTANCE_CLASSES,
    'must be an instance class that supports MySQL 8.4',
    'Use a supported class, for example db.t4g.small. If the class is new in RDS, add it to modules/settings/machine-types.ts.',
  )
    .default('db.t4g.micro')
    .describe('Class of the instance.'),
  maxConnections: integer(
    10,
    MOST_CONNECTIONS,
    'The functions need at least 10, and RDS for MySQL allows at most 100,000.',
  )
    .optional()
    .describe(
      '`max_connections` of the instance. If omitted, 64 for each GiB of memory of its class, at most 100,000.',
    ),
  allocatedStorageGib: integer(20, 65_536, 'RDS for MySQL supports 20 GiB to 64 TiB of gp3 storage.')
    .default(20)
    .describe(
      'Storage in GiB. RDS cannot shrink it. A larger value must be at least a tenth larger, and is possible once in six hours.',
    ),
  multiAz: flag(false, 'Whether a standby runs in another zone.'),
  backupRetentionDays: integer(0, 35, 'RDS keeps automated backups for 35 days at most; 0 switches them off.')
    .default(1)
    .describe('Days to keep automated backups.'),
  backupWindow: backupWindow
    .optional()
    .describe(
      'Daily backup window in UTC, as in `01:00-01:30`. If omitted, RDS chooses. Set both this and `maintenanceWindow`, or neither: RDS refuses windows that overlap, even if it chose one of them.',
    ),
  maintenanceWindow: maintenanceWindow
    .optional()
    .describe(
      'Weekly window in UTC in which RDS may interrupt the instance, as in `sun:02:00-sun:03:00`. If omitted, RDS chooses.',
    ),
  applyImmediately: flag(
    true,
    'Whether changes of the instance take effect during the deployment. If not, changes of its version, class, storage, standby and IAM logins wait for the maintenance window, and so does turning backups on or off.',
  ),
  deletionProtection: flag(
    false,
    'Whether AWS refuses to delete the instance. If it does, `terraform destroy` fails at the plan, before anything is deleted.',
  ),
  finalSnapshot: flag(
    false,
    'Whether deleting the instance leaves a snapshot. Deploy a change of this setting before `terraform destroy`, which uses the deployed value.',
  ),
  name: databaseName.default('app').describe('Name of the database.'),
  iamAuthentication: flag(true, 'Whether the instance accepts IAM logins. `GET /items` is deployed only if it does.'),
  publicAccess,
  passwordRotation,
  users: group({
    ...routeUsers,
    clients: z
      .array(clientUser)
      .default([])
      .describe('Users for people. They log in by IAM, from the client host or elsewhere, and may read the database.'),
  }),
});
